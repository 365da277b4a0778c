package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.Field.Section;

/** Shows sections: as lines for people, or as JSON. */
final class Listing {
  private static final int VALUE_WIDTH = 64;

  private final Terminal terminal;

  Listing(Terminal terminal) {
    this.terminal = terminal;
  }

  /** A number of bytes, in words. */
  static String bytes(int number) {
    return number == 1 ? "1 byte" : number + " bytes";
  }

  /**
   * A heading, a line for the columns, then a line for each field and, of the message's own bytes,
   * for each 64 characters. Facts stay in one piece, to be copied.
   */
  void print(Section section) {
    PrintStream out = terminal.out();
    out.println(terminal.heading(section.title()));
    int nameWidth = section.fields().stream()
        .mapToInt(field -> field.name().length())
        .reduce("name".length(), Math::max);
    String layout = "%6s %6s  %-" + nameWidth + "s  %s";
    out.println(layout.formatted("offset", "length", "name", "value"));
    for (Field field : section.fields()) {
      boolean placed = field.offset() != Field.NOWHERE;
      String offset = placed ? Integer.toString(field.offset()) : "";
      String length = placed ? Integer.toString(field.length()) : "";
      String name = Terminal.printable(field.name());
      String value = Terminal.printable(shown(field));
      int at = 0;
      do {
        int end = placed ? Math.min(at + VALUE_WIDTH, value.length()) : value.length();
        String line = layout.formatted(offset, length, name, value.substring(at, end));
        out.println(line.stripTrailing());
        offset = "";
        length = "";
        name = "";
        at = end;
      } while (at < value.length());
    }
    out.println();
  }

  /** Both value and meaning if there is room for both. */
  private static String shown(Field field) {
    @Nullable String meaning = field.meaning();
    return meaning == null
        ? field.value()
        : field.length() <= 4 ? field.value() + "  " + meaning : meaning;
  }

  static void write(Section section, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("title", section.title());
    json.writeArrayFieldStart("fields");
    for (Field field : section.fields()) {
      json.writeStartObject();
      if (field.offset() != Field.NOWHERE) {
        json.writeNumberField("offset", field.offset());
        json.writeNumberField("length", field.length());
      }
      json.writeStringField("name", field.name());
      json.writeStringField("value", field.value());
      if (field.meaning() != null) {
        json.writeStringField("meaning", field.meaning());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
