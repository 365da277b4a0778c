package org.u2f4j.hid;

import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/**
 * The answer to INIT (CTAP 2.1, section 11.2.9.1.3).
 *
 * @param nonce 8 bytes, those of the question
 * @param channel the channel that was given out, or that was aborted
 * @param info what the key says of itself
 */
public record InitResponse(Bytes nonce, Channel channel, DeviceInfo info) {
  /** Bytes of a nonce. */
  public static final int NONCE_LENGTH = 8;

  private static final int INFO = NONCE_LENGTH + Channel.LENGTH;
  private static final int LENGTH = INFO + DeviceInfo.LENGTH;

  /**
   * Checks the nonce.
   *
   * @param nonce 8 bytes
   * @param channel the channel
   * @param info the key
   * @throws IllegalArgumentException if the nonce does not have 8 bytes
   */
  public InitResponse {
    if (nonce.length() != NONCE_LENGTH) {
      throw new IllegalArgumentException("a nonce has 8 bytes, not " + nonce.length());
    }
  }

  /**
   * Reads an answer. A later version may append to it.
   *
   * @param payload 17 bytes or more
   * @return the answer; what follows the 17 bytes is not kept
   * @throws FormatException if there are fewer bytes
   */
  public static InitResponse decode(Bytes payload) throws FormatException {
    if (payload.length() < LENGTH) {
      throw new FormatException(
          "the answer to INIT has at least %s bytes, not %s".formatted(LENGTH, payload.length()));
    }
    return new InitResponse(
        payload.slice(0, NONCE_LENGTH),
        Channel.at(payload, NONCE_LENGTH),
        DeviceInfo.at(payload, INFO));
  }

  /**
   * The answer as a key sends it.
   *
   * @return 17 bytes
   */
  public Bytes encode() {
    return Bytes.concat(nonce, channel.bytes(), info.bytes());
  }
}
