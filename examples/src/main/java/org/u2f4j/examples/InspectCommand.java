package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.u2f4j.FormatException;
import org.u2f4j.examples.Field.Section;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f inspect}: says what some bytes are, and shows them field by field. */
final class InspectCommand implements Command {
  private static final String EXPECTED = "hex, base64, JSON or DER";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        "inspect",
        "Shows any message of U2F field by field",
        "Says what a message of U2F is, and shows it field by field. It may be hex, with or"
            + " without spaces, colons and 0x, base64 of either alphabet, PEM, JSON, or a binary"
            + " file.",
        "%nExamples:",
        "  u2f inspect 00030000000000",
        "  u2f inspect \"6a 80\"",
        "  u2f inspect --file certificate.der",
        "  u2f register ... | u2f inspect");
    spec.addPositional(PositionalParamSpec.builder()
        .index("0")
        .arity("0..1")
        .type(String.class)
        .paramLabel("INPUT")
        .description("The message; without it, what is in FILE or comes on standard input.")
        .build());
    spec.addOption(
        Command.option(Path.class, "FILE", "Read the message from FILE, text or binary.", "--file")
            .build());
    spec.addOption(Command.option(
            String.class,
            "TYPE",
            "Take the message for a TYPE, whatever it looks like: " + types() + ".",
            "--as")
        .build());
    spec.addOption(Command.flag("Print one JSON object.", "--json").build());
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  private static String types() {
    return Arrays.stream(Kind.values()).map(Kind::id).collect(Collectors.joining(", "));
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure {
    @Nullable String argument = options.matchedPositionalValue(0, null);
    @Nullable Path file = options.matchedOptionValue("--file", null);
    @Nullable String as = options.matchedOptionValue("--as", null);
    if (argument != null && file != null) {
      throw new Failure(Exit.USAGE, "give either INPUT or --file FILE, not both");
    }
    List<Kind> kinds = as == null ? List.of(Kind.values()) : List.of(kind(as));
    byte[] input;
    if (argument == null || argument.equals("-")) {
      input = terminal.read(file, EXPECTED);
    } else if (argument.isBlank()) {
      throw new Failure(Exit.BROKEN, "INPUT is empty; expected is " + EXPECTED);
    } else {
      input = argument.getBytes(StandardCharsets.UTF_8);
    }
    List<Reading> readings = Reading.all(input);
    for (Reading reading : readings) {
      for (Kind kind : kinds) {
        if (as == null && refusal(kind, reading) != null) {
          continue;
        }
        try {
          show(kind, reading, kind.read(reading.bytes()), options, terminal);
          return Exit.DONE;
        } catch (FormatException e) {
          // the next one; the reason is asked for again if none fits
        }
      }
    }
    throw new Failure(Exit.BROKEN, reasons(readings, kinds, as != null));
  }

  /** Why the input is not plainly of this kind; null if it is. */
  private static @Nullable String refusal(Kind kind, Reading reading) {
    boolean json = reading.bytes().length() > 0 && reading.bytes().at(0) == '{';
    if (json != kind.isJson()) {
      return json ? "it begins with {, as JSON does" : "it does not begin with {, as JSON does";
    }
    try {
      kind.recognise(reading.bytes());
      return null;
    } catch (FormatException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static @Nullable String forcedRefusal(Kind kind, Reading reading) {
    try {
      kind.read(reading.bytes());
      return null;
    } catch (FormatException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Kind kind(String id) throws Failure {
    for (Kind kind : Kind.values()) {
      if (kind.id().equals(id)) {
        return kind;
      }
    }
    throw new Failure(Exit.USAGE, "there is no type \"" + id + "\"; there are " + types());
  }

  private static String reasons(List<Reading> readings, List<Kind> kinds, boolean forced) {
    List<String> lines = new ArrayList<>();
    lines.add(
        forced ? "the input does not fit --as" : "this is no message of U2F that can be read");
    for (Reading reading : readings) {
      lines.add("Read as %s it has %d bytes and is"
          .formatted(reading.form(), reading.bytes().length()));
      for (Kind kind : kinds) {
        String reason = forced ? forcedRefusal(kind, reading) : refusal(kind, reading);
        lines.add("  not " + kind.description + ": " + reason);
      }
    }
    return String.join("\n", lines);
  }

  private static void show(
      Kind kind, Reading reading, List<Section> sections, ParseResult options, Terminal terminal) {
    if (Command.has(options, "--json")) {
      terminal.out().println(json(kind, reading, sections));
      return;
    }
    terminal
        .out()
        .println("Taken for %s: %d bytes, given as %s."
            .formatted(kind.description, reading.bytes().length(), reading.form()));
    terminal.out().println();
    Listing listing = new Listing(terminal);
    sections.forEach(listing::print);
  }

  private static String json(Kind kind, Reading reading, List<Section> sections) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("type", kind.id());
      json.writeStringField("form", reading.form());
      json.writeNumberField("length", reading.bytes().length());
      json.writeArrayFieldStart("sections");
      for (Section section : sections) {
        Listing.write(section, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string takes whatever is written", e);
    }
    return text.toString();
  }
}
