package org.u2f4j.apdu;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/**
 * Repeats a recording of {@link RecordTransport}: takes the same commands in the same order, and
 * must have been used up when it is closed.
 *
 * <p>The same commands come only from the same challenge: a test of a relying party keeps the JSON of
 * the pending value beside the recording, and gives it the clock of that time.
 */
public final class ReplayTransport implements Transport {
  private record Exchange(int line, Bytes command, String answer) {}

  private final Deque<Exchange> left = new ArrayDeque<>();

  /**
   * Reads a recording.
   *
   * @param recording pairs of lines, {@code > HEX} and {@code < HEX}, {@code ! TEXT} or {@code ~
   *     TEXT}; empty lines and lines that begin with # are passed over
   * @throws FormatException if a line is none of these, or stands in the wrong place; the offset is
   *     the number of the line
   */
  public ReplayTransport(String recording) throws FormatException {
    int line = 0;
    int commandLine = 0;
    Bytes command = null;
    for (String text : recording.split("\\R", -1)) {
      line++;
      if (text.isBlank() || text.startsWith("#")) {
        continue;
      }
      boolean sent = text.startsWith("> ");
      if (!text.matches("[><!~] .*") || sent != (command == null)) {
        throw new FormatException(
            "a line \"> HEX\", then one \"< HEX\", \"! TEXT\" or \"~ TEXT\"", line);
      }
      check(text, line);
      if (command == null) {
        command = Bytes.fromHex(text.substring(2));
        commandLine = line;
      } else {
        left.add(new Exchange(commandLine, command, text));
        command = null;
      }
    }
    if (command != null) {
      throw new FormatException("the last command has no answer", line);
    }
  }

  private static void check(String text, int line) throws FormatException {
    try {
      if (text.startsWith("> ")) {
        CommandApdu.decode(Bytes.fromHex(text.substring(2)));
      } else if (text.startsWith("< ")) {
        ResponseApdu.decode(Bytes.fromHex(text.substring(2)));
      }
    } catch (FormatException e) {
      throw new FormatException("HEX is neither a command nor an answer", line);
    }
  }

  @Override
  public ResponseApdu exchange(CommandApdu command, Deadline deadline) throws IOException {
    Exchange next = left.poll();
    if (next == null) {
      throw new IOException("the recording is at its end, but another command came: " + command);
    }
    if (!command.encode().equals(next.command())) {
      throw new IOException(
          "line %s of the recording has another command than %s".formatted(next.line(), command));
    }
    String content = next.answer().substring(2);
    return switch (next.answer().charAt(0)) {
      case '!' -> throw new IOException(content);
      case '~' -> throw new DeadlineException(content);
      default -> ResponseApdu.decode(Bytes.fromHex(content));
    };
  }

  /**
   * Checks that the recording was used up.
   *
   * @throws IOException if exchanges are left
   */
  @Override
  public void close() throws IOException {
    if (!left.isEmpty()) {
      throw new IOException(left.size() + " exchanges of the recording were not used");
    }
  }
}
