package org.u2f4j.client;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;
import java.util.List;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.StatusException;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;

/** What a client does with a key, whatever envelope it is asked in. */
record KeyTasks(TouchPolling polling) {
  /**
   * A registration for nobody: Chromium's values, which keys with a screen recognise and show as
   * "touch to continue" and not as a registration.
   */
  private static final RegistrationRequest BLINK = new RegistrationRequest(
      new ChallengeParameter(repeated(0x42)), new ApplicationParameter(repeated(0x41)));

  private static Bytes repeated(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return Bytes.of(bytes);
  }

  /** Registers, unless the key has one of the given registrations: then it only has to be touched. */
  RegistrationResponse register(
      U2fToken token,
      RegistrationRequest message,
      List<AuthenticationRequest> excluded,
      Deadline end)
      throws ErrorCodeException, IOException, StatusException, InterruptedException {
    for (AuthenticationRequest known : excluded) {
      if (token.owns(known, end)) {
        blink(token, end);
        throw new ErrorCodeException(ErrorCode.DEVICE_INELIGIBLE, "this key is registered already");
      }
    }
    return polling.poll(left -> token.register(message, left), end);
  }

  /** Waits for a touch; what else the key makes of it does not matter. */
  private void blink(U2fToken token, Deadline end) throws IOException, InterruptedException {
    try {
      polling.poll(left -> token.register(BLINK, left), end);
    } catch (StatusException | FormatException e) {
      // it refuses a registration for nobody, or its answer does not parse: it has answered
    }
  }

  /** A signature, and which of the requests it answers. */
  record Signed(int index, AuthenticationResponse authentication) {}

  /** Signs with the first registration that the key has. */
  Signed sign(U2fToken token, List<AuthenticationRequest> candidates, Deadline end)
      throws ErrorCodeException, IOException, StatusException, InterruptedException {
    for (int i = 0; i < candidates.size(); i++) {
      AuthenticationRequest candidate = candidates.get(i);
      if (!token.owns(candidate, end)) {
        continue;
      }
      try {
        return new Signed(i, polling.poll(left -> token.authenticate(candidate, left), end));
      } catch (StatusException e) {
        if (!e.unknownKeyHandle()) {
          throw e;
        }
        // some keys claim every key handle and only find out when they sign
      }
    }
    throw new ErrorCodeException(
        ErrorCode.DEVICE_INELIGIBLE, "this key has none of the registrations asked for");
  }

  interface Operation<T> {
    T run(U2fToken token)
        throws ErrorCodeException, IOException, StatusException, InterruptedException;
  }

  static <T> T mapErrors(Operation<T> operation, Transport key)
      throws ErrorCodeException, InterruptedException {
    try {
      return operation.run(new U2fToken(key));
    } catch (DeadlineException e) {
      throw failed(ErrorCode.TIMEOUT, e);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted(); // the exception takes its place
      throw new InterruptedException("interrupted while asking the key");
    } catch (IOException e) {
      throw failed(ErrorCode.OTHER_ERROR, e);
    } catch (StatusException e) {
      throw failed(code(e.status()), e);
    }
  }

  /** Some of the JDK's exceptions say nothing but their name. */
  private static ErrorCodeException failed(ErrorCode code, Exception cause) {
    String message = cause.getMessage();
    return new ErrorCodeException(code, message == null ? cause.toString() : message, cause);
  }

  private static ErrorCode code(StatusWord status) {
    boolean notU2f = status.equals(StatusWord.COMMAND_NOT_ALLOWED)
        || status.equals(StatusWord.INS_NOT_SUPPORTED)
        || status.equals(StatusWord.CLA_NOT_SUPPORTED);
    return notU2f ? ErrorCode.CONFIGURATION_UNSUPPORTED : ErrorCode.OTHER_ERROR;
  }
}
