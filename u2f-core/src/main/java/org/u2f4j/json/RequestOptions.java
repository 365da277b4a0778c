package org.u2f4j.json;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/**
 * The relying party asks a browser for a signature with one of the account's registrations (Web
 * Authentication, section 5.1.10, PublicKeyCredentialRequestOptionsJSON), in a way that a U2F key
 * can answer: without user verification.
 *
 * @param rpId the RP ID, a domain; null for the host of the caller's origin
 * @param challenge websafe base64 without padding
 * @param allowCredentials the account's registrations
 * @param timeoutMillis how long the client may wait for the person
 * @param appId the AppID of those among the registrations that were made with U2F; null for none
 */
public record RequestOptions(
    @Nullable String rpId,
    String challenge,
    List<CredentialDescriptor> allowCredentials,
    @Nullable Integer timeoutMillis,
    @Nullable AppId appId) {
  /**
   * Copies the list.
   *
   * @param rpId the RP ID, or null
   * @param challenge websafe base64 without padding
   * @param allowCredentials the account's registrations
   * @param timeoutMillis how long the client may wait, or null
   * @param appId the AppID of registrations made with U2F, or null
   */
  public RequestOptions {
    allowCredentials = List.copyOf(allowCredentials);
  }

  /**
   * Reads options.
   *
   * @param json a JSON object, as {@code parseRequestOptionsFromJSON} takes it
   * @return the options
   * @throws FormatException if that is not what the text is
   * @throws ErrorCodeException if they ask for what no U2F key does: user verification
   */
  public static RequestOptions decode(String json) throws FormatException, ErrorCodeException {
    return decode(JsonObject.parse(json));
  }

  /**
   * The same for bytes as they were received.
   *
   * @param utf8 the JSON object in UTF-8
   * @return the options
   * @throws FormatException if they are not UTF-8, or no such object
   * @throws ErrorCodeException if they ask for what no U2F key does
   */
  public static RequestOptions decode(Bytes utf8) throws FormatException, ErrorCodeException {
    return decode(JsonObject.parse(utf8));
  }

  private static RequestOptions decode(JsonObject json) throws FormatException, ErrorCodeException {
    WebAuthnJson.requireOther(json, "userVerification", "required");
    JsonObject extensions = json.optionalObject("extensions");
    return new RequestOptions(
        json.optionalString("rpId"),
        WebAuthnJson.challenge(json),
        CredentialDescriptor.decodeAll(json, "allowCredentials"),
        json.optionalInt("timeout"),
        extensions == null ? null : U2fJson.optionalAppId(extensions, "appid"));
  }

  /**
   * The options as JSON.
   *
   * @return a JSON object, as {@code parseRequestOptionsFromJSON} takes it
   */
  public String toJson() {
    return JsonWriter.object(json -> {
      json.writeStringField("challenge", challenge);
      JsonWriter.optional(json, "timeout", timeoutMillis);
      JsonWriter.optional(json, "rpId", rpId);
      CredentialDescriptor.writeAll(json, "allowCredentials", allowCredentials);
      json.writeStringField("userVerification", "discouraged");
      WebAuthnJson.writeStrings(json, "hints", List.of("security-key"));
      if (appId != null) {
        json.writeObjectFieldStart("extensions");
        json.writeStringField("appid", appId.value());
        json.writeEndObject();
      }
    });
  }

  /** Everything but the challenge. */
  @Override
  public String toString() {
    return "get for %s with one of %s credentials".formatted(rpId, allowCredentials.size());
  }
}
