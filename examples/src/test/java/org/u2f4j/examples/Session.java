package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.u2f4j.hid.HidKeys;

/** A command line, and what a person saw of it. */
record Session(int exit, String out, String err) {
  /** Runs in this process, on no terminal. */
  static Session of(String in, String... args) {
    return on("", in, args);
  }

  /** Runs in this process; the terminals as {@link Terminal} has them. */
  static Session on(String terminals, String in, String... args) {
    return on(terminals, in.getBytes(StandardCharsets.UTF_8), args);
  }

  static Session on(String terminals, byte[] in, String... args) {
    return on(new PluggedKeys(), terminals, in, args);
  }

  /** With keys plugged in; otherwise there are none, whatever is plugged into this machine. */
  static Session with(HidKeys finder, String in, String... args) {
    return on(finder, "", in.getBytes(StandardCharsets.UTF_8), args);
  }

  /** On terminals, with keys plugged in. */
  static Session on(HidKeys finder, String terminals, String in, String... args) {
    return on(finder, terminals, in.getBytes(StandardCharsets.UTF_8), args);
  }

  private static Session on(HidKeys finder, String terminals, byte[] in, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = new Terminal(
        new ByteArrayInputStream(in),
        new PrintStream(out, false, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        terminals,
        true);
    int exit = U2f.run(args, terminal, finder).code;
    terminal.out().flush();
    return new Session(exit, text(out), text(err));
  }

  /** With the line ends of Unix, on Windows too. */
  private static String text(ByteArrayOutputStream written) {
    return written.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  /** Standard output as one JSON object, read without the library under test. */
  Map<String, Object> json() {
    try (JsonParser parser = new JsonFactory().createParser(out)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new AssertionError("no JSON object: " + out);
      }
      Map<String, Object> object = object(parser);
      if (parser.nextToken() != null) {
        throw new AssertionError("more than one JSON object: " + out);
      }
      return object;
    } catch (IOException e) {
      throw new UncheckedIOException(out, e);
    }
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      object.put(name, value(parser));
    }
    return object;
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_NUMBER_INT -> parser.getIntValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> parser.getText();
    };
  }
}
