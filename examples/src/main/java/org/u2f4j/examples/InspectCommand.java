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
import org.u2f4j.Bytes;
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
    List<String> reasons = new ArrayList<>();
    for (Reading reading : Reading.all(input)) {
      reasons.add("Read as %s it has %s bytes and is"
          .formatted(reading.form(), reading.bytes().length()));
      for (Kind kind : kinds) {
        try {
          show(kind, reading, read(kind, reading.bytes(), as != null), options, terminal);
          return Exit.DONE;
        } catch (FormatException e) {
          reasons.add("  not " + kind.description + ": " + e.getMessage());
        }
      }
    }
    reasons.add(
        0,
        as == null
            ? "this is no message of U2F that can be read"
            : "the message does not fit --as " + as);
    throw new Failure(Exit.BROKEN, String.join("\n", reasons));
  }

  /** The message as a kind: one that it plainly is, unless the person has named the kind. */
  private static List<Section> read(Kind kind, Bytes bytes, boolean named) throws FormatException {
    if (!named) {
      boolean json = bytes.length() > 0 && bytes.at(0) == '{';
      if (json != kind.isJson()) {
        throw new FormatException("JSON begins with {, and this does" + (json ? "" : " not"));
      }
      kind.recognise(bytes);
    }
    return kind.read(bytes);
  }

  private static Kind kind(String id) throws Failure {
    for (Kind kind : Kind.values()) {
      if (kind.id().equals(id)) {
        return kind;
      }
    }
    throw new Failure(Exit.USAGE, "there is no type \"" + id + "\"; there are " + types());
  }

  private static void show(
      Kind kind, Reading reading, List<Section> sections, ParseResult options, Terminal terminal) {
    if (Command.has(options, "--json")) {
      terminal.out().println(json(kind, reading, sections));
      return;
    }
    terminal
        .out()
        .println("Taken for %s: %s bytes, given as %s."
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
