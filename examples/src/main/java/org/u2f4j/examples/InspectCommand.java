package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
        "  echo 5532465f56329000 >message",
        "  u2f inspect --file message",
        "  u2f inspect --json <message");
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
    try {
      inspect(options, terminal);
      return Exit.DONE;
    } catch (Failure e) {
      if (Command.has(options, "--json")) {
        terminal.json(json(json -> json.writeStringField("error", e.getMessage())));
      }
      throw e;
    }
  }

  private static void inspect(ParseResult options, Terminal terminal) throws Failure {
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
        try {
          show(kind, reading, read(kind, reading.bytes(), as != null), options, terminal);
          return;
        } catch (FormatException e) {
          // of another kind, or of none: then the reasons are collected below
        }
      }
    }
    if (argument != null && isFile(argument)) {
      throw new Failure(
          Exit.USAGE, "%s is a file: u2f inspect --file %s".formatted(argument, argument));
    }
    int odd = Reading.oddDigits(input);
    if (odd > 0) {
      throw new Failure(
          Exit.BROKEN, "hex has two digits for each byte, and this has %s in all".formatted(odd));
    }
    if (readings.isEmpty()) {
      throw new Failure(
          Exit.BROKEN,
          "this is neither hex, base64, PEM nor JSON; a file is named with --file FILE");
    }
    boolean debug = Command.has(options, "--debug");
    throw new Failure(
        Exit.BROKEN,
        as == null
            ? "this is no message of U2F that can be read"
            : "the message does not fit --as " + as,
        reasons(debug ? readings : readings.subList(0, 1), kinds, debug || as != null));
  }

  private static boolean isFile(String argument) {
    try {
      return Files.isRegularFile(Path.of(argument));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Why it is none of the kinds that it looks like, or that there are. */
  private static List<String> reasons(List<Reading> readings, List<Kind> kinds, boolean all) {
    List<String> reasons = new ArrayList<>();
    for (Reading reading : readings) {
      Bytes bytes = reading.bytes();
      String taken =
          "Read as %s it has %s and ".formatted(reading.form(), Listing.bytes(bytes.length()));
      List<Kind> near = kinds.stream().filter(kind -> all || kind.near(bytes)).toList();
      if (Kind.isObject(bytes)) {
        try {
          Layout.json("", bytes);
        } catch (FormatException e) {
          reasons.add(taken + "begins like JSON. It is");
          reasons.add("  " + e.getMessage()); // all kinds would say the same
          continue;
        }
      }
      if (near.isEmpty()) {
        reasons.add(taken + "looks like none of them.");
      } else {
        reasons.add(taken + "is");
      }
      for (Kind kind : near) {
        try {
          read(kind, bytes, all && kinds.size() == 1);
        } catch (FormatException e) {
          reasons.add("  not " + kind.description + ": " + e.getMessage());
        }
      }
    }
    if (!all) {
      reasons.add("--debug tells why it is nothing else.");
    }
    return reasons;
  }

  /** The message as a kind: one that it plainly is, unless the person has named the kind. */
  private static List<Section> read(Kind kind, Bytes bytes, boolean named) throws FormatException {
    if (!named) {
      boolean json = Kind.isObject(bytes);
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
    int length = reading.bytes().length();
    if (Command.has(options, "--json")) {
      terminal.json(json(json -> {
        json.writeStringField("type", kind.id());
        json.writeStringField("form", reading.form());
        json.writeNumberField("length", length);
        json.writeArrayFieldStart("sections");
        for (Section section : sections) {
          Listing.write(section, json);
        }
        json.writeEndArray();
      }));
      return;
    }
    terminal
        .out()
        .println("Taken for %s: %s, given as %s."
            .formatted(kind.description, Listing.bytes(length), reading.form()));
    terminal.out().println();
    Listing listing = new Listing(terminal);
    sections.forEach(listing::print);
  }

  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  private static String json(Members members) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string takes whatever is written", e);
    }
    return text.toString();
  }
}
