package org.u2f4j.message;

import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;

/** What a client asks of a key (FIDO U2F Raw Message Formats, sections 4.1, 5.1 and 6.1). */
public sealed interface Request permits RegistrationRequest, AuthenticationRequest, VersionRequest {
  /**
   * The request as a command.
   *
   * @return a command in extended form that asks for the longest answer
   */
  CommandApdu toCommand();

  /**
   * Reads a command.
   *
   * <p>P2 is not looked at, nor is P1 where it carries nothing: clients send REGISTER with a P1 of
   * 00, 03 and 83.
   *
   * @param command any command
   * @return the request
   * @throws FormatException if class or instruction are not U2F's, or the data do not parse
   */
  static Request decode(CommandApdu command) throws FormatException {
    if (command.cla() != 0) {
      throw new FormatException("the class is 00, not %02x".formatted(command.cla()), 0);
    }
    return switch (command.ins()) {
      case RegistrationRequest.INS -> RegistrationRequest.decode(command.data());
      case AuthenticationRequest.INS -> AuthenticationRequest.decode(command.p1(), command.data());
      case VersionRequest.INS -> VersionRequest.decode(command.data());
      default ->
        throw new FormatException(
            "instruction %02x is none of U2F's 01, 02, 03".formatted(command.ins()), 1);
    };
  }
}
