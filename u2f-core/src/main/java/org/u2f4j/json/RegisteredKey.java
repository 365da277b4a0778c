package org.u2f4j.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/**
 * A registration that the relying party names in a request (FIDO U2F JavaScript API, section 3).
 *
 * @param version the protocol that it was made with, {@value #U2F_V2} for all that a client of U2F
 *     can use
 * @param keyHandle what the key calls it
 * @param appId its own AppID, if it is another than the request's
 * @param challenge its own challenge, if it is another than the request's; version 1.0 of the API
 *     allows that
 * @param transports how the key can be reached, such as "usb"; empty when unknown
 */
public record RegisteredKey(
    String version,
    KeyHandle keyHandle,
    @Nullable AppId appId,
    @Nullable String challenge,
    List<String> transports) {
  /** The protocol version of U2F. */
  public static final String U2F_V2 = "U2F_V2";

  /** In place of a version: made with WebAuthn, for an RP ID. The wire of U2F never has it. */
  public static final String WEBAUTHN = "WebAuthn";

  /**
   * Copies the list.
   *
   * @param version the protocol that it was made with
   * @param keyHandle what the key calls it
   * @param appId its own AppID, if it is another than the request's
   * @param challenge its own challenge, if it is another than the request's
   * @param transports how the key can be reached, such as "usb"
   */
  public RegisteredKey {
    transports = List.copyOf(transports);
  }

  /**
   * A registration with nothing of its own.
   *
   * @param keyHandle what the key calls it
   */
  public RegisteredKey(KeyHandle keyHandle) {
    this(U2F_V2, keyHandle, null, null, List.of());
  }

  /** Everything but the challenge. */
  @Override
  public String toString() {
    return "%s key %s of %s".formatted(version, keyHandle, appId);
  }

  static RegisteredKey decode(JsonObject json) throws FormatException {
    return new RegisteredKey(
        version(json),
        U2fJson.keyHandle(json, "keyHandle"),
        U2fJson.optionalAppId(json, "appId"),
        json.has("challenge") ? U2fJson.challenge(json, "challenge") : null,
        json.strings("transports"));
  }

  /** Old servers leave the version out; all that is left of the first one is its name. */
  static String version(JsonObject json) throws FormatException {
    String version = json.optionalString("version");
    return version == null ? U2F_V2 : version;
  }

  static List<RegisteredKey> decodeAll(JsonObject json, String name) throws FormatException {
    List<RegisteredKey> keys = new ArrayList<>();
    for (JsonObject key : json.objects(name)) {
      keys.add(decode(key));
    }
    return keys;
  }

  /** The same registration without an AppID or a challenge that only repeats the request's. */
  RegisteredKey within(@Nullable AppId requestAppId, @Nullable String requestChallenge) {
    return new RegisteredKey(
        version,
        keyHandle,
        Objects.equals(appId, requestAppId) ? null : appId,
        Objects.equals(challenge, requestChallenge) ? null : challenge,
        transports);
  }

  /** AppID and challenge are written where a registration has none of its own. */
  static void writeAll(
      JsonGenerator json,
      String name,
      List<RegisteredKey> keys,
      @Nullable AppId appId,
      @Nullable String challenge)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (RegisteredKey key : keys) {
      json.writeStartObject();
      json.writeStringField("version", key.version);
      JsonWriter.optional(json, "challenge", key.challenge == null ? challenge : key.challenge);
      json.writeStringField("keyHandle", key.keyHandle.base64Url());
      JsonWriter.optional(json, "appId", key.appId == null ? appId : key.appId);
      if (!key.transports.isEmpty()) {
        WebAuthnJson.writeStrings(json, "transports", key.transports);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
