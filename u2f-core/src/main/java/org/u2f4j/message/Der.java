package org.u2f4j.message;

import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/** Measures the one thing that DER is needed for here: where a SEQUENCE ends (X.690, 8.1 and 10.1). */
final class Der {
  private static final int SEQUENCE = 0x30;

  private Der() {}

  /**
   * The end of a SEQUENCE.
   *
   * @param bytes what it is in
   * @param start where it starts
   * @param what its name, for the error
   * @return the index behind its last byte
   */
  static int endOfSequence(Bytes bytes, int start, String what) throws FormatException {
    if (bytes.length() - start < 2) {
      throw new FormatException(what + " is missing or cut off", start);
    }
    if (bytes.at(start) != SEQUENCE) {
      throw new FormatException(
          "%s is a SEQUENCE and begins with 30, not %02x".formatted(what, bytes.at(start)), start);
    }
    int first = bytes.at(start + 1);
    int lengthBytes = first < 0x80 ? 0 : first - 0x80;
    int header = 2 + lengthBytes;
    if (first == 0x80 || lengthBytes > 2) {
      throw new FormatException(
          "%s has the length byte %02x; DER allows 00 to 82 here".formatted(what, first),
          start + 1);
    }
    if (bytes.length() - start < header) {
      throw new FormatException(what + " is cut off in its length", start + 1);
    }
    int length = switch (lengthBytes) {
      case 0 -> first;
      case 1 -> bytes.at(start + 2);
      default -> bytes.uint16(start + 2);
    };
    if ((lengthBytes == 1 && length < 0x80) || (lengthBytes == 2 && length < 0x100)) {
      throw new FormatException(what + " has a length that is not the shortest form", start + 1);
    }
    if (length == 0) {
      throw new FormatException(what + " is empty", start + 1);
    }
    int left = bytes.length() - start - header;
    if (length > left) {
      throw new FormatException(
          "%s has %s bytes by its own length, %s follow".formatted(what, length, left), start + 1);
    }
    return start + header + length;
  }

  /** Checks that a signature starts at an index and ends with the bytes. */
  static void requireSignature(Bytes bytes, int start) throws FormatException {
    int end = endOfSequence(bytes, start, "the signature");
    if (end != bytes.length()) {
      throw new FormatException(
          (bytes.length() - end) + " bytes follow the end of the signature", end);
    }
  }
}
