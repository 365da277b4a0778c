package org.u2f4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.Samples.hex;
import static org.u2f4j.Samples.repeat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;

class WebAuthnJsonTest {
  private static final AppId APP_ID = new AppId("https://example.com");
  private static final CredentialDescriptor KNOWN =
      new CredentialDescriptor(new KeyHandle(hex("010203")), List.of("usb", "nfc"));
  private static final CredentialDescriptor OTHER =
      new CredentialDescriptor(new KeyHandle(hex("040506")), List.of());
  private static final CreationOptions.User USER =
      new CreationOptions.User(hex("0708"), "alice@example.com", "");

  private static String shown(String json) {
    return json.replace('"', '\'');
  }

  @Test
  void creationOptionsAreWrittenAndRead() throws Exception {
    CreationOptions options = new CreationOptions(
        "example.com",
        "Example",
        USER,
        "Y2hhbGxlbmdl",
        List.of(KNOWN, OTHER),
        300_000,
        true,
        APP_ID);
    assertEquals(
        "{'rp':{'id':'example.com','name':'Example'},"
            + "'user':{'id':'Bwg','name':'alice@example.com','displayName':''},"
            + "'challenge':'Y2hhbGxlbmdl',"
            + "'pubKeyCredParams':[{'type':'public-key','alg':-7}],"
            + "'timeout':300000,"
            + "'excludeCredentials':["
            + "{'type':'public-key','id':'AQID','transports':['usb','nfc']},"
            + "{'type':'public-key','id':'BAUG'}],"
            + "'authenticatorSelection':{'authenticatorAttachment':'cross-platform',"
            + "'residentKey':'discouraged','requireResidentKey':false,"
            + "'userVerification':'discouraged'},"
            + "'hints':['security-key'],'attestation':'direct',"
            + "'extensions':{'appidExclude':'https://example.com'}}",
        shown(options.toJson()));
    assertEquals(options, CreationOptions.decode(options.toJson()));
    assertEquals(options, CreationOptions.decode(Bytes.utf8(options.toJson())));
  }

  @Test
  void requestOptionsAreWrittenAndRead() throws Exception {
    RequestOptions options =
        new RequestOptions("example.com", "Y2hhbGxlbmdl", List.of(KNOWN, OTHER), 300_000, APP_ID);
    assertEquals(
        "{'challenge':'Y2hhbGxlbmdl','timeout':300000,'rpId':'example.com',"
            + "'allowCredentials':["
            + "{'type':'public-key','id':'AQID','transports':['usb','nfc']},"
            + "{'type':'public-key','id':'BAUG'}],"
            + "'userVerification':'discouraged','hints':['security-key'],"
            + "'extensions':{'appid':'https://example.com'}}",
        shown(options.toJson()));
    assertEquals(options, RequestOptions.decode(options.toJson()));
    assertEquals(options, RequestOptions.decode(Bytes.utf8(options.toJson())));
  }

  /** As little as WebAuthn allows; the padding of base64 is not in what a browser signs. */
  @Test
  void whatMayBeAbsentIs() throws Exception {
    CreationOptions creation = CreationOptions.decode("""
        {"rp": {"name": "Example"}, "user": {"id": "Bwg", "name": "a", "displayName": "b"},
         "challenge": "AQI=", "pubKeyCredParams": []}""");
    assertEquals(
        new CreationOptions(
            null,
            "Example",
            new CreationOptions.User(hex("0708"), "a", "b"),
            "AQI",
            List.of(),
            null,
            false,
            null),
        creation);
    assertEquals(creation, CreationOptions.decode(creation.toJson()));
    RequestOptions request = RequestOptions.decode("{\"challenge\": \"AQI=\"}");
    assertEquals(new RequestOptions(null, "AQI", List.of(), null, null), request);
    assertEquals(request, RequestOptions.decode(request.toJson()));
  }

  private static String creation(String member) {
    return """
        {"rp": {"name": "Example"}, "user": {"id": "Bwg", "name": "a", "displayName": "b"},
         "challenge": "AQID", %s}""".formatted(member.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'pubKeyCredParams': [{'type': 'public-key', 'alg': -257}]",
        "'pubKeyCredParams': [{'type': 'public-key', 'alg': -8}, {'type': 'public-key'}]",
        "'authenticatorSelection': {'authenticatorAttachment': 'platform'}",
        "'authenticatorSelection': {'residentKey': 'required'}",
        "'authenticatorSelection': {'requireResidentKey': true}",
        "'authenticatorSelection': {'userVerification': 'required'}",
        "'attestation': 'enterprise'",
      })
  void whatNoU2fKeyCanDoIsNotSupported(String member) {
    ErrorCodeException refusal =
        assertThrows(ErrorCodeException.class, () -> CreationOptions.decode(creation(member)));
    assertEquals(ErrorCode.CONFIGURATION_UNSUPPORTED, refusal.code());
  }

  @Test
  void aSignatureCannotBeForAPersonThatTheKeyKnows() {
    ErrorCodeException refusal = assertThrows(
        ErrorCodeException.class,
        () -> RequestOptions.decode("{\"challenge\":\"AQID\",\"userVerification\":\"required\"}"));
    assertEquals(ErrorCode.CONFIGURATION_UNSUPPORTED, refusal.code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'attestation': 'direct' | true",
        "'attestation': 'indirect' | true",
        "'attestation': 'none' | false",
        "'pubKeyCredParams': [{'alg': -257}, {'alg': -7}] | false",
        "'authenticatorSelection': {'userVerification': 'preferred'} | false",
        "'authenticatorSelection': {'residentKey': 'preferred', 'requireResidentKey': true} | false",
      })
  void otherWishesAreNoReasonToRefuse(String member, boolean attestation) throws Exception {
    assertEquals(attestation, CreationOptions.decode(creation(member)).attestation());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}",
        "{'challenge': ''}",
        "{'challenge': 'A'}",
        "{'challenge': 'AQID', 'rp': {'name': 'x'}}",
        "{'challenge': 'AQID', 'user': {'id': 'Bwg', 'name': 'a', 'displayName': 'b'}}",
        "{'challenge': 'AQID', 'rp': {}, 'user': {'id': 'Bwg', 'name': 'a', 'displayName': 'b'}}",
        "{'challenge': 'AQID', 'rp': {'name': 'x'}, 'user': {'id': '', 'name': 'a', 'displayName': 'b'}}",
      })
  void optionsThatAreNoneAreRefused(String json) {
    assertThrows(FormatException.class, () -> CreationOptions.decode(json.replace('\'', '"')));
  }

  @Test
  void aUserHandleHasOneTo64Bytes() {
    assertThrows(
        IllegalArgumentException.class, () -> new CreationOptions.User(Bytes.EMPTY, "a", "b"));
    assertThrows(
        IllegalArgumentException.class, () -> new CreationOptions.User(repeat(65, 1), "a", "b"));
    assertEquals(64, new CreationOptions.User(repeat(64, 1), "a", "b").id().length());
  }

  @Test
  void neitherOptionsShowTheirChallenge() {
    String challenge = "Y2hhbGxlbmdl";
    assertFalse(new CreationOptions("a", "b", USER, challenge, List.of(), null, true, null)
        .toString()
        .contains(challenge));
    assertFalse(
        new RequestOptions("a", challenge, List.of(), null, null).toString().contains(challenge));
  }

  private static final String CLIENT_DATA = Bytes.utf8(
          "{\"type\":\"webauthn.get\",\"challenge\":\"AQID\",\"origin\":\"https://example.com\","
              + "\"crossOrigin\":true,\"topOrigin\":\"https://example.net\"}")
      .base64Url();

  private static String answer(String changed, String to) {
    String json = """
        {'type':'public-key','id':'AQID','rawId':'AQID','authenticatorAttachment':'platform',
         'response':{'clientDataJSON':'C','attestationObject':'oA','transports':['usb'],
           'authenticatorData':'AA','signature':'AQ','userHandle':'Ag','publicKey':'junk'},
         'clientExtensionResults':{'appid':true,'appidExclude':true,'other':7}}""";
    assertTrue(json.contains(changed), changed);
    return json.replace(changed, to).replace("'C'", "'" + CLIENT_DATA + "'").replace('\'', '"');
  }

  @Test
  void answersAreRead() throws Exception {
    AttestationResponse attestation = AttestationResponse.decode(answer("", ""));
    assertEquals(KNOWN.id(), attestation.id());
    assertEquals(hex("a0"), attestation.attestationObject());
    assertEquals(List.of("usb"), attestation.transports());
    assertEquals(true, attestation.appIdExclude());
    AssertionResponse assertion = AssertionResponse.decode(Bytes.utf8(answer("", "")));
    assertEquals(KNOWN.id(), assertion.id());
    assertEquals(hex("00"), assertion.authenticatorData());
    assertEquals(hex("01"), assertion.signature());
    assertEquals(hex("02"), assertion.userHandle());
    assertEquals(true, assertion.appId());
    ClientData clientData = assertion.clientData();
    assertEquals("webauthn.get from https://example.com", clientData.toString());
    assertTrue(clientData.crossOrigin());
    assertEquals("https://example.net", clientData.topOrigin());
  }

  @Test
  void whatAnOldBrowserLeavesOutIsNotThere() throws Exception {
    AssertionResponse response = AssertionResponse.decode("""
        {"type":"public-key","id":"AQID","rawId":"AQID","response":{"clientDataJSON":"%s",
         "authenticatorData":"AA","signature":"AQ","userHandle":null}}""".formatted(
            Bytes.utf8("{\"type\":\"t\",\"challenge\":\"c\",\"origin\":\"o\"}").base64Url()));
    assertNull(response.appId());
    assertNull(response.userHandle());
    assertFalse(response.clientData().crossOrigin());
    assertNull(response.clientData().topOrigin());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'id':'AQID',| ",
        "'rawId':'AQID',| ",
        "'rawId':'AQID'| 'rawId':'AQIE'",
        "'type':'public-key',| ",
        "'type':'public-key'| 'type':'password'",
        "'response':{| 'answer':{",
        "'clientDataJSON':'C'| 'clientData':'C'",
        "'clientDataJSON':'C'| 'clientDataJSON':'e30'",
        "'appid':true,'appidExclude':true| 'appid':1,'appidExclude':1",
        "'clientExtensionResults':{| 'clientExtensionResults':[],'x':{",
      })
  void answersThatAreNoneAreRefused(String changed, String to) {
    String json = answer(changed, to == null ? "" : to);
    assertThrows(FormatException.class, () -> AttestationResponse.decode(json));
    assertThrows(FormatException.class, () -> AssertionResponse.decode(json));
  }

  @Test
  void clientDataOfOneProtocolAreNotReadAsTheOthers() {
    Bytes u2f = ClientData.of(ClientData.SIGN, "AQID", "https://example.com").bytes();
    Bytes webAuthn =
        ClientData.ofWebAuthn(ClientData.GET, "AQID", "https://example.com").bytes();
    assertThrows(FormatException.class, () -> ClientData.decodeWebAuthn(u2f));
    assertThrows(FormatException.class, () -> ClientData.decode(webAuthn));
  }
}
