package org.u2f4j;

/**
 * The application parameter: SHA-256 of the {@linkplain AppId AppID} (FIDO U2F Raw Message Formats,
 * section 4.1).
 *
 * @param bytes 32 bytes
 */
public record ApplicationParameter(Bytes bytes) {
  /** How many bytes it has. */
  public static final int LENGTH = 32;

  /**
   * Checks the length.
   *
   * @param bytes 32 bytes
   * @throws IllegalArgumentException if it is not 32 bytes
   */
  public ApplicationParameter {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException(
          "the application parameter has 32 bytes, not " + bytes.length());
    }
  }
}
