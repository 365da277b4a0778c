package org.u2f4j.examples;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Asks on standard error, and takes an answer from a line of standard input, whether a person types it
 * or a script has written it.
 */
final class Dialogue {
  private static final int MAX_LINE = 4096;
  private static final int TRIES = 5;

  private final Terminal terminal;

  Dialogue(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Whether a person answers, who may be asked again. */
  boolean personal() {
    return terminal.inIsTerminal();
  }

  void say(String text) {
    terminal.say(text);
  }

  void say(Failure failure) {
    terminal.say(String.valueOf(failure.getMessage()));
    failure.details.forEach(terminal::say);
  }

  /** An answer, without the spaces around it. */
  String ask(String question) throws Failure {
    String answer = answer(question);
    if (answer == null) {
      throw ended(question);
    }
    return answer;
  }

  /** The same; null at the end of standard input. */
  @Nullable
  String answer(String question) throws Failure {
    char[] line = line(question);
    return line == null ? null : new String(line).strip();
  }

  /**
   * One of some words, in lower case; null at the end of standard input, or after some answers that
   * are none of them. Enter alone is none: it may be one too many, for what was before.
   */
  @Nullable
  String choice(String question, List<String> words) throws Failure {
    for (int i = 0; i < TRIES; i++) {
      String answer = answer(question);
      if (answer == null || words.contains(answer.toLowerCase(Locale.ROOT))) {
        return answer == null ? null : answer.toLowerCase(Locale.ROOT);
      }
      if (!answer.isEmpty()) {
        say("That is none of these."); // it may be a code or a password, typed too early
      }
    }
    return null;
  }

  /** Whether the answer is yes; no is the usual one. */
  boolean yes(String question) throws Failure {
    return ask(question + " [y/N] ").toLowerCase(Locale.ROOT).matches("y|yes");
  }

  /**
   * A password, which does not appear on the terminal; the caller wipes it.
   *
   * @param file has it in its first line; null to ask
   */
  @SuppressWarnings("SystemConsoleNull") // it is null on Java 17 to 21, if it writes elsewhere
  char[] password(String question, @Nullable Path file) throws Failure {
    if (file != null) {
      return fromFile(file);
    }
    if (!personal()) {
      char[] line = line(question);
      if (line == null) {
        throw ended(question);
      }
      return line;
    }
    Console console = System.console();
    if (console == null || !terminal.outIsTerminal()) {
      throw new Failure(
          Exit.USAGE,
          "a password typed here would be seen: do not redirect standard output, or give"
              + " --password-file FILE");
    }
    // it asks, too, since nothing typed from then on is to be seen; its output is the terminal
    char[] typed = console.readPassword("%s", Terminal.printable(question));
    if (typed == null) {
      throw ended(question);
    }
    return typed;
  }

  private static char[] fromFile(Path file) throws Failure {
    try (InputStream in = Files.newInputStream(file)) {
      char[] line = line(in);
      if (line == null) {
        throw new Failure(Exit.BROKEN, file + " is empty; its first line is the password");
      }
      return line;
    } catch (IOException e) {
      throw new Failure(Exit.BROKEN, file + " cannot be read: " + Terminal.reason(e), e);
    }
  }

  private void show(String question) {
    terminal.err().print(Terminal.printable(question));
    terminal.err().flush();
  }

  private char @Nullable [] line(String question) throws Failure {
    show(question);
    try {
      return line(terminal.in());
    } catch (IOException e) {
      throw new Failure(Exit.BROKEN, "standard input cannot be read: " + Terminal.reason(e), e);
    } finally {
      if (!personal()) {
        terminal.err().println(); // nobody has pressed Enter
      }
    }
  }

  /** A line, byte by byte so that nothing of the next one is taken; null at the end. */
  private static char @Nullable [] line(InputStream in) throws IOException {
    Line line = new Line();
    int read = in.read();
    if (read == -1) {
      return null;
    }
    while (read != -1 && read != '\n') {
      if (line.size() == MAX_LINE) {
        throw new IOException("a line is longer than " + MAX_LINE + " bytes");
      }
      line.write(read);
      read = in.read();
    }
    return line.take();
  }

  /** The bytes of a line, wiped when they are taken: they may be a password. */
  private static final class Line extends ByteArrayOutputStream {
    Line() {
      super(MAX_LINE); // never copied into a longer one
    }

    char[] take() {
      CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(buf, 0, count));
      int length = text.length();
      char[] line = new char[length > 0 && text.get(length - 1) == '\r' ? length - 1 : length];
      text.get(line);
      Arrays.fill(text.array(), '\0');
      Arrays.fill(buf, (byte) 0);
      return line;
    }
  }

  private static Failure ended(String question) {
    return new Failure(
        Exit.BROKEN,
        "standard input ended where an answer was expected to \"" + question.strip() + "\"");
  }
}
