package org.u2f4j.verifier.webauthn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.u2f4j.verifier.Samples.NOW;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.json.SignRequest;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.Fuzzing;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.TestKey;
import org.u2f4j.verifier.VerificationException;

/** An authentication by WebAuthn, from its JSON on. */
class AssertionFuzz extends Fuzzing {
  private static final AppId APP_ID = new AppId("https://example.com");
  private static final String CHALLENGE = "vqrS6WXDe1JUs5_c3i4-LkKIHRr-3XVb3azuA5TifHo";
  private static final TestKey KEY = TestKey.create(1);
  private static final EcdsaEngine ENGINE = EcdsaEngine.bouncyCastle();
  private static final Registration REGISTRATION = new Registration(
      "alice",
      KEY.keyHandle(),
      KEY.publicKey(),
      new AppId(Answer.RP_ID),
      9L,
      Bytes.EMPTY,
      List.of(),
      NOW,
      null,
      null);
  private static final PendingAuthentication PENDING = new PendingAuthentication(
      "alice",
      new SignRequest(APP_ID, CHALLENGE, List.of(REGISTRATION.registeredKey())),
      NOW.plusSeconds(1));

  static Stream<byte[]> seeds() {
    Answer extended = Answer.toGet(KEY, 10, CHALLENGE);
    extended.flags = 0x85;
    extended.extensions = Cbor.map(List.of("hmac-secret", Bytes.EMPTY));
    extended.extensionResults = "\"appid\":false";
    return Stream.of(Answer.toGet(KEY, 10, CHALLENGE), Answer.toGet(KEY, 9, CHALLENGE), extended)
        .map(answer -> answer.toJson().getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    RegistrationStore store = RegistrationStore.inMemory();
    store.add(REGISTRATION);
    RelyingParty site = RelyingParty.builder(APP_ID, store, AttestationTrust.acceptAny())
        .engine(ENGINE)
        .clock(() -> NOW)
        .build();
    WebAuthnRelyingParty party =
        WebAuthnRelyingParty.builder(site, Answer.RP_ID).build();
    try {
      AuthenticationResult result =
          party.finishAuthentication(PENDING, new String(input, StandardCharsets.UTF_8));
      assertEquals(List.of(result.registration()), store.registrations("alice"));
    } catch (VerificationException e) { // the only way to refuse
      boolean counter = e.reason() == Reason.COUNTER_REFUSED;
      assertEquals(counter, store.registrations("alice").get(0).anomaly() != null);
      assertEquals(9, store.registrations("alice").get(0).counter());
    }
  }
}
