package org.u2f4j;

/**
 * The challenge parameter: SHA-256 of the client data (FIDO U2F Raw Message Formats, section 4.1).
 *
 * @param bytes 32 bytes
 */
public record ChallengeParameter(Bytes bytes) {
  /** How many bytes it has. */
  public static final int LENGTH = 32;

  /**
   * Checks the length.
   *
   * @param bytes 32 bytes
   * @throws IllegalArgumentException if it is not 32 bytes
   */
  public ChallengeParameter {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException(
          "the challenge parameter has 32 bytes, not " + bytes.length());
    }
  }

  /**
   * The parameter that stands for client data.
   *
   * @param clientData the client data, exactly as sent or received
   * @return their SHA-256
   */
  public static ChallengeParameter of(Bytes clientData) {
    return new ChallengeParameter(clientData.sha256());
  }
}
