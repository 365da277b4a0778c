package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.soft.Attestation;

/** The lines are made of the examples in Web Authentication, level 3, section 16, and in CTAP 2.1. */
class VerifyWebAuthnTest {
  private static final List<String> OF_CLIENT_DATA = List.of("type", "challenge", "origin");

  private static final List<String> LINES = lines();
  private static final String REGISTRATION = LINES.get(0);
  private static final String ASSERTION = LINES.get(1);
  private static final String BY_HASH = LINES.get(2);

  private static List<String> lines() {
    try (InputStream in = VerifyWebAuthnTest.class.getResourceAsStream("webauthn.jsonl")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> accepted(String line) {
    Session session = Session.of(line, "verify");
    assertEquals(0, session.exit(), session.out());
    return session.json();
  }

  @Test
  void acceptsTheExamples() {
    Map<String, Object> registration = accepted(REGISTRATION);
    assertEquals("w3c-registration", registration.get("id"));
    assertEquals("fido-u2f", registration.get("format"));
    assertEquals("afb3c2efc054df425013d5c88e79c3c1", registration.get("aaguid"));
    assertEquals(0x41, registration.get("flags"));
    assertEquals(List.of("USER_PRESENT", "CREDENTIAL"), registration.get("flagNames"));
    assertEquals(0, registration.get("counter"));
    assertTrue(registration.get("publicKey").toString().startsWith("04b0d62de6b30f86"));
    assertEquals("UNKNOWN", ((Map<?, ?>) registration.get("attestation")).get("trust"));
    assertEquals(List.of(), registration.get("leftOut"));

    Map<String, Object> assertion = accepted(ASSERTION);
    assertEquals("CONSTANT_ZERO", assertion.get("counterVerdict"));
    assertEquals(List.of("USER_PRESENT"), assertion.get("flagNames"));
    assertEquals(List.of(), assertion.get("leftOut"));

    Map<String, Object> byHash = accepted(BY_HASH);
    assertEquals(OF_CLIENT_DATA, byHash.get("leftOut"));
    assertEquals(
        "CN=Yubico U2F EE Serial 249182324770",
        ((Map<?, ?>) byHash.get("attestation")).get("subject"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0| 'origins': ['https://example.org'], | ",
        "0| 'rpId': 'example.org' | 'rpIdHash': 'bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5'",
        "0| 'rpId': 'example.org' | 'rpId': 'example.org', 'rpIdHash': 'bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5'",
        "0| 'rpId': 'example.org', 'origins': [ | 'rpIdHash': 'bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5', 'origins': ['https://www.example.org',",
        "0| webauthn-registration | webauthn-registration-hash",
        "1| 'storedCounter': 0 | 'storedCounter': null",
        "1| 'rpId': 'example.org' | 'rpId': 'example.org', 'appId': 'https://example.org'",
        "1| 'rpId': 'example.org' | 'rpId': 'example.net', 'appId': 'example.org'",
        "2| webauthn-registration-hash | webauthn-registration",
      })
  void acceptsOtherFormsOfThem(int index, String from, String to) {
    accepted(changed(index, from, to == null ? "" : to));
  }

  private static String changed(int index, String from, String to) {
    String line = LINES.get(index);
    String changed = line.replace(from.replace('\'', '"'), to.replace('\'', '"'));
    assertFalse(line.equals(changed), from);
    return changed;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0| 'rpId': 'example.org' | 'rpId': 'www.example.org' | WRONG_APP_ID",
        "0| 'rpId': 'example.org' | 'rpIdHash': '" + ZEROS + "' | WRONG_APP_ID",
        "0| 'rpId': 'example.org' | 'rpId': 'example.org', 'rpIdHash': '" + ZEROS
            + "' | CONTRADICTION",
        "0| 'rpId': 'example.org' | 'rpId': 'example.org', 'clientDataHash': '" + ZEROS
            + "' | CONTRADICTION",
        "0| 'rpId': 'example.org' | 'rpId': 'example.org', 'clientDataHash': '00' | MALFORMED",
        "0| https://example.org | https://www.example.org | WRONG_ORIGIN",
        "0| 'challenge': '4 | 'challenge': '5 | WRONG_CHALLENGE",
        "0| 'clientDataJSON': 'eyJ0 | 'clientDataJSON': 'eyJ1 | MALFORMED",
        "0| 'credentialId': 'p | 'credentialId': 'q | MALFORMED",
        "0| 'attestationObject': 'o | 'attestationObject': 'p | MALFORMED",
        "0| webauthn-registration | webauthn-assertion | UNREADABLE",
        "0| webauthn-registration | webauthn | UNREADABLE",
        "0| 'clientDataJSON' | 'clientDataJson' | UNREADABLE",
        "0| 'rpId' | 'rpid' | UNREADABLE",
        "0| 'challenge' | 'challange' | UNREADABLE",
        "1| 'storedCounter': 0 | 'storedCounter': 1 | COUNTER_REFUSED",
        "1| 'storedCounter': 0 | 'storedCounter': -1 | UNREADABLE",
        "1| 'publicKey': '04b0d6 | 'publicKey': '04b0d7 | MALFORMED",
        "1| 'signature': 'ME | 'signature': 'MA | MALFORMED_SIGNATURE",
        "1| 'rpId': 'example.org' | 'rpId': 'example.net' | WRONG_APP_ID",
        "2| 'clientDataHash': '68 | 'clientDataHash': '69 | WRONG_SIGNATURE",
        "2| 'rpIdHash': '11 | 'rpIdHash': '12 | WRONG_APP_ID",
      })
  void rejectsALineThatIsChanged(int index, String from, String to, String reason) {
    Session session = Session.of(changed(index, from, to), "verify");
    assertEquals("reject", session.json().get("result"), session.out());
    assertEquals(reason, session.json().get("reason"), session.out());
    assertEquals(reason.equals("UNREADABLE") ? 4 : 1, session.exit());
    assertFalse(session.out().contains("mistake"), session.out());
  }

  private static final String ZEROS =
      "0000000000000000000000000000000000000000000000000000000000000000";

  @Test
  void readsAnAttestationObjectAlone() {
    Map<String, Object> parsed =
        accepted(changed(2, "webauthn-registration-hash", "webauthn-registration-parse"));
    assertEquals("00000000000000000000000000000000", parsed.get("aaguid"));
    assertEquals(
        List.of("type", "challenge", "origin", "rpId", "publicKey", "signature", "trust"),
        parsed.get("leftOut"));
  }

  @Test
  void judgesTheCounterOfAnAssertionByHash() {
    String byHash = ASSERTION
        .replace("\"kind\": \"webauthn-assertion\"", "\"kind\": \"webauthn-assertion-hash\"")
        .replaceFirst("\"clientDataJSON\": \"[^\"]*\"", "\"clientDataHash\": \"" + hash() + "\"");
    Map<String, Object> accepted = accepted(byHash);
    assertEquals(List.of("type", "challenge", "origin", "credentialId"), accepted.get("leftOut"));
    Session refused =
        Session.of(byHash.replace("\"storedCounter\": 0", "\"storedCounter\": 5"), "verify");
    assertEquals("COUNTER_REFUSED", refused.json().get("reason"));
  }

  private static String hash() {
    String clientData = ASSERTION.replaceFirst(".*\"clientDataJSON\": \"([^\"]*)\".*", "$1");
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256")
              .digest(Base64.getUrlDecoder().decode(clientData)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void trustIsAskedForHereToo(@TempDir Path folder) throws IOException {
    Path root = folder.resolve("root.der");
    Files.write(root, Attestation.test().certificate().toArray());
    Session session = Session.of(REGISTRATION, "verify", "--require-trust", "--roots", "" + root);
    assertEquals("UNTRUSTED_ATTESTATION", session.json().get("reason"), session.out());
  }
}
