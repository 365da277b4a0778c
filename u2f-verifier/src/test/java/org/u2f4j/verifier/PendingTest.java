package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.verifier.Samples.APP_ID;
import static org.u2f4j.verifier.Samples.NOW;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;

class PendingTest {
  private static final String CHALLENGE = "vqrS6WXDe1JUs5_c3i4-LkKIHRr-3XVb3azuA5TifHo";
  private static final List<RegisteredKey> KEYS = List.of(new RegisteredKey(
      RegisteredKey.U2F_V2,
      new KeyHandle(Samples.repeat(64, 7)),
      null,
      null,
      List.of("usb", "nfc")));
  static final PendingRegistration REGISTRATION = new PendingRegistration(
      "älice \"1\"",
      new RegisterRequest(APP_ID, CHALLENGE, KEYS, 300, null),
      NOW.plusNanos(123_456_789));
  static final PendingAuthentication AUTHENTICATION =
      new PendingAuthentication("alice", new SignRequest(APP_ID, CHALLENGE, KEYS, 300, null), NOW);

  @Test
  void itIsReadAsItWasWritten() throws Exception {
    assertEquals(REGISTRATION, PendingRegistration.fromJson(REGISTRATION.toJson()));
    assertEquals(AUTHENTICATION, PendingAuthentication.fromJson(AUTHENTICATION.toJson()));
    assertEquals(CHALLENGE, REGISTRATION.challenge());
    assertEquals(CHALLENGE, AUTHENTICATION.challenge());
    assertEquals(APP_ID, REGISTRATION.appId());
    assertEquals(APP_ID, AUTHENTICATION.appId());
    assertEquals(REGISTRATION.request(), RegisterRequest.decode(REGISTRATION.requestJson()));
    assertEquals(AUTHENTICATION.request(), SignRequest.decode(AUTHENTICATION.requestJson()));
  }

  @Test
  void theFormIsOfVersion1() {
    Json.object(REGISTRATION.toJson()); // reads it too
    assertEquals(
        "{\"version\":1,\"kind\":\"authentication\",\"account\":\"alice\","
            + "\"expiresAt\":\"2026-05-01T12:00:00Z\",\"request\":\"",
        AUTHENTICATION.toJson().split("\\{", 3)[0]
            + "{"
            + AUTHENTICATION.toJson().split("\\{", 3)[1]);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          "version":1          | "version":2
          "version":1          | "version":0
          "version":1          | "version":"1"
          "version":1,         | ''
          "registration"       | "authentication"
          "registration"       | "other"
          "account":"alice"    | "account":""
          "account":"alice"    | "account":null
          "account":"alice"    | "account":"\\u0000"
          "account":"alice",   | ''
          2026-05-01T12:00:00Z | 2026-13-01T12:00:00Z
          2026-05-01T12:00:00Z | 2026-05-01
          2026-05-01T12:00:00Z | ''
          \\"appId\\"          | \\"appid\\"
          \\"challenge\\"      | \\"challenger\\"
          "request":"          | "request":"x
          "request"            | "req"
          https://example.com  | \\\\ud800
          """)
  void anythingElseIsRefused(String part, String other) throws Exception {
    RegisterRequest request = new RegisterRequest(APP_ID, CHALLENGE, KEYS, 300, null);
    String right = new PendingRegistration("alice", request, NOW).toJson();
    PendingRegistration.fromJson(right);
    assertTrue(right.contains(part), right);
    assertThrows(
        FormatException.class, () -> PendingRegistration.fromJson(right.replace(part, other)));
    String sign = AUTHENTICATION.toJson();
    assertThrows(
        FormatException.class,
        () -> PendingAuthentication.fromJson(
            part.equals("\"registration\"") ? right : sign.replace(part, other)));
  }

  @Test
  void aKindIsNotTakenForTheOther() {
    FormatException refusal = assertThrows(
        FormatException.class, () -> PendingAuthentication.fromJson(REGISTRATION.toJson()));
    assertEquals(
        "a pending authentication is expected, and this is of another kind", refusal.getMessage());
    assertThrows(
        FormatException.class, () -> PendingRegistration.fromJson(AUTHENTICATION.toJson()));
  }

  @Test
  void itBelongsToAnAccountAndHasAnAppId() {
    RegisterRequest register = new RegisterRequest(null, CHALLENGE, KEYS, 300, null);
    SignRequest sign = new SignRequest(null, CHALLENGE, KEYS, 300, null);
    for (String account : List.of("", "alice")) {
      assertThrows(
          IllegalArgumentException.class, () -> new PendingRegistration(account, register, NOW));
      assertThrows(
          IllegalArgumentException.class, () -> new PendingAuthentication(account, sign, NOW));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new PendingRegistration("", REGISTRATION.request(), NOW));
    assertThrows(
        IllegalArgumentException.class,
        () -> new PendingAuthentication("", AUTHENTICATION.request(), NOW));
  }

  @Test
  void inALogItDoesNotShowItsChallenge() {
    assertEquals("authentication of alice until 2026-05-01T12:00:00Z", AUTHENTICATION.toString());
    assertFalse(REGISTRATION.toString().contains(CHALLENGE));
    assertTrue(REGISTRATION.toString().contains("registration for älice"));
  }
}
