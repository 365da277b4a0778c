package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.u2f4j.verifier.Samples.APP_ID;
import static org.u2f4j.verifier.Samples.NOW;
import static org.u2f4j.verifier.Samples.ORIGIN;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.SignRequest;

class AuthenticationFuzz extends Fuzzing {
  private static final String CHALLENGE = "vqrS6WXDe1JUs5_c3i4-LkKIHRr-3XVb3azuA5TifHo";
  private static final TestKey KEY = TestKey.create(1);
  private static final Registration REGISTRATION = new Registration(
      "alice",
      KEY.keyHandle(),
      KEY.publicKey(),
      APP_ID,
      9L,
      Bytes.EMPTY,
      List.of(),
      NOW,
      null,
      null);
  private static final PendingAuthentication PENDING = new PendingAuthentication(
      "alice",
      new SignRequest(APP_ID, CHALLENGE, List.of(REGISTRATION.registeredKey()), 300, null),
      NOW.plusSeconds(1));

  static Stream<byte[]> seeds() {
    ClientData clientData = ClientData.of(ClientData.SIGN, CHALLENGE, ORIGIN);
    return Stream.of(
            KEY.sign(1, 10, APP_ID, clientData).toJson(),
            KEY.sign(0, 10, APP_ID, clientData).toJson(),
            KEY.sign(1, 9, APP_ID, clientData).toJson(),
            "{\"errorCode\": 4}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    RegistrationStore store = RegistrationStore.inMemory();
    store.add(REGISTRATION);
    RelyingParty party = RelyingParty.builder(APP_ID, store, AttestationTrust.acceptAny())
        .engine(EcdsaEngine.bouncyCastle())
        .clock(() -> NOW)
        .build();
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
