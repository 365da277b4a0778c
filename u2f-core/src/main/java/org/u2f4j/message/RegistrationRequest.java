package org.u2f4j.message;

import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;

/**
 * Asks a key for a new registration (FIDO U2F Raw Message Formats, section 4.1).
 *
 * @param challenge 32 bytes
 * @param application 32 bytes
 */
public record RegistrationRequest(ChallengeParameter challenge, ApplicationParameter application)
    implements Request {
  /** The instruction byte, 01. */
  public static final int INS = 0x01;

  private static final int LENGTH = 64;

  /**
   * Reads the data of the command.
   *
   * @param data 64 bytes: challenge parameter, application parameter
   * @return the request
   * @throws FormatException if there are not 64 bytes
   */
  public static RegistrationRequest decode(Bytes data) throws FormatException {
    if (data.length() != LENGTH) {
      throw new FormatException("a registration request has 64 bytes, not " + data.length());
    }
    return new RegistrationRequest(
        new ChallengeParameter(data.slice(0, 32)), new ApplicationParameter(data.slice(32)));
  }

  /**
   * The data of the command.
   *
   * @return 64 bytes: challenge parameter, application parameter
   */
  public Bytes encode() {
    return Bytes.concat(challenge.bytes(), application.bytes());
  }

  @Override
  public CommandApdu toCommand() {
    return new CommandApdu(INS, 0, encode());
  }
}
