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
import org.u2f4j.json.ClientData;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.soft.Attestation;

class RegistrationFuzz extends Fuzzing {
  private static final String CHALLENGE = "vqrS6WXDe1JUs5_c3i4-LkKIHRr-3XVb3azuA5TifHo";
  private static final PendingRegistration PENDING = new PendingRegistration(
      "alice", new RegisterRequest(APP_ID, CHALLENGE, List.of(), 300, null), NOW.plusSeconds(1));

  static Stream<byte[]> seeds() {
    ClientData clientData = ClientData.of(ClientData.REGISTER, CHALLENGE, ORIGIN);
    String own =
        TestKey.create(1).register(Attestation.test(), APP_ID, clientData).toJson();
    Stream<String> published = Vectors.registrations()
        .map(vector -> "{\"registrationData\": \"%s\", \"clientData\": \"%s\"}"
            .formatted(vector.text("registrationData"), clientData.bytes().base64Url()));
    return Stream.concat(Stream.of(own, "{\"errorCode\": 4}"), published)
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    RegistrationStore store = RegistrationStore.inMemory();
    RelyingParty party = RelyingParty.builder(APP_ID, store, AttestationTrust.acceptAny())
        .engine(EcdsaEngine.bouncyCastle())
        .clock(() -> NOW)
        .build();
    try {
      RegistrationResult result =
          party.finishRegistration(PENDING, new String(input, StandardCharsets.UTF_8));
      assertEquals(List.of(result.registration()), store.registrations("alice"));
    } catch (VerificationException e) {
      assertEquals(List.of(), store.registrations("alice")); // the only way to refuse
    }
  }
}
