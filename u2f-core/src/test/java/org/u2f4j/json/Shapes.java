package org.u2f4j.json;

import java.util.stream.Stream;
import org.u2f4j.Vectors;
import org.u2f4j.Vectors.Vector;

/** JSON as servers and browsers send it, written by hand: the shapes of versions 1.0 and 1.1. */
final class Shapes {
  /** 32 bytes and the last character of their base64 with nothing lost. */
  static final String CHALLENGE = "vqrS6WXDe1JUs5_c3i4-LkKIHRr-3XVb3azuA5TifHo";

  static final String OTHER_CHALLENGE = "opsXqUifDriAAmWclinfbS0e-USY0CgyJHe_Otd7z8o";

  static final String REGISTER_11 = """
      {
        "type": "u2f_register_request",
        "appId": "https://example.com",
        "registerRequests": [
          {"version": "U2F_V1", "challenge": "AAAA"},
          {"version": "U2F_V2", "challenge": "%s"},
          {"version": "U2F_V2", "challenge": "BBBB"}
        ],
        "registeredKeys": [
          {"version": "U2F_V2", "keyHandle": "AQID", "transports": ["usb", "nfc"]},
          {"version": "U2F_V2", "keyHandle": "BAUG", "appId": "https://old.example.com"}
        ],
        "timeoutSeconds": 30,
        "requestId": 7
      }""".formatted(CHALLENGE);

  static final String REGISTER_10 = """
      {
        "type": "u2f_register_request",
        "registerRequests": [
          {"version": "U2F_V2", "challenge": "%s", "appId": "https://example.com"}
        ],
        "signRequests": [
          {"version": "U2F_V2", "challenge": "%s", "keyHandle": "AQID",
            "appId": "https://example.com"}
        ],
        "timeoutSeconds": 30
      }""".formatted(CHALLENGE, OTHER_CHALLENGE);

  static final String REGISTER_SHORT =
      "{\"challenge\":\"%s\",\"version\":\"U2F_V2\",\"appId\":\"https:\\/\\/example.com\"}"
          .formatted(CHALLENGE);

  static final String SIGN_11 = """
      {
        "type": "u2f_sign_request",
        "appId": "https://example.com",
        "challenge": "%s",
        "registeredKeys": [
          {"version": "U2F_V2", "keyHandle": "AQID", "transports": ["bt", "ble"]},
          {"version": "U2F_V2", "keyHandle": "BAUG", "appId": "https://old.example.com"}
        ],
        "timeoutSeconds": 30,
        "requestId": 7
      }""".formatted(CHALLENGE);

  static final String SIGN_10 = """
      {
        "type": "u2f_sign_request",
        "signRequests": [
          {"version": "U2F_V2", "challenge": "%s", "keyHandle": "AQID",
            "appId": "https://example.com"},
          {"version": "U2F_V2", "challenge": "%s", "keyHandle": "BAUG",
            "appId": "https://old.example.com"}
        ],
        "requestId": 7
      }""".formatted(CHALLENGE, OTHER_CHALLENGE);

  static final String SIGN_SHORT = """
      {"keyHandle": "AQID", "challenge": "%s", "version": "U2F_V2", "appId": "https://example.com"}
      """.formatted(CHALLENGE);

  static final String FACETS = """
      {"trustedFacets": [{"version": {"major": 1, "minor": 0}, "ids": [
        "https://example.com", "https://login.example.com", "android:apk-key-hash:x"]}]}""";

  static final String FACETS_OLD = "[\"https://example.com\", \"https://login.example.com\"]";

  static final String CREATION = """
      {"rp": {"id": "example.com", "name": "Example"},
        "user": {"id": "Bwg", "name": "alice", "displayName": "Alice"},
        "challenge": "%s", "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
        "timeout": 30000, "excludeCredentials": [{"type": "public-key", "id": "AQID"}],
        "authenticatorSelection": {"userVerification": "discouraged"}, "attestation": "direct",
        "extensions": {"appidExclude": "https://example.com"}}""".formatted(CHALLENGE);

  static final String REQUEST = """
      {"challenge": "%s", "rpId": "example.com", "timeout": 30000,
        "allowCredentials": [{"type": "public-key", "id": "AQID", "transports": ["usb"]}],
        "extensions": {"appid": "https://example.com"}}""".formatted(CHALLENGE);

  static final String CREDENTIAL = """
      {"type": "public-key", "id": "AQID", "rawId": "AQID", "response": {"clientDataJSON": "%s",
        "attestationObject": "oA", "transports": ["usb"], "authenticatorData": "AA",
        "signature": "AQ", "userHandle": "Ag"}, "clientExtensionResults": {"appid": true}}""".formatted(
          ClientData.ofWebAuthn(ClientData.GET, CHALLENGE, "https://example.com")
              .bytes()
              .base64Url());

  private Shapes() {}

  static Stream<String> requests() {
    return Stream.of(
        REGISTER_11, REGISTER_10, REGISTER_SHORT, SIGN_11, SIGN_10, SIGN_SHORT, CREATION, REQUEST);
  }

  static Stream<String> responses() {
    return Stream.of(
        registerResponse(Vectors.named("spec-registration-example")),
        signResponse(Vectors.named("spec-authentication-example")),
        message("u2f_register_response", registerResponse(Vectors.named("discretix-registration"))),
        message("u2f_sign_response", signResponse(Vectors.named("discretix-authentication"))),
        message("u2f_sign_response", "{\"errorCode\": 4, \"errorMessage\": \"no such key\"}"),
        "{\"errorCode\": 5}",
        CREDENTIAL);
  }

  static Stream<String> facetLists() {
    return Stream.of(FACETS, FACETS_OLD);
  }

  static String registerResponse(Vector vector) {
    return "{\"registrationData\": \"%s\", \"clientData\": \"%s\", \"version\": \"U2F_V2\"}"
        .formatted(vector.text("responseData"), vector.text("clientData"));
  }

  static String signResponse(Vector vector) {
    return "{\"keyHandle\": \"%s\", \"signatureData\": \"%s\", \"clientData\": \"%s\"}"
        .formatted(
            vector.text("keyHandleBase64"), vector.text("responseData"), vector.text("clientData"));
  }

  static String message(String type, String responseData) {
    return "{\"type\": \"%s\", \"requestId\": 7, \"responseData\": %s}"
        .formatted(type, responseData);
  }
}
