package org.u2f4j.examples;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.examples.Inputs.Contradiction;
import org.u2f4j.examples.LineReader.Line;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;
import org.u2f4j.verifier.AttestationCertificate;
import org.u2f4j.verifier.AttestationResult;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.CounterPolicy;
import org.u2f4j.verifier.CounterVerdict;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;

/**
 * Verifies one line of {@code u2f verify}: all that a relying party checks if the line has client
 * data, else what can be checked without. Each line stands for itself.
 */
final class LineVerifier {
  /** A registration belongs to somebody; nobody is told. */
  static final String ACCOUNT = "line";

  /** What the client data would show. */
  static final List<String> OF_CLIENT_DATA = List.of("type", "challenge", "origin");

  static final KeyHandle NO_KEY_HANDLE = new KeyHandle(Bytes.EMPTY);

  private final AttestationTrust trust;
  private final Engines engines;

  LineVerifier(AttestationTrust trust, Engines engines) {
    this.trust = trust;
    this.engines = engines;
  }

  /** What became of a line, and the line to print. */
  record Result(Outcome outcome, String json) {}

  enum Outcome {
    ACCEPTED,
    REJECTED,
    UNREADABLE
  }

  /** The name of a line: its own text or number, else its place in the input. */
  private record Id(@Nullable String text, long number) {
    static Id of(JsonObject json, long place) throws FormatException {
      if (!json.has("id")) {
        return new Id(null, place);
      }
      try {
        return new Id(json.string("id"), place);
      } catch (FormatException noString) {
        try {
          return new Id(null, json.longValue("id"));
        } catch (FormatException noNumber) {
          throw json.wrong("id", "is neither a string nor a whole number of 64 bits");
        }
      }
    }

    Result result(Line line, Outcome outcome, JsonWriter.Members members) {
      String json = JsonWriter.object(out -> {
        if (text == null) {
          out.writeNumberField("id", number);
        } else {
          out.writeStringField("id", text);
        }
        out.writeNumberField("line", line.number());
        out.writeStringField("result", outcome == Outcome.ACCEPTED ? "accept" : "reject");
        members.writeTo(out);
      });
      return new Result(outcome, json);
    }

    Result refused(Line line, Outcome outcome, String reason, @Nullable String detail) {
      return result(line, outcome, out -> {
        out.writeStringField("reason", reason);
        out.writeStringField("detail", String.valueOf(detail));
      });
    }
  }

  /** Never throws: whatever a line holds, the run goes on. */
  Result verify(Line line) {
    Id id = new Id(null, line.number());
    try {
      if (line.tooLong()) {
        throw new FormatException("a line has at most " + LineReader.MAX_LENGTH + " bytes");
      }
      JsonObject json = JsonObject.parse(line.bytes());
      id = Id.of(json, line.number());
      return id.result(line, Outcome.ACCEPTED, learnt(json, line.number()));
    } catch (VerificationException e) {
      return id.refused(line, Outcome.REJECTED, e.reason().name(), e.getMessage());
    } catch (Contradiction e) {
      return id.refused(line, Outcome.REJECTED, "CONTRADICTION", e.getMessage());
    } catch (FormatException | IllegalArgumentException e) {
      return id.refused(line, Outcome.UNREADABLE, "UNREADABLE", e.getMessage());
    } catch (RuntimeException | StackOverflowError e) {
      String mistake = "this is a mistake in the program: " + e;
      return id.refused(line, Outcome.UNREADABLE, "UNREADABLE", mistake);
    }
  }

  private JsonWriter.Members learnt(JsonObject json, long number)
      throws FormatException, VerificationException, Contradiction {
    JsonObject inner = json.optionalObject("inputs");
    Inputs in = new Inputs(inner == null ? json : inner);
    String kind = (json.has("kind") ? json : in.json()).string("kind");
    WebAuthnLine webAuthn = new WebAuthnLine(in, trust, engines, number);
    return switch (kind) {
      case "registration" -> in.full() ? registration(in, number) : rawRegistration(in, number);
      case "authentication" ->
        in.full() ? authentication(in, number) : rawAuthentication(in, number);
      case "registration-parse" -> parsed(in);
      case "webauthn-registration", "webauthn-registration-hash" -> webAuthn.registration();
      case "webauthn-registration-parse" -> webAuthn.parsed();
      case "webauthn-assertion", "webauthn-assertion-hash" -> webAuthn.authentication();
      default -> throw json.wrong("kind", "is not one that \"u2f verify --help\" names");
    };
  }

  private JsonWriter.Members registration(Inputs in, long number)
      throws FormatException, VerificationException, Contradiction {
    AppId appId = in.appId();
    RelyingParty relyingParty = relyingParty(in, RegistrationStore.inMemory(), number);
    RegisterRequest request = new RegisterRequest(appId, in.challenge(), List.of());
    RegisterResponse response = new RegisterResponse(in.registration(), in.clientData());
    AttestationResult attestation = relyingParty
        .finishRegistration(new PendingRegistration(ACCOUNT, request, Instant.MAX), response)
        .attestation();
    in.requireAgreement(response.clientData());
    return registered(response.registration(), attestation, List.of());
  }

  private JsonWriter.Members rawRegistration(Inputs in, long number)
      throws FormatException, VerificationException, Contradiction {
    in.requireHashes();
    RegistrationResponse registration = in.registration();
    AttestationResult attestation = engines
        .messages(number, trust)
        .verify(registration, in.application(), in.challengeParameter());
    in.requireAgreement(null);
    return registered(registration, attestation, OF_CLIENT_DATA);
  }

  private static JsonWriter.Members registered(
      RegistrationResponse registration, AttestationResult attestation, List<String> leftOut) {
    return json -> {
      Learnt.key(json, registration.keyHandle(), registration.userPublicKey());
      Learnt.attestation(json, attestation);
      Learnt.strings(json, "leftOut", leftOut);
    };
  }

  private static JsonWriter.Members parsed(Inputs in)
      throws FormatException, VerificationException {
    RegistrationResponse registration = in.registration();
    AttestationCertificate certificate;
    try {
      certificate = AttestationCertificate.decode(registration.certificate());
    } catch (FormatException e) {
      throw new VerificationException(
          Reason.MALFORMED_CERTIFICATE, "the attestation certificate: " + e.getMessage(), e);
    }
    List<String> leftOut = new ArrayList<>(OF_CLIENT_DATA);
    leftOut.addAll(List.of("signature", "trust"));
    return json -> {
      Learnt.key(json, registration.keyHandle(), registration.userPublicKey());
      Learnt.attestation(json, certificate);
      Learnt.strings(json, "leftOut", leftOut);
    };
  }

  private JsonWriter.Members authentication(Inputs in, long number)
      throws FormatException, VerificationException, Contradiction {
    AppId appId = in.appId();
    RegistrationStore store = RegistrationStore.inMemory();
    RelyingParty relyingParty = relyingParty(in, store, number);
    KeyHandle keyHandle = in.hasKeyHandle() ? in.keyHandle() : NO_KEY_HANDLE;
    store.add(new Registration(
        ACCOUNT,
        keyHandle,
        in.publicKey(),
        appId,
        in.storedCounter(),
        Bytes.EMPTY,
        List.of(),
        Instant.EPOCH,
        null,
        null));
    SignRequest request =
        new SignRequest(appId, in.challenge(), List.of(new RegisteredKey(keyHandle)));
    SignResponse response = new SignResponse(keyHandle, in.authentication(), in.clientData());
    AuthenticationResult result = relyingParty.finishAuthentication(
        new PendingAuthentication(ACCOUNT, request, Instant.MAX), response);
    in.requireAgreement(response.clientData());
    List<String> leftOut = in.hasKeyHandle() ? List.of() : List.of("keyHandle");
    return authenticated(result.counter(), result.flags(), leftOut);
  }

  private JsonWriter.Members rawAuthentication(Inputs in, long number)
      throws FormatException, VerificationException, Contradiction {
    in.requireHashes();
    Long stored = in.storedCounter();
    AuthenticationResponse authentication = in.authentication();
    engines
        .messages(number, trust)
        .verify(authentication, in.publicKey(), in.application(), in.challengeParameter());
    CounterVerdict verdict = CounterVerdict.of(stored, authentication.counter());
    if (!CounterPolicy.u2f().accepts(verdict)) {
      throw new VerificationException(Reason.COUNTER_REFUSED, "the counter is " + verdict);
    }
    in.requireAgreement(null);
    List<String> leftOut = new ArrayList<>(OF_CLIENT_DATA);
    leftOut.add("keyHandle");
    return authenticated(verdict, authentication.presence(), leftOut);
  }

  private static JsonWriter.Members authenticated(
      CounterVerdict verdict, int presence, List<String> leftOut) {
    return json -> {
      Learnt.counter(json, verdict, presence);
      Learnt.strings(json, "leftOut", leftOut);
    };
  }

  private RelyingParty relyingParty(Inputs in, RegistrationStore store, long number)
      throws FormatException {
    RelyingParty.Builder builder =
        RelyingParty.builder(in.appId(), store, trust).engine(engines.at(number));
    String[] facets = in.facets();
    return (facets.length == 0 ? builder : builder.facets(facets)).build();
  }
}
