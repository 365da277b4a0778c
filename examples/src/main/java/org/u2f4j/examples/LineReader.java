package org.u2f4j.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;

/**
 * Cuts a stream into lines as they come, and never holds more than one: what is too long is skipped.
 * Blank lines are counted and passed over; a byte order mark and CR before the line's end are no
 * part of a line; the last line needs no end.
 */
final class LineReader {
  /** The most bytes of a line; the JSON reader's limit, in characters. */
  static final int MAX_LENGTH = 65_536;

  private static final Bytes BYTE_ORDER_MARK = Bytes.of((byte) 0xEF, (byte) 0xBB, (byte) 0xBF);

  /**
   * A line.
   *
   * @param number counts from 1, blank lines too
   * @param bytes what is on it
   * @param tooLong whether that is only its beginning
   */
  record Line(long number, Bytes bytes, boolean tooLong) {
    private boolean blank() {
      for (int i = 0; i < bytes.length(); i++) {
        if (bytes.at(i) != ' ' && bytes.at(i) != '\t') {
          return false;
        }
      }
      return !tooLong;
    }
  }

  private final InputStream in;
  private final byte[] buffer = new byte[16_384];
  private int at;
  private int filled;
  private long number;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** The next line that is not blank; null at the end. */
  @Nullable
  Line next() throws IOException {
    while (true) {
      Line line = any();
      if (line == null || !line.blank()) {
        return line;
      }
    }
  }

  private @Nullable Line any() throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    long length = 0;
    while (at < filled || fill()) {
      int end = at;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      content.write(buffer, at, Math.min(end - at, MAX_LENGTH + 1 - content.size()));
      length += end - at;
      boolean ended = end < filled;
      at = ended ? end + 1 : end;
      if (ended) {
        return line(content.toByteArray(), length);
      }
    }
    return length == 0 ? null : line(content.toByteArray(), length);
  }

  private boolean fill() throws IOException {
    at = 0;
    filled = Math.max(0, in.read(buffer));
    return filled > 0;
  }

  private Line line(byte[] content, long length) {
    number++;
    Bytes bytes = Bytes.of(content);
    int from = number == 1 && bytes.length() >= 3 && bytes.slice(0, 3).equals(BYTE_ORDER_MARK)
        ? BYTE_ORDER_MARK.length()
        : 0;
    int to = bytes.length();
    if (to > from && bytes.at(to - 1) == '\r') {
      to--;
    }
    return new Line(number, bytes.slice(from, to), length > MAX_LENGTH);
  }
}
