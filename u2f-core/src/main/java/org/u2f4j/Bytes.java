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
    boolean surrogates = text.chars().anyMatch(c -> Character.isSurrogate((char) c));
    if (surrogates && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("half of a surrogate pair has no UTF-8 form");
    }
    return own(text.getBytes(StandardCharsets.UTF_8));
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
    for (int i = 0; i < end; i++) {
      if (base64UrlValue(text.charAt(i)) < 0) {
        throw new FormatException("not a websafe base64 character", i);
      }
    }
    int tail = end % 4;
    int padding = text.length() - end;
    if (tail == 1) {
      throw new FormatException("base64 cannot have " + end + " characters");
    }
    if (padding != 0 && padding != (4 - tail) % 4) {
      throw new FormatException("wrong base64 padding: " + padding + " times '='", end);
    }
    int unusedBits = tail == 2 ? 0x0F : tail == 3 ? 0x03 : 0;
    if (unusedBits != 0 && (base64UrlValue(text.charAt(end - 1)) & unusedBits) != 0) {
      throw new FormatException("unused bits of the last base64 character are not zero", end - 1);
    }
    return own(Base64.getUrlDecoder().decode(text.substring(0, end)));
  }

  private static int base64UrlValue(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '-' ? 62 : c == '_' ? 63 : -1;
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
