package org.u2f4j.apdu;

import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/**
 * A command to a key (ISO 7816-4, section 5.1; FIDO U2F Raw Message Formats, section 3.1).
 *
 * <p>The constructors without a form write what U2F over USB asks for: extended lengths. A decoded
 * command keeps the form it came in, so that it encodes to the same bytes again.
 *
 * @param cla class byte, 0 to 255; 0 in U2F
 * @param ins instruction byte, 0 to 255
 * @param p1 first parameter, 0 to 255
 * @param p2 second parameter, 0 to 255
 * @param data 0 to 65,535 bytes; 0 to 255 in short form
 * @param le the most bytes expected in answer, 0 to 65,536; 0 when none is named; 0 to 256 in short
 *     form
 * @param form how the lengths are written
 */
public record CommandApdu(int cla, int ins, int p1, int p2, Bytes data, int le, Form form) {
  /** The greatest number of bytes to expect, what U2F commands ask for. */
  public static final int MAX_LE = 65_536;

  private static final int MAX_SHORT_LE = 256;
  private static final int HEADER = 4;

  /** How the lengths of data and answer are written. */
  public enum Form {
    /** One byte each. */
    SHORT,
    /** Two bytes each behind a zero byte. */
    EXTENDED,
    /**
     * Extended, with the length of the absent data written out as three zero bytes: not ISO 7816-4,
     * but what drafts of U2F asked for and some clients still send for VERSION.
     */
    EXTENDED_EMPTY_LC
  }

  /**
   * Checks every range.
   *
   * @param cla class byte, 0 to 255
   * @param ins instruction byte, 0 to 255
   * @param p1 first parameter, 0 to 255
   * @param p2 second parameter, 0 to 255
   * @param data 0 to 65,535 bytes
   * @param le the most bytes expected in answer, 0 to 65,536
   * @param form how the lengths are written
   * @throws IllegalArgumentException if a value does not fit its place in the given form
   */
  public CommandApdu {
    require((cla | ins | p1 | p2) >>> 8 == 0, "a header byte is outside 0 to 255");
    boolean isShort = form == Form.SHORT;
    int maxData = isShort ? 255 : 65_535;
    int maxLe = isShort ? MAX_SHORT_LE : MAX_LE;
    require(data.length() <= maxData, "the data have more than " + maxData + " bytes");
    require(le >= 0 && le <= maxLe, "le is outside 0 to " + maxLe);
    if (form == Form.EXTENDED_EMPTY_LC) {
      require(data.length() == 0 && le > 0, "an empty Lc goes with no data and some le");
    } else if (data.length() == 0 && le == 0) {
      form = Form.EXTENDED; // four bytes in either form: one value for one encoding
    }
  }

  /**
   * A command of class 0 in extended form that asks for the longest answer.
   *
   * @param ins instruction byte
   * @param p1 first parameter
   * @param data 0 to 65,535 bytes
   */
  public CommandApdu(int ins, int p1, Bytes data) {
    this(0, ins, p1, 0, data, MAX_LE, Form.EXTENDED);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * Reads a command in any form that clients send.
   *
   * <pre>
   * behind the header              bytes in all   case (ISO 7816-4)
   * nothing                        4              1
   * Le                             5              2 short
   * Lc data                        5+Lc           3 short
   * Lc data Le                     6+Lc           4 short
   * 00 Le Le                       7              2 extended
   * 00 Lc Lc data                  7+Lc           3 extended
   * 00 Lc Lc data Le Le            9+Lc           4 extended
   * 00 00 00 Le Le                 9              none: drafts of U2F
   * </pre>
   *
   * @param bytes the whole command
   * @return the command, which encodes to the same bytes
   * @throws FormatException if it has fewer than 4 bytes or its lengths do not add up
   */
  public static CommandApdu decode(Bytes bytes) throws FormatException {
    int n = bytes.length();
    if (n < HEADER) {
      throw new FormatException("a command has at least 4 bytes, not " + n);
    }
    if (n == HEADER) {
      return of(bytes, Bytes.EMPTY, 0, Form.EXTENDED);
    }
    if (n == 5) {
      return of(bytes, Bytes.EMPTY, shortLe(bytes.at(4)), Form.SHORT);
    }
    int lc = bytes.at(4);
    if (lc != 0) {
      if (n == 5 + lc) {
        return of(bytes, bytes.slice(5), 0, Form.SHORT);
      }
      if (n == 6 + lc) {
        return of(bytes, bytes.slice(5, 5 + lc), shortLe(bytes.at(n - 1)), Form.SHORT);
      }
      throw new FormatException(
          "Lc says %s bytes of data, %s bytes follow".formatted(lc, n - 5), 4);
    }
    if (n < 7) {
      throw new FormatException("an extended length is cut off after " + n + " bytes", 4);
    }
    lc = bytes.uint16(5);
    if (n == 7) {
      return of(bytes, Bytes.EMPTY, extendedLe(lc), Form.EXTENDED);
    }
    if (lc == 0 && n == 9) {
      return of(bytes, Bytes.EMPTY, extendedLe(bytes.uint16(7)), Form.EXTENDED_EMPTY_LC);
    }
    if (lc != 0 && n == 7 + lc) {
      return of(bytes, bytes.slice(7), 0, Form.EXTENDED);
    }
    if (lc != 0 && n == 9 + lc) {
      int le = extendedLe(bytes.uint16(n - 2));
      return of(bytes, bytes.slice(7, 7 + lc), le, Form.EXTENDED);
    }
    throw new FormatException("Lc says %s bytes of data, %s bytes follow".formatted(lc, n - 7), 5);
  }

  private static CommandApdu of(Bytes header, Bytes data, int le, Form form) {
    return new CommandApdu(header.at(0), header.at(1), header.at(2), header.at(3), data, le, form);
  }

  private static int shortLe(int written) {
    return written == 0 ? MAX_SHORT_LE : written;
  }

  private static int extendedLe(int written) {
    return written == 0 ? MAX_LE : written;
  }

  /**
   * The same command with its lengths written in another form.
   *
   * @param other the form
   * @return the command in that form
   * @throws IllegalArgumentException if the data or le do not fit that form
   */
  public CommandApdu withForm(Form other) {
    int fitting = other == Form.SHORT && le == MAX_LE ? MAX_SHORT_LE : le;
    return new CommandApdu(cla, ins, p1, p2, data, fitting, other);
  }

  /**
   * The command as it goes to the key, after the table at {@link #decode}.
   *
   * @return 4 to 65,544 bytes
   */
  public Bytes encode() {
    boolean lcWritten = data.length() > 0 || form == Form.EXTENDED_EMPTY_LC;
    boolean marked = form != Form.SHORT && (lcWritten || le > 0);
    return Bytes.concat(
        Bytes.of((byte) cla, (byte) ins, (byte) p1, (byte) p2),
        marked ? Bytes.of((byte) 0) : Bytes.EMPTY,
        lcWritten ? length(data.length()) : Bytes.EMPTY,
        data,
        le > 0 ? length(le) : Bytes.EMPTY);
  }

  private Bytes length(int length) {
    return form == Form.SHORT
        ? Bytes.of((byte) length)
        : Bytes.of((byte) (length >> 8), (byte) length);
  }

  /** The header and the lengths; the data show no more than {@link Bytes#toString()} does. */
  @Override
  public String toString() {
    return "%02x %02x %02x %02x data %s le %s %s".formatted(cla, ins, p1, p2, data, le, form);
  }
}
