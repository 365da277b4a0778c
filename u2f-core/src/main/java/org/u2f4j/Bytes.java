package org.u2f4j;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable string of bytes.
 *
 * <p>A slice shares the memory of the bytes it was cut from, so parsing copies nothing. Comparison
 * takes the same time wherever two strings of one length differ.
 */
public final class Bytes {
  /** No bytes at all. */
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private static final int SHOWN = 4;

  private static final byte[] BASE64_URL_VALUES = new byte[128];

  static {
    Arrays.fill(BASE64_URL_VALUES, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int value = 0; value < 64; value++) {
      BASE64_URL_VALUES[alphabet.charAt(value)] = (byte) value;
    }
  }

  private final byte[] array;
  private final int start;
  private final int length;

  private Bytes(byte[] array, int start, int length) {
    this.array = array;
    this.start = start;
    this.length = length;
  }

  /**
   * Copies an array.
   *
   * @param bytes the array; later changes to it have no effect here
   * @return the same bytes
   */
  public static Bytes of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone(), 0, bytes.length);
  }

  /**
   * The UTF-8 form of a text.
   *
   * @param text the text
   * @return its bytes in UTF-8
   * @throws IllegalArgumentException if it holds half of a surrogate pair, which has no such form
   */
  public static Bytes utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!text.equals(new String(bytes, StandardCharsets.UTF_8))) {
      throw new IllegalArgumentException("half of a surrogate pair has no UTF-8 form");
    }
    return own(bytes);
  }

  /**
   * Joins byte strings.
   *
   * @param parts the parts, in order
   * @return all of them, one behind the other
   */
  public static Bytes concat(Bytes... parts) {
    int total = 0;
    for (Bytes part : parts) {
      total = Math.addExact(total, part.length);
    }
    byte[] all = new byte[total];
    int at = 0;
    for (Bytes part : parts) {
      System.arraycopy(part.array, part.start, all, at, part.length);
      at += part.length;
    }
    return own(all);
  }

  /**
   * Reads hexadecimal digits.
   *
   * @param hex an even number of digits, either case, nothing between them
   * @return half as many bytes
   * @throws FormatException if a character is not a digit, or one digit is left over
   */
  public static Bytes fromHex(String hex) throws FormatException {
    for (int i = 0; i < hex.length(); i++) {
      if (!HexFormat.isHexDigit(hex.charAt(i))) {
        throw new FormatException("not a hexadecimal digit", i);
      }
    }
    if (hex.length() % 2 != 0) {
      throw new FormatException("an odd number of hexadecimal digits: " + hex.length());
    }
    return own(HexFormat.of().parseHex(hex));
  }

  /**
   * Reads websafe base64 (RFC 4648, section 5), with or without padding.
   *
   * @param text characters A-Z a-z 0-9 - _, then no "=" at all or as many as complete the last group
   * @return the bytes
   * @throws FormatException if a character is outside the alphabet, the length or the padding is
   *     impossible, or unused bits of the last character are not zero
   */
  public static Bytes fromBase64Url(String text) throws FormatException {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    int whole = end - end % 4;
    byte[] bytes = new byte[whole / 4 * 3 + end % 4 * 3 / 4];
    int at = 0;
    for (int i = 0; i < whole; i += 4) {
      int bits = base64UrlValue(text, i) << 18
          | base64UrlValue(text, i + 1) << 12
          | base64UrlValue(text, i + 2) << 6
          | base64UrlValue(text, i + 3);
      if (bits < 0) {
        throw notBase64Url(text, end);
      }
      bytes[at++] = (byte) (bits >> 16);
      bytes[at++] = (byte) (bits >> 8);
      bytes[at++] = (byte) bits;
    }
    int bits = 0;
    for (int i = whole; i < end; i++) {
      bits |= base64UrlValue(text, i) << (18 - 6 * (i - whole));
    }
    int unusedBits = bits & (end % 4 == 2 ? 0xF000 : 0xC0);
    int padding = text.length() - end;
    boolean complete = end % 4 != 1 && (padding == 0 || padding == (4 - end % 4) % 4);
    if (bits < 0 || unusedBits != 0 || !complete) {
      throw notBase64Url(text, end);
    }
    for (; at < bytes.length; bits <<= 8) {
      bytes[at++] = (byte) (bits >> 16);
    }
    return own(bytes);
  }

  /** What is wrong with a text that ends, but for its padding, at an index. */
  private static FormatException notBase64Url(String text, int end) {
    for (int i = 0; i < end; i++) {
      if (base64UrlValue(text, i) < 0) {
        return new FormatException("not a websafe base64 character", i);
      }
    }
    int tail = end % 4;
    if (tail == 1) {
      return new FormatException("base64 cannot have " + end + " characters");
    }
    int padding = text.length() - end;
    if (padding != 0 && padding != (4 - tail) % 4) {
      return new FormatException("wrong base64 padding: " + padding + " times '='", end);
    }
    return new FormatException("unused bits of the last base64 character are not zero", end - 1);
  }

  /** The six bits that a character stands for, or -1. */
  private static int base64UrlValue(String text, int index) {
    char c = text.charAt(index);
    return c < BASE64_URL_VALUES.length ? BASE64_URL_VALUES[c] : -1;
  }

  private static Bytes own(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
  }

  /**
   * How many bytes there are.
   *
   * @return the number of bytes
   */
  public int length() {
    return length;
  }

  /**
   * One byte as an unsigned number.
   *
   * @param index 0 to length - 1
   * @return 0 to 255
   * @throws IndexOutOfBoundsException if there is no such byte
   */
  public int at(int index) {
    return array[start + Objects.checkIndex(index, length)] & 0xFF;
  }

  /**
   * Two bytes as an unsigned number, the high one first.
   *
   * @param index where the high byte is
   * @return 0 to 65,535
   * @throws IndexOutOfBoundsException if there are no two bytes there
   */
  public int uint16(int index) {
    return at(index) << 8 | at(index + 1);
  }

  /**
   * Four bytes as an unsigned number, the highest one first.
   *
   * @param index where the highest byte is
   * @return 0 to 4,294,967,295
   * @throws IndexOutOfBoundsException if there are no four bytes there
   */
  public long uint32(int index) {
    return (long) uint16(index) << 16 | uint16(index + 2);
  }

  /**
   * A part of these bytes; nothing is copied.
   *
   * @param from the first byte of the part
   * @param to the byte behind the part
   * @return to - from bytes
   * @throws IndexOutOfBoundsException if the part does not lie within these bytes
   */
  public Bytes slice(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    return from == to ? EMPTY : new Bytes(array, start + from, to - from);
  }

  /**
   * The part from an index to the end; nothing is copied.
   *
   * @param from the first byte of the part
   * @return length - from bytes
   * @throws IndexOutOfBoundsException if from is greater than the length
   */
  public Bytes slice(int from) {
    return slice(from, length);
  }

  /**
   * A copy as an array.
   *
   * @return a new array of length bytes
   */
  public byte[] toArray() {
    return Arrays.copyOfRange(array, start, start + length);
  }

  /**
   * Copies a part of these bytes to where the caller wants it; nothing is allocated.
   *
   * @param from the first byte of the part
   * @param target where to
   * @param at where in the target the part begins
   * @param length the number of bytes
   * @throws IndexOutOfBoundsException if the part does not lie within these bytes, or the target
   */
  public void copyTo(int from, byte[] target, int at, int length) {
    System.arraycopy(
        array, start + Objects.checkFromIndexSize(from, length, length()), target, at, length);
  }

  /**
   * A view for code that reads buffers, such as {@link java.security.Signature#update(ByteBuffer)}.
   *
   * @return a new read-only buffer over these bytes
   */
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(array, start, length).slice().asReadOnlyBuffer();
  }

  /**
   * The SHA-256 digest of exactly these bytes.
   *
   * @return 32 bytes
   */
  public Bytes sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(array, start, length);
      return own(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Lower-case hexadecimal digits.
   *
   * @return two digits a byte
   */
  public String hex() {
    return HexFormat.of().formatHex(array, start, start + length);
  }

  /**
   * Websafe base64 (RFC 4648, section 5) without padding.
   *
   * @return the characters
   */
  public String base64Url() {
    boolean whole = length == array.length;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(whole ? array : toArray());
  }

  /** Equal when length and every byte are; takes the same time wherever the bytes differ. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Bytes that) || that.length != length) {
      return false;
    }
    int difference = 0;
    for (int i = 0; i < length; i++) {
      difference |= array[start + i] ^ that.array[that.start + i];
    }
    return difference == 0;
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = start; i < start + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /** The number of bytes and the first four only, since any bytes may be a secret. */
  @Override
  public String toString() {
    return length <= SHOWN ? hex() : slice(0, SHOWN).hex() + "\u2026 (" + length + " bytes)";
  }
}
