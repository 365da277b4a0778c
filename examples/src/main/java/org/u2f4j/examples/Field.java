package org.u2f4j.examples;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;

/**
 * A named part of a message.
 *
 * @param offset where it begins in the message; {@link #NOWHERE} if it is a fact about the message
 *     and not a part of it
 * @param length how many bytes it has there
 * @param value the bytes in hex, or the text
 * @param meaning what they say, if that is not plain
 */
record Field(
    int offset,
    int length,
    String name,
    String value,
    @Nullable String meaning) {
  static final int NOWHERE = -1;

  /** A fact about a message. */
  static Field fact(String name, String value) {
    return new Field(NOWHERE, 0, name, value, null);
  }

  /** A run of fields under a heading; offsets count from the start of what the title names. */
  record Section(String title, List<Field> fields) {}

  /** Walks over bytes and names them, one part behind the other. */
  static final class Walk {
    final List<Field> fields = new ArrayList<>();
    private final Bytes bytes;
    private int at;

    Walk(Bytes bytes, int start) {
      this.bytes = bytes;
      this.at = start;
    }

    /** The next bytes, with what they mean; without a meaning they stand for themselves. */
    void next(int length, String name, @Nullable String meaning) {
      String hex = bytes.slice(at, at + length).hex();
      fields.add(new Field(at, length, name, hex, meaning));
      at += length;
    }
  }
}
