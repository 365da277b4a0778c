package org.u2f4j.verifier.webauthn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.u2f4j.verifier.Samples.NOW;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.json.AttestationResponse;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.Fuzzing;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.RegistrationResult;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.TestCertificate;
import org.u2f4j.verifier.TestKey;
import org.u2f4j.verifier.VerificationException;

/** A registration by WebAuthn, from its attestation object on. */
class CreationFuzz extends Fuzzing {
  private static final AppId APP_ID = new AppId("https://example.com");
  private static final String CHALLENGE = "vqrS6WXDe1JUs5_c3i4-LkKIHRr-3XVb3azuA5TifHo";
  private static final ClientData CLIENT_DATA =
      ClientData.ofWebAuthn(ClientData.CREATE, CHALLENGE, Answer.ORIGIN);
  private static final PendingRegistration PENDING = new PendingRegistration(
      "alice", new RegisterRequest(APP_ID, CHALLENGE, List.of()), NOW.plusSeconds(1));
  private static final EcdsaEngine ENGINE = EcdsaEngine.bouncyCastle();

  static Stream<byte[]> seeds() {
    TestKey key = TestKey.create(1);
    TestCertificate root = TestCertificate.root();
    TestCertificate leaf =
        TestCertificate.of("C=AA, O=x, OU=Authenticator Attestation, CN=x").signedBy(root);
    Answer none = Answer.toCreate(key, null, CHALLENGE);
    none.format = "none";
    Answer extended = Answer.toCreate(key, leaf, CHALLENGE).packed();
    extended.flags = 0xc1;
    extended.extensions = Cbor.map(List.of("credProtect", 1, "x", List.of(true, "y")));
    return Stream.of(
            Answer.toCreate(key, leaf, CHALLENGE),
            Answer.toCreate(key, leaf, CHALLENGE).packed(leaf, root),
            none,
            extended)
        .map(answer -> answer.attestationObject().toArray());
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    RegistrationStore store = RegistrationStore.inMemory();
    RelyingParty site = RelyingParty.builder(APP_ID, store, AttestationTrust.acceptAny())
        .engine(ENGINE)
        .clock(() -> NOW)
        .build();
    WebAuthnRelyingParty party =
        WebAuthnRelyingParty.builder(site, Answer.RP_ID).build();
    Bytes object = Bytes.of(input);
    KeyHandle id;
    try {
      id = AttestationObject.decode(object).credential().id();
    } catch (FormatException e) {
      id = new KeyHandle(Bytes.EMPTY); // the only way to refuse
    }
    try {
      RegistrationResult result = party.finishRegistration(
          PENDING, new AttestationResponse(id, CLIENT_DATA, object, List.of(), null));
      assertEquals(List.of(result.registration()), store.registrations("alice"));
    } catch (VerificationException e) {
      assertEquals(List.of(), store.registrations("alice")); // the only way to refuse
    }
  }
}
