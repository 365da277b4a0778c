package org.u2f4j.json;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.strictjson.JsonObject;

/**
 * The client's answer to {@link CreationOptions} (Web Authentication, section 5.1.8,
 * RegistrationResponseJSON).
 *
 * @param id what the key calls the credential, 0 to 1,023 bytes
 * @param clientData what the key signed the hash of
 * @param attestationObject the new credential and what vouches for it, in CBOR, not read here
 * @param transports how the client reached the key, or believes it can be, such as "usb"; unsigned
 * @param appIdExclude whether the client heeded appidExclude; null if it does not say
 */
public record AttestationResponse(
    KeyHandle id,
    ClientData clientData,
    Bytes attestationObject,
    List<String> transports,
    @Nullable Boolean appIdExclude) {
  /**
   * Copies the list.
   *
   * @param id what the key calls the credential
   * @param clientData what the key signed the hash of
   * @param attestationObject the new credential, in CBOR
   * @param transports how the key can be reached
   * @param appIdExclude whether the client heeded appidExclude, or null
   */
  public AttestationResponse {
    transports = List.copyOf(transports);
  }

  /**
   * Reads an answer. The members authenticatorData, publicKey and publicKeyAlgorithm are ignored:
   * they repeat what the attestation object says.
   *
   * @param json a JSON object, as {@code PublicKeyCredential.toJSON()} gives it
   * @return the answer
   * @throws FormatException if that is not what the text is, or the client data do not parse
   */
  public static AttestationResponse decode(String json) throws FormatException {
    return decode(JsonObject.parse(json));
  }

  /**
   * The same for bytes as they were received.
   *
   * @param utf8 the JSON object in UTF-8
   * @return the answer
   * @throws FormatException if they are not UTF-8, or no such object
   */
  public static AttestationResponse decode(Bytes utf8) throws FormatException {
    return decode(JsonObject.parse(utf8));
  }

  private static AttestationResponse decode(JsonObject json) throws FormatException {
    KeyHandle id = WebAuthnJson.credentialId(json);
    JsonObject response = json.object("response");
    return new AttestationResponse(
        id,
        response.decoded("clientDataJSON", ClientData::decodeWebAuthn),
        response.bytes("attestationObject"),
        response.strings("transports"),
        WebAuthnJson.extensionResult(json, "appidExclude"));
  }

  /**
   * The answer as JSON, without the members that only repeat the attestation object.
   *
   * @return a JSON object
   */
  public String toJson() {
    return WebAuthnJson.credential(id, "appidExclude", appIdExclude, json -> {
      json.writeStringField("clientDataJSON", clientData.bytes().base64Url());
      json.writeStringField("attestationObject", attestationObject.base64Url());
      WebAuthnJson.writeStrings(json, "transports", transports);
    });
  }
}
