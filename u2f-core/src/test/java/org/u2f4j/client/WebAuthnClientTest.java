package org.u2f4j.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.u2f4j.Samples.hex;
import static org.u2f4j.Samples.repeat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.AppId;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.Vectors;
import org.u2f4j.Vectors.Vector;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.FakeClock;
import org.u2f4j.apdu.ScriptedKey;
import org.u2f4j.apdu.Transport;
import org.u2f4j.json.AssertionResponse;
import org.u2f4j.json.AttestationResponse;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.CreationOptions;
import org.u2f4j.json.CredentialDescriptor;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RequestOptions;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.soft.SoftwareKey;

class WebAuthnClientTest {
  private static final String ORIGIN = "https://login.example.com";
  private static final String RP_ID = "example.com";
  private static final AppId APP_ID = new AppId("https://login.example.com/app");
  private static final String CHALLENGE = "Y2hhbGxlbmdl";
  private static final CreationOptions.User USER =
      new CreationOptions.User(repeat(16, 7), "alice", "Alice");
  private static final String TOUCH = "6985";
  private static final String NOT_MINE = "6a80";
  private static final String SIGNED = "01" + "0000002a" + "3006020101020101" + "9000";
  private static final KeyHandle ONE = new KeyHandle(hex("01"));
  private static final KeyHandle TWO = new KeyHandle(hex("02"));
  private static final KeyHandle TOO_LONG = new KeyHandle(repeat(256, 3));

  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), new FakeClock());
  private final WebAuthnClient client =
      new WebAuthnClient(FacetRule.sameHost(), new TouchPolling(TouchPolling.SILENT));

  private static List<CredentialDescriptor> credentials(KeyHandle... ids) {
    return Stream.of(ids).map(id -> new CredentialDescriptor(id, List.of())).toList();
  }

  private static CreationOptions creation(String rpId, AppId appId, KeyHandle... excluded) {
    return new CreationOptions(
        rpId, "Example", USER, CHALLENGE, credentials(excluded), null, true, appId);
  }

  private static RequestOptions request(AppId appId, KeyHandle... allowed) {
    return new RequestOptions(RP_ID, CHALLENGE, credentials(allowed), null, appId);
  }

  private static String sha256(String text) {
    return Bytes.utf8(text).sha256().hex();
  }

  private static String clientData(String type) {
    return "{\"type\":\"webauthn." + type + "\",\"challenge\":\"" + CHALLENGE + "\",\"origin\":\""
        + ORIGIN + "\",\"crossOrigin\":false}";
  }

  /** A command as it goes over the wire. */
  private static String authenticate(int control, String type, String application, KeyHandle id) {
    return "0002%02x00000042".formatted(control)
        + sha256(clientData(type))
        + sha256(application)
        + "01"
        + id.bytes().hex()
        + "0000";
  }

  private static ErrorCodeException refused(ErrorCode code, Executable executable) {
    ErrorCodeException e = assertThrows(ErrorCodeException.class, executable::run);
    assertEquals(code, e.code(), e::getMessage);
    return e;
  }

  private interface Executable {
    void run() throws Exception;
  }

  private static RegistrationResponse registration(Vector vector) throws Exception {
    return new RegistrationResponse(
        UserPublicKey.decode(vector.hex("userPublicKey")),
        new KeyHandle(vector.hex("keyHandle")),
        vector.hex("certificate"),
        vector.hex("signature"));
  }

  @Test
  void aRegistrationIsWrittenAsCtapShowsIt() throws Exception {
    Vector raw = Vectors.named("ctap2-u2f-interop-registration");
    Vector webAuthn = Vectors.webAuthn("ctap2-u2f-interop-registration");
    ApplicationParameter application = new ApplicationParameter(raw.hex("applicationParameter"));
    assertEquals(
        webAuthn.text("attestationObject"),
        U2fCredential.attestationObject(registration(raw), application, true).hex());
    assertEquals(
        "a3" + "63666d74" + "646e6f6e65" + "6761747453746d74" + "a0" + "686175746844617461" + "58c4"
            + webAuthn.text("authenticatorData"),
        U2fCredential.attestationObject(registration(raw), application, false).hex());
  }

  /** The vector has a model where a U2F key has none, 16 bytes behind 37 of the authenticator data. */
  @Test
  void aRegistrationIsWrittenAsTheW3cShowsItButForTheModel() throws Exception {
    Vector vector = Vectors.webAuthn("w3c-webauthn-l3-fido-u2f-es256-registration");
    String expected = vector.text("attestationObject");
    int modelAt = expected.length() - vector.text("authenticatorData").length() + 2 * 37;
    assertEquals(
        expected.substring(0, modelAt) + "00".repeat(16) + expected.substring(modelAt + 32),
        U2fCredential.attestationObject(
                registration(vector), new AppId(vector.text("rpId")).applicationParameter(), true)
            .hex());
  }

  @Test
  void anAuthenticationIsWrittenAsTheW3cShowsIt() {
    Vector vector = Vectors.webAuthn("w3c-webauthn-l3-fido-u2f-es256-authentication");
    assertEquals(
        vector.text("authenticatorData"),
        U2fCredential.assertionData(
                new AuthenticationResponse(1, 0, vector.hex("signature")),
                new AppId(vector.text("rpId")).applicationParameter())
            .hex());
  }

  @ParameterizedTest
  @CsvSource({"registration, webauthn.create", "authentication, webauthn.get"})
  void clientDataAreWrittenAsTheW3cShowsThem(String name, String type) {
    Vector vector = Vectors.webAuthn("w3c-webauthn-l3-fido-u2f-es256-" + name);
    ClientData made =
        ClientData.ofWebAuthn(type, vector.hex("challenge").base64Url(), "https://example.org");
    assertEquals(Bytes.utf8(vector.text("clientDataText")), made.bytes());
  }

  @Test
  void aKeyRegistersAndSigns() throws Exception {
    SoftwareKey key = SoftwareKey.create();
    AttestationResponse created = client.create(creation(RP_ID, null), ORIGIN, key, deadline);
    assertEquals(Bytes.utf8(clientData("create")), created.clientData().bytes());
    assertEquals(created, AttestationResponse.decode(created.toJson()));
    assertNull(created.appIdExclude());

    AssertionResponse got = client.get(request(null, TWO, created.id()), ORIGIN, key, deadline);
    assertEquals(Bytes.utf8(clientData("get")), got.clientData().bytes());
    assertEquals(created.id(), got.id());
    assertEquals(sha256(RP_ID) + "01" + "00000001", got.authenticatorData().hex());
    assertEquals(got, AssertionResponse.decode(got.toJson()));
    assertNull(got.appId());
  }

  @Test
  void eachExcludedCredentialIsLookedForUnderRpIdAndAppId() throws Exception {
    Vector vector = Vectors.named("ctap2-u2f-interop-registration");
    String register = "00010000000040" + sha256(clientData("create")) + sha256(RP_ID) + "0000";
    try (ScriptedKey key = new ScriptedKey()
        .on(authenticate(7, "create", RP_ID, ONE), NOT_MINE)
        .on(authenticate(7, "create", APP_ID.value(), ONE), NOT_MINE)
        .on(authenticate(7, "create", RP_ID, TWO), NOT_MINE)
        .on(authenticate(7, "create", APP_ID.value(), TWO), NOT_MINE)
        .on(register, TOUCH)
        .on(register, vector.text("response"))) {
      AttestationResponse created =
          client.create(creation(RP_ID, APP_ID, ONE, TOO_LONG, TWO), ORIGIN, key, deadline);
      assertEquals(vector.text("keyHandle"), created.id().bytes().hex());
      assertEquals(true, created.appIdExclude());
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aKeyWithAnExcludedCredentialIsRefusedAfterATouch(boolean old) throws Exception {
    String blink = "00010000000040" + "42".repeat(32) + "41".repeat(32) + "0000";
    ScriptedKey key = new ScriptedKey();
    if (old) {
      key.on(authenticate(7, "create", RP_ID, ONE), NOT_MINE)
          .on(authenticate(7, "create", APP_ID.value(), ONE), TOUCH);
    } else {
      key.on(authenticate(7, "create", RP_ID, ONE), TOUCH);
    }
    key.on(blink, TOUCH).on(blink, NOT_MINE);
    refused(
        ErrorCode.DEVICE_INELIGIBLE,
        () -> client.create(creation(RP_ID, APP_ID, ONE, TWO), ORIGIN, key, deadline));
    key.close();
  }

  @ParameterizedTest
  @CsvSource({"example.com, false", "https://login.example.com/app, true"})
  void aCredentialSignsForWhatItIsBoundTo(String bound, boolean appId) throws Exception {
    ScriptedKey key = new ScriptedKey();
    key.on(authenticate(7, "get", RP_ID, ONE), NOT_MINE)
        .on(authenticate(7, "get", APP_ID.value(), ONE), NOT_MINE);
    if (appId) {
      key.on(authenticate(7, "get", RP_ID, TWO), NOT_MINE);
    }
    key.on(authenticate(7, "get", bound, TWO), TOUCH)
        .on(authenticate(3, "get", bound, TWO), TOUCH)
        .on(authenticate(3, "get", bound, TWO), SIGNED);
    AssertionResponse got = client.get(request(APP_ID, ONE, TOO_LONG, TWO), ORIGIN, key, deadline);
    key.close();
    assertEquals(sha256(bound) + "01" + "0000002a", got.authenticatorData().hex());
    assertEquals("3006020101020101", got.signature().hex());
    assertEquals(TWO, got.id());
    assertEquals(appId, got.appId());
  }

  @Test
  void aKeyWithNoneOfTheCredentialsIsIneligible() throws Exception {
    try (ScriptedKey key = new ScriptedKey().on(authenticate(7, "get", RP_ID, ONE), NOT_MINE)) {
      refused(
          ErrorCode.DEVICE_INELIGIBLE, () -> client.get(request(null, ONE), ORIGIN, key, deadline));
    }
  }

  @Test
  void aForeignAppIdIsRefusedBeforeTheKeyHearsOfIt() {
    AppId foreign = new AppId("https://example.net");
    Transport untouched = new ScriptedKey();
    refused(
        ErrorCode.BAD_REQUEST,
        () -> client.create(creation(RP_ID, foreign, ONE), ORIGIN, untouched, deadline));
    refused(
        ErrorCode.BAD_REQUEST,
        () -> client.get(request(foreign, ONE), ORIGIN, untouched, deadline));
  }

  @ParameterizedTest
  @CsvSource({
    // origin, RP ID or none for the default, the one that is used or none if it is refused
    "https://example.com, example.com, example.com",
    "https://example.com, , example.com",
    "https://login.example.com, , login.example.com",
    "https://login.example.com:8443, example.com, example.com",
    "http://localhost:8080, localhost, localhost",
    "http://a.localhost, a.localhost, a.localhost",
    // a public suffix is not known here, but nobody may have a whole top-level domain
    "https://example.co.uk, co.uk, co.uk",
    "https://example.com, com, ",
    "https://a.localhost, localhost, ",
    "https://example.com, login.example.com, ",
    "https://notexample.com, example.com, ",
    "https://example.com, .example.com, ",
    "https://example.com, Example.com, ",
    "https://example.com, https://example.com, ",
    "https://example.com, '', ",
    "http://example.com, example.com, ",
    "http://notlocalhost, notlocalhost, ",
    "https://example.com/, example.com, ",
    "https://EXAMPLE.com, example.com, ",
    "https://127.0.0.1, 127.0.0.1, ",
    "https://[::1], [::1], ",
    "android:apk-key-hash:x, example.com, ",
    "'', example.com, ",
  })
  void anRpIdHasToSuitTheOrigin(String origin, String rpId, String used) throws Exception {
    if (used == null) {
      refused(
          ErrorCode.BAD_REQUEST,
          () -> client.create(creation(rpId, null), origin, new ScriptedKey(), deadline));
      return;
    }
    String response = client
        .create(creation(rpId, null), origin, SoftwareKey.create(), deadline)
        .attestationObject()
        .hex();
    int dataAt = response.indexOf("686175746844617461") + 22;
    assertEquals(sha256(used), response.substring(dataAt, dataAt + 64));
  }

  @Test
  void whoeverKnowsPublicSuffixesCanSaySo() {
    WebAuthnClient careful = new WebAuthnClient(
        FacetRule.sameHost(),
        new TouchPolling(TouchPolling.SILENT),
        (rpId, host) -> !rpId.equals("co.uk") && host.endsWith("." + rpId));
    String origin = "https://www.example.co.uk";
    refused(
        ErrorCode.BAD_REQUEST,
        () -> careful.create(creation("co.uk", null), origin, new ScriptedKey(), deadline));
    refused(
        ErrorCode.TIMEOUT,
        () -> careful.create(
            creation("example.co.uk", null),
            origin,
            SoftwareKey.create(),
            Deadline.after(Duration.ZERO, new FakeClock())));
  }

  @Test
  void theOptionsCanShortenTheDeadline() {
    CreationOptions options =
        new CreationOptions(RP_ID, "Example", USER, CHALLENGE, List.of(), 0, true, null);
    refused(
        ErrorCode.TIMEOUT, () -> client.create(options, ORIGIN, SoftwareKey.create(), deadline));
  }
}
