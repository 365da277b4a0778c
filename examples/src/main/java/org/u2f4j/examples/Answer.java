package org.u2f4j.examples;

import java.time.Instant;
import java.util.Optional;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.examples.State.Pending;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.SignResponse;
import org.u2f4j.strictjson.JsonWriter;
import org.u2f4j.verifier.AttestationResult;
import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationResult;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;

/** What the relying party on one terminal makes of a client's answer. */
final class Answer {
  private final RelyingParty relyingParty;
  private final State state;
  private final String command;

  Answer(RelyingParty relyingParty, State state, String command) {
    this.relyingParty = relyingParty;
    this.state = state;
    this.command = command;
  }

  private interface Reader<T> {
    T read(String pending) throws FormatException;
  }

  /** Takes what was asked with this challenge: once, in time, and by the same command. */
  private <T> T taken(String challenge, Reader<T> reader) throws Failure {
    String again = "; \"u2f " + command + " start\" asks anew";
    Pending pending = state.remembered(challenge);
    if (pending == null) {
      throw new Failure(
          Exit.REFUSED, "this answers nothing that was asked with this state file" + again);
    }
    if (pending.used()) {
      throw new Failure(
          Exit.REFUSED, "this response, or another one to its request, was here before" + again);
    }
    T value;
    try {
      value = reader.read(pending.json());
    } catch (FormatException e) {
      throw new Failure(
          Exit.REFUSED, "this answers a request of another command: " + e.getMessage(), e);
    }
    Optional<String> taken = state.consume(challenge);
    if (taken.isEmpty()) {
      throw new Failure(
          Exit.REFUSED,
          "this comes too late, at %s: the request was open until %s%s"
              .formatted(Instant.now(), pending.expiresAt(), again));
    }
    return value;
  }

  String registered(Bytes text, boolean json)
      throws Failure, FormatException, ErrorCodeException, VerificationException {
    RegisterResponse response = RegisterResponse.decode(text);
    PendingRegistration pending =
        taken(response.clientData().challenge(), PendingRegistration::fromJson);
    RegistrationResult result = relyingParty.finishRegistration(pending, response);
    Registration registration = result.registration();
    AttestationResult attestation = result.attestation();
    if (json) {
      return JsonWriter.object(out -> {
        out.writeStringField("result", "accept");
        out.writeStringField("account", registration.account());
        Learnt.key(out, registration.keyHandle(), registration.publicKey());
        Learnt.attestation(out, attestation);
      });
    }
    String model = attestation.model() == null ? "unknown" : attestation.model();
    return """
        Registered: %s has a new key for %s.
        key handle   %s
        attestation  %s, %s
        model        %s""".formatted(
            printable(registration.account()),
            printable(registration.appId().value()),
            registration.keyHandle().base64Url(),
            attestation.trust(),
            printable(attestation.explanation()),
            printable(model));
  }

  String signed(Bytes text, boolean json)
      throws Failure, FormatException, ErrorCodeException, VerificationException {
    SignResponse response = SignResponse.decode(text);
    PendingAuthentication pending =
        taken(response.clientData().challenge(), PendingAuthentication::fromJson);
    AuthenticationResult result = relyingParty.finishAuthentication(pending, response);
    Registration registration = result.registration();
    if (json) {
      return JsonWriter.object(out -> {
        out.writeStringField("result", "accept");
        out.writeStringField("account", registration.account());
        Learnt.key(out, registration.keyHandle(), registration.publicKey());
        Learnt.counter(out, result.counter(), result.flags());
      });
    }
    return """
        Signed in: %s at %s.
        counter      %s""".formatted(
            printable(registration.account()),
            printable(registration.appId().value()),
            result.counter());
  }

  static String refusal(String reason, String detail) {
    return JsonWriter.object(out -> {
      out.writeStringField("result", "reject");
      out.writeStringField("reason", reason);
      out.writeStringField("detail", detail);
    });
  }

  private static String printable(String text) {
    return Terminal.printable(text);
  }
}
