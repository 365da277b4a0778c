package org.u2f4j.apdu;

import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/**
 * The answer of a key (ISO 7816-4, section 5.1).
 *
 * @param data 0 to 65,536 bytes
 * @param status how it went
 */
public record ResponseApdu(Bytes data, StatusWord status) {
  private static final int STATUS = 2;
  private static final int MAX_DATA = 65_536;

  /**
   * Checks the length.
   *
   * @param data 0 to 65,536 bytes
   * @param status how it went
   * @throws IllegalArgumentException if there are more than 65,536 bytes of data
   */
  public ResponseApdu {
    if (data.length() > MAX_DATA) {
      throw new IllegalArgumentException("a response has at most 65536 bytes of data");
    }
  }

  /**
   * An answer without data.
   *
   * @param status how it went
   */
  public ResponseApdu(StatusWord status) {
    this(Bytes.EMPTY, status);
  }

  /**
   * Reads an answer.
   *
   * @param bytes data, then two bytes of status
   * @return the answer, which encodes to the same bytes
   * @throws FormatException if there are fewer than 2 or more than 65,538 bytes
   */
  public static ResponseApdu decode(Bytes bytes) throws FormatException {
    int end = bytes.length() - STATUS;
    if (end < 0 || end > MAX_DATA) {
      throw new FormatException("a response has 2 to 65538 bytes, not " + bytes.length());
    }
    return new ResponseApdu(bytes.slice(0, end), new StatusWord(bytes.uint16(end)));
  }

  /**
   * The answer as it comes from the key.
   *
   * @return the data, then two bytes of status
   */
  public Bytes encode() {
    int value = status.value();
    return Bytes.concat(data, Bytes.of((byte) (value >> 8), (byte) value));
  }
}
