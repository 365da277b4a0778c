package org.u2f4j.json;

import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/**
 * The client's answer to a {@link SignRequest} (FIDO U2F JavaScript API, section 3).
 *
 * @param keyHandle which registration signed
 * @param authentication what the key answered
 * @param clientData what the key signed the hash of
 */
public record SignResponse(
    KeyHandle keyHandle, AuthenticationResponse authentication, ClientData clientData) {
  static final String TYPE = "u2f_sign_response";

  /**
   * Reads an answer, alone or as a message of the browser's low-level port.
   *
   * @param json a JSON object with keyHandle, signatureData and clientData, or with these in
   *     responseData
   * @return the answer
   * @throws FormatException if it has neither shape, or what it holds does not parse
   * @throws ErrorCodeException if the answer is an error code
   */
  public static SignResponse decode(String json) throws FormatException, ErrorCodeException {
    return decode(JsonObject.parse(json));
  }

  /**
   * The same for bytes as they were received.
   *
   * @param utf8 the JSON object in UTF-8
   * @return the answer
   * @throws FormatException if they are not UTF-8, or it has neither shape, or what it holds does not parse
   * @throws ErrorCodeException if the answer is an error code
   */
  public static SignResponse decode(Bytes utf8) throws FormatException, ErrorCodeException {
    return decode(JsonObject.parse(utf8));
  }

  private static SignResponse decode(JsonObject json) throws FormatException, ErrorCodeException {
    JsonObject data = U2fJson.responseData(json, TYPE);
    return new SignResponse(
        U2fJson.keyHandle(data, "keyHandle"),
        data.decoded("signatureData", AuthenticationResponse::decode),
        data.decoded("clientData", ClientData::decode));
  }

  /**
   * The answer as JSON; {@link SignRequest#reply} makes it a message.
   *
   * @return a JSON object with keyHandle, signatureData and clientData
   */
  public String toJson() {
    return JsonWriter.object(json -> {
      json.writeStringField("keyHandle", keyHandle.base64Url());
      json.writeStringField("signatureData", authentication.encode().base64Url());
      json.writeStringField("clientData", clientData.bytes().base64Url());
    });
  }
}
