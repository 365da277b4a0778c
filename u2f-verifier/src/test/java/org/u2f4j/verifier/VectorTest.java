package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.SignRequest;
import org.u2f4j.verifier.Vectors.Vector;

/** Published examples: what is accepted, and why the rest is not. */
class VectorTest {
  private final RegistrationStore store = RegistrationStore.inMemory();
  private final Instant expiry = Instant.now().plusSeconds(60);

  private RelyingParty party(Vector vector) {
    AppId appId = new AppId(vector.text("appId"));
    return RelyingParty.builder(appId, store, AttestationTrust.acceptAny())
        .facets(vector.text("origin"))
        .build();
  }

  private interface Finish<T> {
    T finish() throws VerificationException;
  }

  /** Null if the example is refused as it has to be. */
  private static <T> T finish(Vector vector, Finish<T> finish) throws Exception {
    String expected = vector.text("expected");
    if (expected.equals("accept")) {
      return finish.finish();
    }
    Samples.assertRefused(Reason.valueOf(expected), finish::finish);
    return null;
  }

  static List<Vector> registrations() {
    return Vectors.registrations().toList();
  }

  @ParameterizedTest
  @MethodSource
  void registrations(Vector vector) throws Exception {
    RegisterRequest request = new RegisterRequest(
        new AppId(vector.text("appId")), vector.text("challenge"), List.of(), null, null);
    PendingRegistration pending = new PendingRegistration("alice", request, expiry);
    String response = "{\"registrationData\": \"%s\", \"clientData\": \"%s\"}"
        .formatted(vector.text("registrationData"), vector.text("clientData"));
    RegistrationResult result =
        finish(vector, () -> party(vector).finishRegistration(pending, response));
    if (result == null) {
      assertEquals(List.of(), store.registrations("alice"));
    } else {
      assertEquals(List.of(result.registration()), store.registrations("alice"));
      assertEquals(vector.list("transports"), result.registration().transports());
      assertNull(result.registration().counter());
    }
  }

  static List<Vector> authentications() {
    return Vectors.authentications().toList();
  }

  @ParameterizedTest
  @MethodSource
  void authentications(Vector vector) throws Exception {
    AppId appId = new AppId(vector.text("appId"));
    Registration registration = new Registration(
        "alice",
        KeyHandle.fromBase64Url(vector.text("keyHandle")),
        UserPublicKey.decode(Samples.hex(vector.text("publicKey"))),
        appId,
        null,
        Bytes.EMPTY,
        List.of(),
        Samples.NOW,
        null,
        null);
    store.add(registration);
    SignRequest request = new SignRequest(
        appId, vector.text("challenge"), List.of(registration.registeredKey()), null, null);
    PendingAuthentication pending = new PendingAuthentication("alice", request, expiry);
    String response = "{\"keyHandle\": \"%s\", \"signatureData\": \"%s\", \"clientData\": \"%s\"}"
        .formatted(
            vector.text("keyHandle"), vector.text("signatureData"), vector.text("clientData"));
    AuthenticationResult result =
        finish(vector, () -> party(vector).finishAuthentication(pending, response));
    Long counter = result == null ? null : vector.number("counter");
    assertEquals(counter, store.registrations("alice").get(0).counter());
  }
}
