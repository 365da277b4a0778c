package org.u2f4j.json;

import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/**
 * The client's answer to {@link RequestOptions} (Web Authentication, section 5.1.8,
 * AuthenticationResponseJSON).
 *
 * @param id which credential signed, 0 to 1,023 bytes
 * @param clientData what the key signed the hash of
 * @param authenticatorData what the key signed besides, 37 bytes at least
 * @param signature ECDSA with SHA-256 in DER over both
 * @param userHandle whose credential it is by the key's own words; null if it does not say, as U2F
 *     keys
 * @param appId whether the AppID was used in place of the RP ID; null if the client does not say
 */
public record AssertionResponse(
    KeyHandle id,
    ClientData clientData,
    Bytes authenticatorData,
    Bytes signature,
    @Nullable Bytes userHandle,
    @Nullable Boolean appId) {
  /**
   * Reads an answer.
   *
   * @param json a JSON object, as {@code PublicKeyCredential.toJSON()} gives it
   * @return the answer
   * @throws FormatException if that is not what the text is, or the client data do not parse
   */
  public static AssertionResponse decode(String json) throws FormatException {
    return decode(JsonObject.parse(json));
  }

  /**
   * The same for bytes as they were received.
   *
   * @param utf8 the JSON object in UTF-8
   * @return the answer
   * @throws FormatException if they are not UTF-8, or no such object
   */
  public static AssertionResponse decode(Bytes utf8) throws FormatException {
    return decode(JsonObject.parse(utf8));
  }

  private static AssertionResponse decode(JsonObject json) throws FormatException {
    KeyHandle id = WebAuthnJson.credentialId(json);
    JsonObject response = json.object("response");
    return new AssertionResponse(
        id,
        response.decoded("clientDataJSON", ClientData::decodeWebAuthn),
        response.bytes("authenticatorData"),
        response.bytes("signature"),
        response.has("userHandle") ? response.bytes("userHandle") : null,
        WebAuthnJson.extensionResult(json, "appid"));
  }

  /**
   * The answer as JSON.
   *
   * @return a JSON object
   */
  public String toJson() {
    return WebAuthnJson.credential(id, "appid", appId, json -> {
      json.writeStringField("clientDataJSON", clientData.bytes().base64Url());
      json.writeStringField("authenticatorData", authenticatorData.base64Url());
      json.writeStringField("signature", signature.base64Url());
      JsonWriter.optional(json, "userHandle", userHandle == null ? null : userHandle.base64Url());
    });
  }
}
