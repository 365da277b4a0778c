package org.u2f4j.json;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/**
 * The relying party asks a browser for a registration (Web Authentication, section 5.1.9,
 * PublicKeyCredentialCreationOptionsJSON), in a way that a U2F key can answer: ES256 only, no
 * resident key, no user verification, a key that can be carried about.
 *
 * @param rpId the RP ID, a domain; null for the host of the caller's origin
 * @param rpName what the relying party is called
 * @param user for whom
 * @param challenge websafe base64 without padding
 * @param excludeCredentials the account's registrations; a key that has one of them is refused
 * @param timeoutMillis how long the client may wait for the person
 * @param attestation whether the relying party wants to know what make the key is of
 * @param appIdExclude the AppID of those among the registrations that were made with U2F; null for
 *     none
 */
public record CreationOptions(
    @Nullable String rpId,
    String rpName,
    User user,
    String challenge,
    List<CredentialDescriptor> excludeCredentials,
    @Nullable Integer timeoutMillis,
    boolean attestation,
    @Nullable AppId appIdExclude) {
  private static final int ES256 = -7;

  /**
   * For whom a credential is (Web Authentication, section 5.4.3).
   *
   * @param id the user handle: 1 to 64 bytes, random, made once for each account; no name, address
   *     or hash of one
   * @param name what the account is called, such as an e-mail address
   * @param displayName what the person is called; may be empty
   */
  public record User(Bytes id, String name, String displayName) {
    /**
     * Checks the length.
     *
     * @param id the user handle
     * @param name what the account is called
     * @param displayName what the person is called
     * @throws IllegalArgumentException if the user handle has not 1 to 64 bytes
     */
    public User {
      if (id.length() < 1 || id.length() > 64) {
        throw new IllegalArgumentException("a user handle has 1 to 64 bytes, not " + id.length());
      }
    }

    private static User decode(JsonObject user) throws FormatException {
      Bytes id = user.bytes("id");
      if (id.length() < 1 || id.length() > 64) {
        throw user.wrong("id", "has not 1 to 64 bytes");
      }
      return new User(id, user.string("name"), user.string("displayName"));
    }
  }

  /**
   * Copies the list.
   *
   * @param rpId the RP ID, or null
   * @param rpName what the relying party is called
   * @param user for whom
   * @param challenge websafe base64 without padding
   * @param excludeCredentials the account's registrations
   * @param timeoutMillis how long the client may wait, or null
   * @param attestation whether the relying party wants to know what make the key is of
   * @param appIdExclude the AppID of registrations made with U2F, or null
   */
  public CreationOptions {
    excludeCredentials = List.copyOf(excludeCredentials);
  }

  /**
   * Reads options.
   *
   * @param json a JSON object, as {@code parseCreationOptionsFromJSON} takes it
   * @return the options
   * @throws FormatException if that is not what the text is
   * @throws ErrorCodeException if they ask for what no U2F key does: another algorithm than ES256, a
   *     resident key, user verification, enterprise attestation, a key that is part of the computer
   */
  public static CreationOptions decode(String json) throws FormatException, ErrorCodeException {
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
  public static CreationOptions decode(Bytes utf8) throws FormatException, ErrorCodeException {
    return decode(JsonObject.parse(utf8));
  }

  private static CreationOptions decode(JsonObject json)
      throws FormatException, ErrorCodeException {
    requireEs256(json.objects("pubKeyCredParams"));
    JsonObject selection = json.optionalObject("authenticatorSelection");
    if (selection != null) {
      WebAuthnJson.requireOther(selection, "authenticatorAttachment", "platform");
      WebAuthnJson.requireOther(selection, "residentKey", "required");
      WebAuthnJson.requireOther(selection, "userVerification", "required");
      if (!selection.has("residentKey")
          && Boolean.TRUE.equals(selection.optionalBoolean("requireResidentKey"))) {
        throw WebAuthnJson.unsupported("requireResidentKey", "true");
      }
    }
    WebAuthnJson.requireOther(json, "attestation", "enterprise");
    String attestation = json.optionalString("attestation");
    JsonObject rp = json.object("rp");
    JsonObject extensions = json.optionalObject("extensions");
    return new CreationOptions(
        rp.optionalString("id"),
        rp.string("name"),
        User.decode(json.object("user")),
        WebAuthnJson.challenge(json),
        CredentialDescriptor.decodeAll(json, "excludeCredentials"),
        json.optionalInt("timeout"),
        attestation != null && !attestation.equals("none"),
        extensions == null ? null : U2fJson.optionalAppId(extensions, "appidExclude"));
  }

  /** No algorithm at all stands for ES256 and another one. */
  private static void requireEs256(List<JsonObject> parameters)
      throws FormatException, ErrorCodeException {
    for (JsonObject parameter : parameters) {
      if (Objects.equals(parameter.optionalInt("alg"), ES256)) {
        return;
      }
    }
    if (!parameters.isEmpty()) {
      throw WebAuthnJson.unsupported("pubKeyCredParams", "no ES256");
    }
  }

  /**
   * The options as JSON.
   *
   * @return a JSON object, as {@code parseCreationOptionsFromJSON} takes it
   */
  public String toJson() {
    return JsonWriter.object(json -> {
      json.writeObjectFieldStart("rp");
      JsonWriter.optional(json, "id", rpId);
      json.writeStringField("name", rpName);
      json.writeEndObject();
      json.writeObjectFieldStart("user");
      json.writeStringField("id", user.id.base64Url());
      json.writeStringField("name", user.name);
      json.writeStringField("displayName", user.displayName);
      json.writeEndObject();
      json.writeStringField("challenge", challenge);
      json.writeArrayFieldStart("pubKeyCredParams");
      json.writeStartObject();
      json.writeStringField("type", CredentialDescriptor.TYPE);
      json.writeNumberField("alg", ES256);
      json.writeEndObject();
      json.writeEndArray();
      JsonWriter.optional(json, "timeout", timeoutMillis);
      CredentialDescriptor.writeAll(json, "excludeCredentials", excludeCredentials);
      json.writeObjectFieldStart("authenticatorSelection");
      json.writeStringField("authenticatorAttachment", "cross-platform");
      json.writeStringField("residentKey", "discouraged");
      json.writeBooleanField("requireResidentKey", false);
      json.writeStringField("userVerification", "discouraged");
      json.writeEndObject();
      WebAuthnJson.writeStrings(json, "hints", List.of("security-key"));
      json.writeStringField("attestation", attestation ? "direct" : "none");
      if (appIdExclude != null) {
        json.writeObjectFieldStart("extensions");
        json.writeStringField("appidExclude", appIdExclude.value());
        json.writeEndObject();
      }
    });
  }

  /** Everything but the challenge. */
  @Override
  public String toString() {
    return "create for %s, %s credentials known".formatted(rpId, excludeCredentials.size());
  }
}
