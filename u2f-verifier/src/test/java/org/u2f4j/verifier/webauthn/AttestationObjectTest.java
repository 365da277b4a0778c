package org.u2f4j.verifier.webauthn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.verifier.Samples.NOW;
import static org.u2f4j.verifier.Samples.assertRefused;
import static org.u2f4j.verifier.Samples.with;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.json.AssertionResponse;
import org.u2f4j.json.AttestationResponse;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.SignRequest;
import org.u2f4j.verifier.AttestationCertificate;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.MessageVerifier;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.Samples;
import org.u2f4j.verifier.Vectors;

/** The published examples. */
class AttestationObjectTest {
  private static final Map<String, Object> W3C = Vectors.member("webAuthn");
  private static final Map<String, Object> INTEROP = Vectors.member("ctapInterop");
  private static final ChallengeParameter INTEROP_HASH =
      new ChallengeParameter(Samples.hex((String) INTEROP.get("clientDataHash")));

  private static String text(String field) {
    return (String) W3C.get(field);
  }

  private static Bytes bytes(String field) throws FormatException {
    return Bytes.fromBase64Url(text(field));
  }

  private static Bytes interop() {
    return Samples.hex((String) INTEROP.get("attestationObject"));
  }

  @Test
  void theExampleOfTheW3cRegistersAndSignsIn() throws Exception {
    RegistrationStore store = RegistrationStore.inMemory();
    AppId appId = new AppId("https://example.org");
    RelyingParty site = RelyingParty.builder(appId, store, AttestationTrust.acceptAny())
        .clock(() -> NOW)
        .build();
    WebAuthnRelyingParty party =
        WebAuthnRelyingParty.builder(site, text("rpId")).build();
    KeyHandle id = new KeyHandle(bytes("credentialId"));

    RegisterRequest asked = new RegisterRequest(appId, text("challenge"), List.of());
    AttestationResponse attestation = new AttestationResponse(
        id,
        ClientData.decodeWebAuthn(bytes("clientDataJSON")),
        bytes("attestationObject"),
        List.of(),
        null);
    Registration registration = party
        .finishRegistration(
            new PendingRegistration("alice", asked, NOW.plusSeconds(1)), attestation)
        .registration();
    assertEquals(text("publicKey"), registration.publicKey().bytes().hex());

    SignRequest login =
        new SignRequest(appId, text("assertionChallenge"), List.of(registration.registeredKey()));
    AssertionResponse assertion = new AssertionResponse(
        id,
        ClientData.decodeWebAuthn(bytes("assertionClientDataJSON")),
        bytes("authenticatorData"),
        bytes("signature"),
        null,
        null);
    assertEquals(
        "constantly zero",
        party
            .finishAuthentication(
                new PendingAuthentication("alice", login, NOW.plusSeconds(1)), assertion)
            .counter()
            .toString());
  }

  @Test
  void theExampleOfCtapIsTrustedByYubicosRoot() throws Exception {
    AttestationTrust yubico =
        AttestationTrust.roots(List.of(AttestationCertificate.decode(Vectors.yubicoRoot())));
    MessageVerifier verifier = new MessageVerifier(EcdsaEngine.jdk(), yubico, () -> NOW);
    AttestationObject object = AttestationObject.decode(interop());
    assertTrue(object.verify(verifier, INTEROP_HASH).trusted());
    assertEquals("fido-u2f", object.format());
    assertEquals(0, object.authenticatorData().counter());
    assertEquals(
        Set.of(Flag.USER_PRESENT, Flag.CREDENTIAL),
        Flag.of(object.authenticatorData().flags()));
    assertEquals(object.credential().coseKey(), object.credential().publicKey().toCose());
    ChallengeParameter other = ChallengeParameter.of(Bytes.EMPTY);
    assertRefused(Reason.WRONG_SIGNATURE, () -> object.verify(verifier, other));
  }

  @Test
  void whatIsCutOffOrHasBytesBehindItIsRefused() throws Exception {
    Bytes whole = interop();
    for (int length = 0; length < whole.length(); length++) {
      Bytes cut = whole.slice(0, length);
      assertThrows(FormatException.class, () -> AttestationObject.decode(cut));
    }
    assertThrows(
        FormatException.class,
        () -> AttestationObject.decode(Bytes.concat(whole, Bytes.of((byte) 0))));
  }

  @Test
  void authenticatorDataThatAreCutOffAreRefused() throws Exception {
    Bytes whole = AttestationObject.decode(interop()).authenticatorData().bytes();
    for (int length = 0; length < whole.length(); length++) {
      Bytes cut = whole.slice(0, length);
      assertThrows(FormatException.class, () -> AuthenticatorData.decode(cut));
    }
    assertThrows(
        FormatException.class,
        () -> AuthenticatorData.decode(Bytes.concat(whole, Bytes.of((byte) 0))));
    assertNull(AuthenticatorData.decode(with(whole.slice(0, 37), 32, 0x01)).credential());
  }

  /** No bit of it but those of the model, which no U2F key signs, and flags and counter. */
  @Test
  void everyBitThatIsSignedCounts() throws Exception {
    MessageVerifier verifier =
        new MessageVerifier(EcdsaEngine.bouncyCastle(), AttestationTrust.acceptAny(), () -> NOW);
    Bytes whole = interop();
    int dataAt = whole.length()
        - AttestationObject.decode(whole).authenticatorData().bytes().length();
    for (int i = dataAt; i < whole.length(); i++) {
      int inData = i - dataAt;
      boolean signed = inData < 32 || inData >= 53;
      AttestationObject object;
      try {
        object = AttestationObject.decode(with(whole, i, whole.at(i) ^ 0x20));
      } catch (FormatException e) {
        continue;
      }
      if (signed) {
        assertThrows(
            Exception.class, () -> object.verify(verifier, INTEROP_HASH), "byte " + inData);
      } else {
        object.verify(verifier, INTEROP_HASH);
      }
    }
  }
}
