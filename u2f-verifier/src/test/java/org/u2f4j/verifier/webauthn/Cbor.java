package org.u2f4j.verifier.webauthn;

import java.util.ArrayList;
import java.util.List;
import org.u2f4j.Bytes;

/** Writes CBOR for tests: also what is wrong, such as a member twice. */
final class Cbor {
  private Cbor() {}

  /** Keys and values by turns. */
  static Bytes map(List<?> members) {
    return items(0xa0, members.size() / 2, members);
  }

  static Bytes of(Object value) {
    if (value instanceof Bytes bytes) {
      return Bytes.concat(head(0x40, bytes.length()), bytes);
    } else if (value instanceof String text) {
      Bytes utf8 = Bytes.utf8(text);
      return Bytes.concat(head(0x60, utf8.length()), utf8);
    } else if (value instanceof Boolean truth) {
      return Bytes.of((byte) (truth ? 0xf5 : 0xf4));
    } else if (value instanceof Number number) {
      long n = number.longValue();
      return n < 0 ? head(0x20, -1 - n) : head(0x00, n);
    } else if (value instanceof List<?> list) {
      return items(0x80, list.size(), list);
    }
    return ((Raw) value).bytes();
  }

  /** CBOR that is written already. */
  record Raw(Bytes bytes) {}

  private static Bytes items(int kind, int count, List<?> items) {
    List<Bytes> parts = new ArrayList<>(List.of(head(kind, count)));
    items.forEach(item -> parts.add(of(item)));
    return Bytes.concat(parts.toArray(Bytes[]::new));
  }

  private static Bytes head(int kind, long number) {
    int length = number < 24 ? 0 : number < 0x100 ? 1 : number < 0x1_0000 ? 2 : 4;
    byte[] head = new byte[1 + length];
    head[0] = (byte) (kind | (length == 0 ? number : length == 1 ? 24 : length == 2 ? 25 : 26));
    for (int i = 0; i < length; i++) {
      head[length - i] = (byte) (number >> (8 * i));
    }
    return Bytes.of(head);
  }
}
