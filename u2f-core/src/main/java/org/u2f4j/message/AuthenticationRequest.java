package org.u2f4j.message;

import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.apdu.CommandApdu;

/**
 * Asks a key to sign with a registration, or whether it knows it (FIDO U2F Raw Message Formats,
 * section 5.1).
 *
 * @param control what is asked
 * @param challenge 32 bytes
 * @param application 32 bytes
 * @param keyHandle 0 to 255 bytes
 */
public record AuthenticationRequest(
    Control control,
    ChallengeParameter challenge,
    ApplicationParameter application,
    KeyHandle keyHandle)
    implements Request {
  /** The instruction byte, 02. */
  public static final int INS = 0x02;

  private static final int FIXED = 65;

  /**
   * Checks the key handle.
   *
   * @param control what is asked
   * @param challenge 32 bytes
   * @param application 32 bytes
   * @param keyHandle 0 to 255 bytes
   * @throws IllegalArgumentException if the key handle has more than 255 bytes
   */
  public AuthenticationRequest {
    if (!keyHandle.fitsMessage()) {
      throw new IllegalArgumentException(
          "a U2F message carries a key handle of 255 bytes at most, not "
              + keyHandle.bytes().length());
    }
  }

  /**
   * Reads P1 and the data of the command.
   *
   * @param p1 the control byte: 03, 07 or 08
   * @param data 65 + L bytes: challenge parameter, application parameter, L, key handle
   * @return the request
   * @throws FormatException if the control byte is unknown or the lengths do not add up
   */
  public static AuthenticationRequest decode(int p1, Bytes data) throws FormatException {
    for (Control control : Control.values()) {
      if (control.value() == p1) {
        return decode(control, data);
      }
    }
    throw new FormatException("the control byte is 03, 07 or 08, not %02x".formatted(p1), 2);
  }

  private static AuthenticationRequest decode(Control control, Bytes data) throws FormatException {
    int n = data.length();
    if (n < FIXED) {
      throw new FormatException("an authentication request has at least 65 bytes, not " + n);
    }
    int length = data.at(64);
    if (n != FIXED + length) {
      throw new FormatException(
          "the key handle has %s bytes by its length byte, %s follow".formatted(length, n - FIXED),
          64);
    }
    return new AuthenticationRequest(
        control,
        new ChallengeParameter(data.slice(0, 32)),
        new ApplicationParameter(data.slice(32, 64)),
        new KeyHandle(data.slice(FIXED)));
  }

  /**
   * Reads the form of early drafts, where the control byte stands before the other data and P1 says
   * nothing.
   *
   * @param data 66 + L bytes: control byte, challenge parameter, application parameter, L, key
   *     handle
   * @return the request
   * @throws FormatException if the control byte is unknown or the lengths do not add up
   */
  public static AuthenticationRequest decodeDraft(Bytes data) throws FormatException {
    if (data.length() == 0) {
      throw new FormatException("an authentication request of the drafts is not empty");
    }
    return decode(data.at(0), data.slice(1));
  }

  /**
   * The data of the command; the control byte is its P1.
   *
   * @return 65 + L bytes: challenge parameter, application parameter, L, key handle
   */
  public Bytes encode() {
    Bytes handle = keyHandle.bytes();
    return Bytes.concat(
        challenge.bytes(), application.bytes(), Bytes.of((byte) handle.length()), handle);
  }

  @Override
  public CommandApdu toCommand() {
    return new CommandApdu(INS, control.value(), encode());
  }
}
