package org.u2f4j.client;

import java.io.IOException;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusException;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.message.VersionRequest;

/**
 * A key, asked one thing at a time: each method is one exchange and does not wait for a touch.
 *
 * <p>Every method throws {@link IOException} if the key cannot be reached, {@link
 * org.u2f4j.apdu.DeadlineException} if it does not answer in time, {@link
 * org.u2f4j.FormatException} if its answer does not parse, {@link StatusException} if it answers
 * anything but 9000, and {@link InterruptedException} as soon as the thread is interrupted.
 */
public final class U2fToken {
  private final Transport transport;

  /**
   * A key behind a transport.
   *
   * @param transport what reaches the key; stays the caller's to close
   */
  public U2fToken(Transport transport) {
    this.transport = transport;
  }

  /**
   * Asks for the protocol version. No key needs to be asked before it is used.
   *
   * <p>Some keys know only the form that drafts of U2F had: if the first form is refused, the other
   * one is tried.
   *
   * @param deadline when to give up
   * @return what the key answers, {@link VersionRequest#U2F_V2} if it is a U2F key
   * @throws IOException as the class says
   * @throws StatusException as the class says; a key that speaks CTAP2 only answers so
   * @throws InterruptedException as the class says
   */
  public Bytes version(Deadline deadline)
      throws IOException, StatusException, InterruptedException {
    CommandApdu command = new VersionRequest().toCommand();
    ResponseApdu response = exchange(command, deadline);
    if (!response.status().equals(StatusWord.NO_ERROR)) {
      CommandApdu draft = command.withForm(CommandApdu.Form.EXTENDED_EMPTY_LC);
      response = exchange(draft, deadline);
    }
    if (!response.status().equals(StatusWord.NO_ERROR)) {
      throw new StatusException(response.status());
    }
    return response.data();
  }

  /**
   * Asks for a new registration.
   *
   * @param request for whom
   * @param deadline when to give up
   * @return the registration
   * @throws IOException as the class says
   * @throws StatusException as the class says; it tells if the key waits for a touch
   * @throws InterruptedException as the class says
   */
  public RegistrationResponse register(RegistrationRequest request, Deadline deadline)
      throws IOException, StatusException, InterruptedException {
    ResponseApdu response = exchange(request.toCommand(), deadline);
    if (!response.status().equals(StatusWord.NO_ERROR)) {
      throw new StatusException(response.status());
    }
    return RegistrationResponse.decode(response.data());
  }

  /**
   * Asks for a signature.
   *
   * @param request for whom, with which registration; its control is not check-only
   * @param deadline when to give up
   * @return the signature
   * @throws IOException as the class says
   * @throws StatusException as the class says; it tells if the key waits for a touch, and if the
   *     key handle is not the key's
   * @throws InterruptedException as the class says
   */
  public AuthenticationResponse authenticate(AuthenticationRequest request, Deadline deadline)
      throws IOException, StatusException, InterruptedException {
    ResponseApdu response = exchange(request.toCommand(), deadline);
    if (!response.status().equals(StatusWord.NO_ERROR)) {
      throw new StatusException(response.status(), request.keyHandle().bytes().length());
    }
    return AuthenticationResponse.decode(response.data());
  }

  /**
   * Asks whether a key handle is the key's own; nobody has to touch it.
   *
   * <p>A key says yes with 6985. One that answers 9000 says yes too; what it sends along is not
   * used. There are keys that say yes to every key handle.
   *
   * @param request the registration; sent with the control check-only whatever it has
   * @param deadline when to give up
   * @return whether the key knows it
   * @throws IOException as the class says
   * @throws StatusException if the answer is neither yes nor no
   * @throws InterruptedException as the class says
   */
  public boolean owns(AuthenticationRequest request, Deadline deadline)
      throws IOException, StatusException, InterruptedException {
    AuthenticationRequest check = new AuthenticationRequest(
        Control.CHECK_ONLY, request.challenge(), request.application(), request.keyHandle());
    ResponseApdu response = exchange(check.toCommand(), deadline);
    if (response.status().equals(StatusWord.NO_ERROR)) {
      return true;
    }
    StatusException answer =
        new StatusException(response.status(), request.keyHandle().bytes().length());
    if (answer.touchRequired()) {
      return true;
    }
    if (answer.unknownKeyHandle()) {
      return false;
    }
    throw answer;
  }

  /** Not every transport looks for an interrupt or the time, and there may be many key handles. */
  private ResponseApdu exchange(CommandApdu command, Deadline deadline)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (deadline.expired()) {
      throw new DeadlineException("no time is left to ask the key");
    }
    return transport.exchange(command, deadline);
  }
}
