package org.u2f4j.verifier.webauthn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.u2f4j.verifier.CorpusTest.accepted;
import static org.u2f4j.verifier.CorpusTest.eachLine;
import static org.u2f4j.verifier.Samples.NOW;
import static org.u2f4j.verifier.Samples.hex;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.u2f4j.AppId;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.AssertionResponse;
import org.u2f4j.json.AttestationResponse;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.SignRequest;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.CorpusTest;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.Json;
import org.u2f4j.verifier.MessageVerifier;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;

/** Answers of browsers collected from elsewhere, in the folder that u2f4j.corpus names. */
@EnabledIfSystemProperty(
    named = CorpusTest.PROPERTY,
    matches = ".+",
    disabledReason = "no folder is named by -D" + CorpusTest.PROPERTY)
class WebAuthnCorpusTest {
  private static final AppId APP_ID = new AppId("https://app-id.example");

  private final RegistrationStore store = RegistrationStore.inMemory();

  private static String text(Map<String, Object> inputs, String field) {
    return (String) inputs.get(field);
  }

  private static Bytes bytes(Map<String, Object> inputs, String field) throws FormatException {
    return Bytes.fromBase64Url(text(inputs, field));
  }

  private WebAuthnRelyingParty party(Map<String, Object> inputs) {
    String[] origins =
        ((List<?>) inputs.get("origins")).stream().map(String.class::cast).toArray(String[]::new);
    RelyingParty site = RelyingParty.builder(APP_ID, store, AttestationTrust.acceptAny())
        .facets(origins)
        .clock(() -> NOW)
        .build();
    return WebAuthnRelyingParty.builder(site, text(inputs, "rpId")).build();
  }

  private static void compare(Map<String, Object> parsed, AttestationObject object)
      throws FormatException {
    AuthenticatorData data = object.authenticatorData();
    assertEquals(parsed.get("flags"), (long) data.flags());
    assertEquals(parsed.get("counter"), data.counter());
    assertEquals(parsed.get("aaguid"), object.credential().aaguid().hex());
    if (parsed.get("publicKey") != null) { // in drafts of WebAuthn its members had names
      assertEquals(
          parsed.get("publicKey"), object.credential().publicKey().bytes().hex());
    }
  }

  @Test
  void registrations() throws Exception {
    MessageVerifier verifier =
        new MessageVerifier(EcdsaEngine.jdk(), AttestationTrust.acceptAny(), () -> NOW);
    eachLine("webauthn-registrations.jsonl", line -> {
      Map<String, Object> inputs = Json.asObject(line.get("inputs"));
      KeyHandle id = new KeyHandle(bytes(inputs, "credentialId"));
      AttestationObject object = AttestationObject.decode(bytes(inputs, "attestationObject"));
      assertEquals(id, object.credential().id());
      compare(Json.asObject(line.get("parsed")), object);
      String rpIdHash = text(inputs, "rpIdHash");
      assertEquals(
          rpIdHash == null
              ? new AppId(text(inputs, "rpId")).applicationParameter()
              : new ApplicationParameter(hex(rpIdHash)),
          object.authenticatorData().application());
      if (inputs.containsKey("clientDataJSON")) {
        AttestationResponse response = new AttestationResponse(
            id,
            ClientData.decodeWebAuthn(bytes(inputs, "clientDataJSON")),
            bytes(inputs, "attestationObject"),
            List.of(),
            null);
        RegisterRequest asked = new RegisterRequest(APP_ID, text(inputs, "challenge"), List.of());
        PendingRegistration pending = new PendingRegistration("alice", asked, NOW.plusSeconds(1));
        accepted(line, () -> party(inputs).finishRegistration(pending, response));
      } else if (inputs.containsKey("clientDataHash")) {
        ChallengeParameter hash = new ChallengeParameter(hex(text(inputs, "clientDataHash")));
        accepted(line, () -> object.verify(verifier, hash));
      } else {
        assertEquals("parse-ok", line.get("expected"));
      }
    });
  }

  @Test
  void assertions() throws Exception {
    eachLine("webauthn-assertions.jsonl", line -> {
      Map<String, Object> inputs = Json.asObject(line.get("inputs"));
      KeyHandle id = new KeyHandle(bytes(inputs, "credentialId"));
      Registration registration = new Registration(
          "alice",
          id,
          UserPublicKey.decode(hex(text(inputs, "publicKey"))),
          new AppId(text(inputs, "rpId")),
          (Long) inputs.get("storedCounter"),
          Bytes.EMPTY,
          List.of(),
          NOW,
          null,
          null);
      store.add(registration);
      AssertionResponse response = new AssertionResponse(
          id,
          ClientData.decodeWebAuthn(bytes(inputs, "clientDataJSON")),
          bytes(inputs, "authenticatorData"),
          bytes(inputs, "signature"),
          null,
          null);
      SignRequest asked =
          new SignRequest(APP_ID, text(inputs, "challenge"), List.of(registration.registeredKey()));
      PendingAuthentication pending = new PendingAuthentication("alice", asked, NOW.plusSeconds(1));
      if (accepted(line, () -> party(inputs).finishAuthentication(pending, response))) {
        assertEquals(line.get("counter"), store.find(id).orElseThrow().counter());
        assertEquals(line.get("flags"), (long)
            AuthenticatorData.decode(response.authenticatorData()).flags());
      }
    });
  }
}
