package org.u2f4j;

/**
 * What a key calls one of its registrations; opaque to everyone else.
 *
 * <p>In a U2F message it has at most 255 bytes, and longer ones are refused where a message is
 * made. A WebAuthn credential id is the same thing and may have up to 1,023.
 *
 * <p>Strangers choose them, and can make the hash codes of many the same. They have an order, which
 * means nothing, so that a hash table that holds them stays fast.
 *
 * @param bytes 0 to 1,023 bytes
 */
public record KeyHandle(Bytes bytes) implements Comparable<KeyHandle> {
  /** The most bytes that a U2F message can carry. */
  public static final int MAX_LENGTH = 255;

  /** The most bytes that a WebAuthn credential id has. */
  public static final int MAX_CREDENTIAL_ID_LENGTH = 1023;

  /**
   * Checks the length.
   *
   * @param bytes 0 to 1,023 bytes
   * @throws IllegalArgumentException if it is over 1,023 bytes
   */
  public KeyHandle {
    if (bytes.length() > MAX_CREDENTIAL_ID_LENGTH) {
      throw new IllegalArgumentException(
          "a key handle has at most 1023 bytes, not " + bytes.length());
    }
  }

  /**
   * Whether a U2F message can carry it.
   *
   * @return true up to 255 bytes
   */
  public boolean fitsMessage() {
    return bytes.length() <= MAX_LENGTH;
  }

  /**
   * Reads websafe base64, with or without padding.
   *
   * @param text the base64 form
   * @return the key handle
   * @throws FormatException if it is not base64, or over 1,023 bytes
   */
  public static KeyHandle fromBase64Url(String text) throws FormatException {
    Bytes bytes = Bytes.fromBase64Url(text);
    if (bytes.length() > MAX_CREDENTIAL_ID_LENGTH) {
      throw new FormatException("a key handle has at most 1023 bytes, not " + bytes.length());
    }
    return new KeyHandle(bytes);
  }

  /**
   * Its form in JSON.
   *
   * @return websafe base64 without padding
   */
  public String base64Url() {
    return bytes.base64Url();
  }

  /** By the bytes; 0 for equal ones only. */
  @Override
  public int compareTo(KeyHandle other) {
    return bytes.toBuffer().compareTo(other.bytes.toBuffer());
  }
}
