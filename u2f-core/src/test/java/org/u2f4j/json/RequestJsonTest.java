package org.u2f4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.u2f4j.Samples.assertRefused;
import static org.u2f4j.Samples.hex;
import static org.u2f4j.json.Shapes.CHALLENGE;
import static org.u2f4j.json.Shapes.OTHER_CHALLENGE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.AppId;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;

class RequestJsonTest {
  private static final AppId APP_ID = new AppId("https://example.com");
  private static final AppId OLD = new AppId("https://old.example.com");
  private static final KeyHandle FIRST = new KeyHandle(hex("010203"));
  private static final KeyHandle SECOND = new KeyHandle(hex("040506"));

  private static RegisteredKey key(
      KeyHandle keyHandle, AppId appId, String challenge, String... transports) {
    return new RegisteredKey("U2F_V2", keyHandle, appId, challenge, List.of(transports));
  }

  @Test
  void registerRequestsOfVersion11AreReadAndWritten() throws FormatException {
    RegisterRequest request = new RegisterRequest(
        APP_ID,
        CHALLENGE,
        List.of(key(FIRST, null, null, "usb", "nfc"), key(SECOND, OLD, null)),
        30,
        7);
    assertEquals(request, RegisterRequest.decode(Shapes.REGISTER_11));
    assertEquals(
        "{'type':'u2f_register_request','appId':'https://example.com',"
            + "'registerRequests':[{'version':'U2F_V2','challenge':'C'}],"
            + "'registeredKeys':["
            + "{'version':'U2F_V2','keyHandle':'AQID','transports':['usb','nfc']},"
            + "{'version':'U2F_V2','keyHandle':'BAUG','appId':'https://old.example.com'}],"
            + "'timeoutSeconds':30,'requestId':7}",
        shown(request.toJson()));
    assertEquals(
        "{'type':'u2f_register_request',"
            + "'registerRequests':[{'version':'U2F_V2','challenge':'C','appId':'https://example.com'}],"
            + "'signRequests':["
            + "{'version':'U2F_V2','challenge':'C','keyHandle':'AQID','appId':'https://example.com',"
            + "'transports':['usb','nfc']},"
            + "{'version':'U2F_V2','challenge':'C','keyHandle':'BAUG',"
            + "'appId':'https://old.example.com'}],"
            + "'timeoutSeconds':30,'requestId':7}",
        shown(request.toJson10()));
    assertEquals(request, RegisterRequest.decode(request.toJson10()));
  }

  /** Easier on the eye. */
  private static String shown(String json) {
    return json.replace(CHALLENGE, "C").replace(OTHER_CHALLENGE, "O").replace('"', '\'');
  }

  @Test
  void registerRequestsOfVersion10AreRead() throws FormatException {
    assertEquals(
        new RegisterRequest(APP_ID, CHALLENGE, List.of(new RegisteredKey(FIRST)), 30, null),
        RegisterRequest.decode(Shapes.REGISTER_10));
  }

  @Test
  void theShortRegisterRequestOfServerToolsIsRead() throws FormatException {
    assertEquals(
        new RegisterRequest(APP_ID, CHALLENGE, List.of()),
        RegisterRequest.decode(Shapes.REGISTER_SHORT));
    assertEquals(
        new RegisterRequest(null, CHALLENGE, List.of(), null, null),
        RegisterRequest.decode("{\"challenge\": \"%s\"}".formatted(CHALLENGE)));
  }

  @Test
  void theAppIdOfTheElementComesFirst() throws FormatException {
    RegisterRequest request = RegisterRequest.decode("""
        {"appId": "https://example.com", "registerRequests": [
          {"challenge": "%s", "appId": "https://old.example.com"}]}""".formatted(CHALLENGE));
    assertEquals(OLD, request.appId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'registerRequests': []}",
        "{'registerRequests': [{'version': 'U2F_V1', 'challenge': 'AAAA'}]}",
        "{'registerRequests': [{'version': 'U2F_V2'}]}",
        "{'registerRequests': [{'challenge': null}]}",
        "{'registerRequests': [{'challenge': ''}]}",
        "{'registerRequests': [{'challenge': 'A'}]}",
        "{'registerRequests': {'challenge': 'AAAA'}}",
        "{'registerRequests': ['AAAA']}",
        "{'challenge': 'AAAA', 'version': 'U2F_V1'}",
        "{'challenge': 'AAAA', 'version': 2}",
        "{'challenge': 'AAAA', 'type': 'u2f_sign_request'}",
        "{'challenge': 'AAAA', 'type': 1}",
        "{'challenge': 'AAAA', 'appId': 1}",
        "{'challenge': 'AAAA', 'timeoutSeconds': '30'}",
        "{'challenge': 'AAAA', 'timeoutSeconds': 1.5}",
        "{'challenge': 'AAAA', 'requestId': '7'}",
        "{'challenge': 'AAAA', 'registeredKeys': {}}",
        "{'challenge': 'AAAA', 'registeredKeys': [{}]}",
        "{'challenge': 'AAAA', 'registeredKeys': [{'keyHandle': 'A'}]}",
        "{'challenge': 'AAAA', 'registeredKeys': [{'keyHandle': 'AQID', 'transports': 'usb'}]}",
        "{'challenge': 'AAAA', 'registeredKeys': [{'keyHandle': 'AQID', 'transports': [1]}]}",
        "{'challenge': 'AAAA', 'registeredKeys': [{'keyHandle': 'AQID', 'appId': {}}]}",
        "{'challenge': 'AAAA', 'registeredKeys': [{'keyHandle': 'AQID', 'challenge': ''}]}",
      })
  void whatIsNoRegisterRequestIsRefused(String json) {
    assertRefused(-1, () -> RegisterRequest.decode(json.replace('\'', '"')));
  }

  @Test
  void signRequestsOfVersion11AreReadAndWritten() throws FormatException {
    SignRequest request = new SignRequest(
        APP_ID,
        CHALLENGE,
        List.of(key(FIRST, null, null, "bt", "ble"), key(SECOND, OLD, null)),
        30,
        7);
    assertEquals(request, SignRequest.decode(Shapes.SIGN_11));
    assertEquals(
        "{'type':'u2f_sign_request','appId':'https://example.com','challenge':'C',"
            + "'registeredKeys':["
            + "{'version':'U2F_V2','keyHandle':'AQID','transports':['bt','ble']},"
            + "{'version':'U2F_V2','keyHandle':'BAUG','appId':'https://old.example.com'}],"
            + "'timeoutSeconds':30,'requestId':7}",
        shown(request.toJson()));
  }

  @Test
  void signRequestsOfVersion10KeepTheChallengeAndTheAppIdOfEachKey() throws FormatException {
    SignRequest request = SignRequest.decode(Shapes.SIGN_10);
    List<RegisteredKey> keys = request.registeredKeys();
    assertEquals(
        new SignRequest(
            APP_ID,
            CHALLENGE,
            List.of(new RegisteredKey(FIRST), key(SECOND, OLD, OTHER_CHALLENGE)),
            null,
            7),
        request);
    assertEquals(APP_ID, request.appIdOf(keys.get(0)));
    assertEquals(CHALLENGE, request.challengeOf(keys.get(0)));
    assertEquals(OLD, request.appIdOf(keys.get(1)));
    assertEquals(OTHER_CHALLENGE, request.challengeOf(keys.get(1)));
    assertEquals(
        "{'type':'u2f_sign_request','signRequests':["
            + "{'version':'U2F_V2','challenge':'C','keyHandle':'AQID','appId':'https://example.com'},"
            + "{'version':'U2F_V2','challenge':'O','keyHandle':'BAUG',"
            + "'appId':'https://old.example.com'}],"
            + "'requestId':7}",
        shown(request.toJson10()));
    assertEquals(request, SignRequest.decode(request.toJson10()));
    assertEquals(request, SignRequest.decode(request.toJson()));
  }

  @Test
  void theShortSignRequestOfServerToolsIsRead() throws FormatException {
    assertEquals(
        new SignRequest(APP_ID, CHALLENGE, List.of(new RegisteredKey(FIRST))),
        SignRequest.decode(Shapes.SIGN_SHORT));
  }

  @Test
  void anAppIdThatOnlySomeKeysHaveIsNotTheRequests() throws FormatException {
    SignRequest request = SignRequest.decode("""
        {"challenge": "%s", "registeredKeys": [
          {"keyHandle": "AQID"}, {"keyHandle": "BAUG", "appId": "https://old.example.com"}]}""".formatted(CHALLENGE));
    assertNull(request.appId());
    assertNull(request.appIdOf(request.registeredKeys().get(0)));
    assertEquals(OLD, request.appIdOf(request.registeredKeys().get(1)));

    assertNull(SignRequest.decode("""
        {"challenge": "%s", "registeredKeys": [
          {"keyHandle": "BAUG", "appId": "https://old.example.com"}, {"keyHandle": "AQID"}]}""".formatted(CHALLENGE)).appId());

    SignRequest all = SignRequest.decode("""
        {"challenge": "%s", "registeredKeys": [
          {"keyHandle": "BAUG", "appId": "https://old.example.com"}]}""".formatted(CHALLENGE));
    assertEquals(OLD, all.appId());
    assertNull(
        SignRequest.decode("{\"challenge\": \"AAAA\", \"registeredKeys\": []}").appId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'challenge': 'AAAA'}",
        "{'keyHandle': 'AQID'}",
        "{'keyHandle': 'AQID', 'challenge': ''}",
        "{'keyHandle': 'AQID', 'challenge': 'AB'}",
        "{'registeredKeys': []}",
        "{'signRequests': []}",
        "{'registeredKeys': [{'keyHandle': 'AQID'}]}",
        "{'signRequests': [{'keyHandle': 'AQID'}]}",
        "{'signRequests': [{'keyHandle': 'AQID', 'challenge': 'AAAA'}, {'keyHandle': 'AQID'}]}",
        "{'challenge': 'AAAA', 'registeredKeys': 'AQID'}",
        "{'challenge': 'AAAA', 'registeredKeys': [null]}",
        "{'challenge': 'AAAA', 'registeredKeys': [], 'type': 'u2f_register_request'}",
        "{'challenge': 'AAAA', 'registeredKeys': [], 'type': 'u2f_sign_response'}",
        "{'challenge': 'AAAA', 'registeredKeys': [], 'timeoutSeconds': true}",
        "{'challenge': 'AAAA', 'registeredKeys': [], 'requestId': 3000000000}",
        "{'challenge': 'AAAA', 'registeredKeys': [{'keyHandle': 'AQID', 'version': 1}]}",
      })
  void whatIsNoSignRequestIsRefused(String json) {
    assertRefused(-1, () -> SignRequest.decode(json.replace('\'', '"')));
  }

  @Test
  void aRefusalNamesTheMember() {
    assertRefused(
        "registeredKeys[1]: \"keyHandle\" is missing",
        () -> SignRequest.decode(
            "{\"challenge\":\"AAAA\",\"registeredKeys\":[{\"keyHandle\":\"AQID\"},{}]}"));
    assertRefused(
        "\"type\" is not u2f_sign_request",
        () -> SignRequest.decode("{\"type\":\"u2f_register_request\",\"challenge\":\"AAAA\"}"));
    assertRefused(
        "\"version\" is not U2F_V2",
        () -> RegisterRequest.decode("{\"challenge\":\"AAAA\",\"version\":\"U2F_V1\"}"));
  }

  @Test
  void unknownMembersAreIgnoredAndNullMembersAreAbsent() throws FormatException {
    assertEquals(
        new SignRequest(APP_ID, CHALLENGE, List.of(new RegisteredKey(FIRST))),
        SignRequest.decode("""
            {"appId": "https://example.com", "challenge": "%s", "type": null, "requestId": null,
             "timeoutSeconds": null, "extra": {"a": [1.5, true, null, {}]},
             "registeredKeys": [{"version": null, "keyHandle": "AQID", "appId": null,
               "challenge": null, "transports": null, "sessionId": "x"}]}""".formatted(CHALLENGE)));
  }

  @Test
  void theEmptyAppIdIsKept() throws FormatException {
    SignRequest request =
        SignRequest.decode("{\"appId\":\"\",\"challenge\":\"AAAA\",\"registeredKeys\":[]}");
    assertEquals(new AppId(""), request.appId());
    assertEquals(request, SignRequest.decode(request.toJson()));
  }

  @Test
  void aVersionIsKept() throws FormatException {
    String json = "{\"challenge\":\"AAAA\",\"registeredKeys\":[{\"version\":\"U2F_V3\","
        + "\"keyHandle\":\"AQID\"}]}";
    assertEquals("U2F_V3", SignRequest.decode(json).registeredKeys().get(0).version());
    String register =
        json.replace("\"challenge\":\"AAAA\"", "\"registerRequests\":[{\"challenge\":\"AAAA\"}]");
    assertEquals(
        "U2F_V3", RegisterRequest.decode(register).registeredKeys().get(0).version());
  }

  @Test
  void aRequestToSignIsNotTakenForOneToRegisterNorTheOtherWayRound() {
    for (String sign : List.of(
        "{\"challenge\":\"AAAA\",\"keyHandle\":\"AQID\",\"version\":\"U2F_V2\"}",
        "{\"challenge\":\"AAAA\",\"registeredKeys\":[]}",
        "{\"challenge\":\"AAAA\",\"signRequests\":[]}")) {
      assertThrows(FormatException.class, () -> RegisterRequest.decode(sign));
    }
    assertThrows(
        FormatException.class,
        () -> SignRequest.decode(
            "{\"registerRequests\":[{\"challenge\":\"AAAA\"}],\"signRequests\":[{\"challenge\":\"AAAA\","
                + "\"keyHandle\":\"AQID\"}]}"));
  }

  @Test
  void aChangedListChangesNoRequest() {
    List<RegisteredKey> keys = new ArrayList<>(List.of(new RegisteredKey(FIRST)));
    List<String> transports = new ArrayList<>(List.of("usb"));
    RegisteredKey key = new RegisteredKey("U2F_V2", FIRST, null, null, transports);
    SignRequest sign = new SignRequest(APP_ID, CHALLENGE, keys);
    RegisterRequest register = new RegisterRequest(APP_ID, CHALLENGE, keys);
    keys.clear();
    transports.clear();
    assertEquals(1, sign.registeredKeys().size());
    assertEquals(1, register.registeredKeys().size());
    assertEquals(List.of("usb"), key.transports());
    assertThrows(
        UnsupportedOperationException.class, () -> sign.registeredKeys().clear());
  }

  @Test
  void anAnswerBecomesAMessage() {
    SignRequest sign = new SignRequest(APP_ID, CHALLENGE, List.of(), null, 7);
    RegisterRequest register = new RegisterRequest(APP_ID, CHALLENGE, List.of());
    RegisterRequest numbered = new RegisterRequest(APP_ID, CHALLENGE, List.of(), null, 8);
    ErrorCodeException error = new ErrorCodeException(ErrorCode.TIMEOUT, "no \"touch\"");
    String json = "{\"errorCode\":5,\"errorMessage\":\"no \\\"touch\\\"\"}";
    assertEquals(
        "{\"type\":\"u2f_sign_response\",\"requestId\":7,\"responseData\":"
            + "{\"errorCode\":5,\"errorMessage\":\"no \\\"touch\\\"\"}}",
        sign.reply(error));
    assertEquals(
        "{\"type\":\"u2f_register_response\",\"responseData\":" + json + "}",
        register.reply(error));
    assertEquals(
        "{\"type\":\"u2f_register_response\",\"requestId\":8,\"responseData\":" + json + "}",
        numbered.reply(error));
  }

  @Test
  void toStringHidesTheChallenge() {
    assertEquals(
        "U2F_V2 key KeyHandle[bytes=" + FIRST.bytes() + "] of null",
        new RegisteredKey("U2F_V2", FIRST, null, CHALLENGE, List.of()).toString());
    assertEquals(
        "sign for https://example.com with one of 0 keys",
        new SignRequest(APP_ID, CHALLENGE, List.of()).toString());
    assertEquals(
        "register for https://example.com, 0 keys known",
        new RegisterRequest(APP_ID, CHALLENGE, List.of()).toString());
  }
}
