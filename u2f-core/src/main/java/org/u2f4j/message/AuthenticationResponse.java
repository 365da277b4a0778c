package org.u2f4j.message;

import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;

/**
 * A signature made with a registration (FIDO U2F Raw Message Formats, section 5.4).
 *
 * @param presence the user presence byte as received, 0 to 255; bit 0 says that the person touched
 *     the key, the others should be 0 and are signed as they are
 * @param counter how often the key has signed, 0 to 4,294,967,295
 * @param signature ECDSA with SHA-256 in DER over {@link #signedBytes}; only its outermost length
 *     was looked at
 */
public record AuthenticationResponse(int presence, long counter, Bytes signature) {
  private static final int SIGNATURE_AT = 5;

  /**
   * Checks the ranges.
   *
   * @param presence the user presence byte as received, 0 to 255
   * @param counter how often the key has signed, 0 to 4,294,967,295
   * @param signature ECDSA with SHA-256 in DER
   * @throws IllegalArgumentException if presence does not fit 8 bits, or the counter 32
   */
  public AuthenticationResponse {
    if (presence >>> 8 != 0) {
      throw new IllegalArgumentException("presence is a byte, not " + presence);
    }
    if (counter >>> 32 != 0) {
      throw new IllegalArgumentException("the counter has 32 bits, not the value " + counter);
    }
  }

  /**
   * Reads the data of a successful answer.
   *
   * @param data user presence (1 byte), counter (4 bytes), signature (the rest)
   * @return the authentication, which encodes to the same bytes
   * @throws FormatException if a part is missing, cut off or malformed, or bytes follow the
   *     signature
   */
  public static AuthenticationResponse decode(Bytes data) throws FormatException {
    if (data.length() < SIGNATURE_AT) {
      throw new FormatException(
          "an authentication has more than 5 bytes, not " + data.length(), data.length());
    }
    Der.requireSignature(data, SIGNATURE_AT);
    return new AuthenticationResponse(data.at(0), data.uint32(1), data.slice(SIGNATURE_AT));
  }

  /**
   * The data of a successful answer.
   *
   * @return user presence, counter, signature
   */
  public Bytes encode() {
    return Bytes.concat(presenceAndCounter(presence, counter), signature);
  }

  /**
   * Whether the person touched the key.
   *
   * @return bit 0 of the presence byte
   */
  public boolean userPresent() {
    return (presence & 0x01) != 0;
  }

  /**
   * What the signature is over.
   *
   * @param application the application parameter of the request
   * @param challenge the challenge parameter of the request
   * @return application parameter, user presence, counter, challenge parameter: 69 bytes
   */
  public Bytes signedBytes(ApplicationParameter application, ChallengeParameter challenge) {
    return signedBytes(application, presence, counter, challenge);
  }

  /**
   * What a key signs.
   *
   * @param application the application parameter of the request
   * @param presence the user presence byte
   * @param counter the new value of the counter
   * @param challenge the challenge parameter of the request
   * @return application parameter, user presence, counter, challenge parameter: 69 bytes
   */
  public static Bytes signedBytes(
      ApplicationParameter application, int presence, long counter, ChallengeParameter challenge) {
    return Bytes.concat(
        application.bytes(), presenceAndCounter(presence, counter), challenge.bytes());
  }

  private static Bytes presenceAndCounter(int presence, long counter) {
    return Bytes.of(
        (byte) presence,
        (byte) (counter >> 24),
        (byte) (counter >> 16),
        (byte) (counter >> 8),
        (byte) counter);
  }
}
