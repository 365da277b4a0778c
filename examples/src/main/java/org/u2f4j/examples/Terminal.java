package org.u2f4j.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one run.
 *
 * @param terminals which of them are a person's terminal: "0" for in, "1" for out, "2" for err. The
 *     JDK cannot say that of each alone, so the launcher does.
 * @param colours whether a terminal may be sent colours
 */
record Terminal(
    InputStream in, PrintStream out, PrintStream err, String terminals, boolean colours) {
  private static final int MAX_INPUT = 1 << 20;

  private static final String BOLD = "1";
  private static final String RED = "31";
  private static final String GREEN = "32";

  boolean inIsTerminal() {
    return terminals.contains("0");
  }

  boolean outIsTerminal() {
    return terminals.contains("1");
  }

  boolean errIsTerminal() {
    return terminals.contains("2");
  }

  boolean coloursOnOut() {
    return colours && outIsTerminal();
  }

  String heading(String text) {
    return styled(BOLD, text);
  }

  String good(String text) {
    return styled(GREEN, text);
  }

  String bad(String text) {
    return styled(RED, text);
  }

  private String styled(String style, String text) {
    return coloursOnOut() ? "\u001b[" + style + "m" + text + "\u001b[0m" : text;
  }

  /** Tells the person something, whoever wrote the text: no control character gets through. */
  void say(String text) {
    err.println(printable(text));
    err.flush();
  }

  /** Tells where a failure came from; its message may hold anything. */
  void say(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    trace.toString().lines().forEach(line -> err.println(printable(line).replace("\\u0009", "\t")));
  }

  /** Prints a JSON object: what printable() writes for a character is JSON's escape for it, too. */
  void json(String object) {
    out.println(printable(object));
  }

  /** The text with control characters written out, since they can redraw a terminal. */
  static String printable(String text) {
    if (text.chars().noneMatch(Terminal::moves)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.chars().forEach(c -> {
      if (moves(c)) {
        shown.append("\\u%04x".formatted(c));
      } else {
        shown.append((char) c);
      }
    });
    return shown.toString();
  }

  /** Control characters, those that turn the direction of writing, and Unicode's ends of lines. */
  private static boolean moves(int c) {
    return Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT
        || c == '\u2028'
        || c == '\u2029';
  }

  /**
   * Reads all of a file, or of standard input.
   *
   * @param file the file; null or "-" for standard input
   * @param what what should be in it, for people
   */
  byte[] read(@Nullable Path file, String what) throws Failure {
    Path named = file == null || file.toString().equals("-") ? null : file;
    String where = named == null ? "standard input" : named.toString();
    if (named == null && inIsTerminal()) {
      say("Paste " + what + " here and end with Ctrl-D on a line of its own.");
    }
    byte[] bytes;
    try {
      bytes = named == null ? beginning(in) : beginning(named);
    } catch (IOException e) {
      throw new Failure(Exit.BROKEN, where + " cannot be read: " + reason(e), e);
    }
    if (bytes.length > MAX_INPUT) {
      throw new Failure(
          Exit.BROKEN,
          "%s is longer than %s bytes; expected is %s".formatted(where, MAX_INPUT, what));
    }
    if (new String(bytes, StandardCharsets.ISO_8859_1).isBlank()) {
      throw new Failure(Exit.BROKEN, where + " is empty; expected is " + what);
    }
    return bytes;
  }

  private static byte[] beginning(Path file) throws IOException {
    try (InputStream opened = Files.newInputStream(file)) {
      return beginning(opened);
    }
  }

  /** All of it, unless it is too long. */
  private static byte[] beginning(InputStream in) throws IOException {
    return in.readNBytes(MAX_INPUT + 1);
  }

  /** What went wrong with a file, in words: the JDK's message is often only the name of the file. */
  static String reason(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return "there is no " + missing.getFile();
    }
    if (e instanceof AccessDeniedException denied) {
      return "access to " + denied.getFile() + " is denied";
    }
    return String.valueOf(e.getMessage());
  }
}
