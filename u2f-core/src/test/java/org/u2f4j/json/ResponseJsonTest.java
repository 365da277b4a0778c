package org.u2f4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.u2f4j.Samples.assertRefused;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.Vectors;
import org.u2f4j.Vectors.Vector;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;

class ResponseJsonTest {
  private static final Vector REGISTRATION = Vectors.named("spec-registration-example");
  private static final Vector AUTHENTICATION = Vectors.named("spec-authentication-example");

  @ParameterizedTest
  @MethodSource("org.u2f4j.Vectors#withClientData")
  void publishedAnswersAreReadAndWritten(Vector vector) throws Exception {
    Bytes data = Bytes.fromBase64Url(vector.text("responseData"));
    Bytes clientData = Bytes.fromBase64Url(vector.text("clientData"));
    boolean isRegistration = vector.text("kind").equals("registration");
    String text = isRegistration ? Shapes.registerResponse(vector) : Shapes.signResponse(vector);
    String type = isRegistration ? "u2f_register_response" : "u2f_sign_response";
    String padded = text.replace(vector.text("responseData"), padded(vector.text("responseData")))
        .replace(vector.text("clientData"), padded(vector.text("clientData")));
    for (String json : List.of(text, padded, Shapes.message(type, text))) {
      if (isRegistration) {
        RegisterResponse response = RegisterResponse.decode(json);
        assertEquals(RegistrationResponse.decode(data), response.registration());
        assertEquals(clientData, response.clientData().bytes());
        assertEquals(text.replace(" ", ""), response.toJson());
      } else {
        SignResponse response = SignResponse.decode(json);
        assertEquals(vector.hex("keyHandle"), response.keyHandle().bytes());
        assertEquals(AuthenticationResponse.decode(data), response.authentication());
        assertEquals(clientData, response.clientData().bytes());
        assertEquals(text.replace(" ", ""), response.toJson());
      }
    }
  }

  private static String padded(String base64) {
    return base64 + "=".repeat((4 - base64.length() % 4) % 4);
  }

  @Test
  void clientDataWithEscapedSlashesAndPaddingAreHashedAsTheyCame() throws Exception {
    Vector vector = Vectors.named("libu2f-server-registration-yubikey");
    String padded = padded(vector.text("clientData"));
    assertEquals('=', padded.charAt(padded.length() - 1));
    RegisterResponse response = RegisterResponse.decode(
        Shapes.registerResponse(vector).replace(vector.text("clientData"), padded));
    assertEquals("http://demo.yubico.com", response.clientData().origin());
    assertEquals(
        "{ \"challenge\": \"YS19nu_YYjgs29ZwkSwQobr78OiDWFz1yqYeo9YJfBw\","
            + " \"origin\": \"http:\\/\\/demo.yubico.com\","
            + " \"typ\": \"navigator.id.finishEnrollment\" }",
        new String(
            response.clientData().bytes().toArray(), java.nio.charset.StandardCharsets.UTF_8));
    assertEquals(
        vector.hex("challengeParameter"),
        response.clientData().challengeParameter().bytes());
  }

  @ParameterizedTest
  @CsvSource({
    "1, OTHER_ERROR",
    "2, BAD_REQUEST",
    "3, CONFIGURATION_UNSUPPORTED",
    "4, DEVICE_INELIGIBLE",
    "5, TIMEOUT",
    "6, OTHER_ERROR",
    "-1, OTHER_ERROR",
    "400, OTHER_ERROR"
  })
  void anErrorCodeIsAnAnswerOfItsOwn(int number, ErrorCode code) {
    String bare = "{\"errorCode\": %d}".formatted(number);
    String described = "{\"errorCode\": %d, \"errorMessage\": \"why\"}".formatted(number);
    ErrorCodeException e = assertThrows(
        ErrorCodeException.class,
        () -> RegisterResponse.decode(Shapes.message("u2f_register_response", bare)));
    assertEquals(code, e.code());
    assertEquals("the client answered error " + number, e.getMessage());
    e = assertThrows(ErrorCodeException.class, () -> SignResponse.decode(described));
    assertEquals(code, e.code());
    assertEquals("the client answered error " + number + ": why", e.getMessage());
    assertEquals(
        "{\"errorCode\":%d,\"errorMessage\":\"why\"}".formatted(code.value()),
        new ErrorCodeException(code, "why").toJson());
    assertEquals(code, ErrorCode.of(number));
  }

  @Test
  void theErrorCode0IsNoError() throws Exception {
    String json = Shapes.signResponse(AUTHENTICATION).replaceFirst("\\{", "{\"errorCode\": 0, ");
    assertEquals(1, SignResponse.decode(json).authentication().counter());
    assertEquals(ErrorCode.OK, ErrorCode.of(0));
    assertThrows(
        IllegalArgumentException.class, () -> new ErrorCodeException(ErrorCode.OK, "fine"));
  }

  @Test
  void anErrorKeepsItsCause() {
    Exception cause = new Exception();
    ErrorCodeException e = new ErrorCodeException(ErrorCode.BAD_REQUEST, "why", cause);
    assertSame(cause, e.getCause());
    assertEquals("why", e.getMessage());
    assertNull(new ErrorCodeException(ErrorCode.BAD_REQUEST, "why").getCause());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'responseData': {}}",
        "{'responseData': []}",
        "{'responseData': 'x'}",
        "{'errorCode': '4'}",
        "{'errorCode': 4.0}",
        "{'errorCode': null}",
        "{'errorCode': 4, 'errorMessage': 4}",
        "{'responseData': {'errorCode': true}}",
        "{'type': 'u2f_get_api_version_response', 'responseData': {'js_api_version': 1.1}}",
      })
  void whatIsNoAnswerIsRefused(String text) {
    String json = text.replace('\'', '"');
    assertRefused(-1, () -> RegisterResponse.decode(json));
    assertRefused(-1, () -> SignResponse.decode(json));
  }

  @Test
  void anAnswerOfTheOtherKindIsRefused() {
    String register = Shapes.registerResponse(REGISTRATION);
    String sign = Shapes.signResponse(AUTHENTICATION);
    assertRefused(
        "\"type\" is not u2f_sign_response",
        () -> SignResponse.decode(Shapes.message("u2f_register_response", sign)));
    assertRefused(
        "\"type\" is not u2f_register_response",
        () -> RegisterResponse.decode(Shapes.message("u2f_sign_response", register)));
    assertRefused("\"keyHandle\" is missing", () -> SignResponse.decode(register));
    assertRefused("\"registrationData\" is missing", () -> RegisterResponse.decode(sign));
  }

  @Test
  void brokenPartsAreRefused() {
    String register = Shapes.registerResponse(REGISTRATION);
    String sign = Shapes.signResponse(AUTHENTICATION);
    assertRefused( // first byte 04
        0, () -> RegisterResponse.decode(register.replace("\"BQSx", "\"BASx")));
    assertRefused( // trailing bytes
        75, () -> SignResponse.decode(sign.replace("EepI_", "EepI_AAAA")));
    assertRefused( // client data is no JSON
        1, () -> SignResponse.decode(sign.replace("\"clientData\": \"", "\"clientData\": \"AAAA")));
    assertRefused( // standard base64
        -1, () -> SignResponse.decode(sign.replace("EepI_", "EepI/")));
    assertRefused(
        -1, () -> RegisterResponse.decode(register.replace("\"clientData\"", "\"clientdata\"")));
  }

  @Test
  void theVersionAndUnknownMembersOfAnAnswerAreIgnored() throws Exception {
    String json = Shapes.registerResponse(REGISTRATION)
        .replace("\"version\": \"U2F_V2\"", "\"appId\": 1, \"challenge\": [null]");
    assertEquals(
        64, RegisterResponse.decode(json).registration().keyHandle().bytes().length());
  }

  @Test
  void clientDataAreMadeInOneOrder() throws FormatException {
    ClientData made = ClientData.of(ClientData.SIGN, Shapes.CHALLENGE, "https://\u00e4.\"x\"");
    assertEquals(
        Bytes.utf8("{\"typ\":\"navigator.id.getAssertion\",\"challenge\":\"" + Shapes.CHALLENGE
            + "\",\"origin\":\"https://\u00e4.\\\"x\\\"\"}"),
        made.bytes());
    assertEquals(made, ClientData.decode(made.bytes()));
    assertEquals(made.hashCode(), ClientData.decode(made.bytes()).hashCode());
    assertEquals("https://\u00e4.\"x\"", made.origin());
    assertEquals(Shapes.CHALLENGE, made.challenge());
    assertEquals(ClientData.SIGN, made.type());
    assertEquals("navigator.id.getAssertion from https://\u00e4.\"x\"", made.toString());
  }

  @Test
  void clientDataAreEqualByTheirBytes() throws FormatException {
    ClientData made = ClientData.of("t", "c", "o");
    ClientData spaced =
        ClientData.decode(Bytes.utf8("{\"typ\":\"t\",\"challenge\":\"c\", \"origin\":\"o\"}"));
    assertNotEquals(made.hashCode(), spaced.hashCode());
    assertEquals(false, made.equals(spaced));
    assertEquals(false, made.equals(new Object()));
    assertEquals(false, made.challengeParameter().equals(spaced.challengeParameter()));
    assertEquals(made.bytes().sha256(), made.challengeParameter().bytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'challenge':'c','origin':'o'}",
        "{'typ':'t','origin':'o'}",
        "{'typ':'t','challenge':'c'}",
        "{'typ':1,'challenge':'c','origin':'o'}",
        "{'typ':'t','challenge':['c'],'origin':'o'}",
        "{'typ':'t','challenge':'c','origin':null}",
        "{'type':'t','challenge':'c','origin':'o'}",
      })
  void clientDataHaveThreeTexts(String json) {
    assertRefused(-1, () -> ClientData.decode(Bytes.utf8(json.replace('\'', '"'))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'unused'", "''", "null", "{'kty':'EC','x':'y'}"})
  void theChannelIdIsIgnored(String value) throws FormatException {
    String json = "{'typ':'t','challenge':'c','origin':'o','cid_pubkey':" + value + "}";
    assertEquals("o", ClientData.decode(Bytes.utf8(json.replace('\'', '"'))).origin());
  }
}
