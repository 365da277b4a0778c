package org.u2f4j.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/** What the dictionaries of WebAuthn have in common (Web Authentication, sections 5.1.8 to 5.1.10). */
final class WebAuthnJson {
  private WebAuthnJson() {}

  /** Refuses options that ask for what no U2F key does. */
  static void requireOther(JsonObject json, String name, String refused)
      throws FormatException, ErrorCodeException {
    if (refused.equals(json.optionalString(name))) {
      throw unsupported(name, refused);
    }
  }

  static ErrorCodeException unsupported(String name, String value) {
    return new ErrorCodeException(
        ErrorCode.CONFIGURATION_UNSUPPORTED,
        "\"%s\" is %s, which no U2F key can do".formatted(name, value));
  }

  /** A challenge, as client data have it: browsers decode it and encode it again. */
  static String challenge(JsonObject json) throws FormatException {
    Bytes challenge = json.bytes("challenge");
    if (challenge.length() == 0) {
      throw json.wrong("challenge", "is empty");
    }
    return challenge.base64Url();
  }

  /** The id of a credential that answers; it stands there twice. */
  static KeyHandle credentialId(JsonObject json) throws FormatException {
    if (!json.string("type").equals(CredentialDescriptor.TYPE)) {
      throw json.wrong("type", "is not " + CredentialDescriptor.TYPE);
    }
    KeyHandle id = U2fJson.keyHandle(json, "rawId");
    if (!U2fJson.keyHandle(json, "id").equals(id)) {
      throw json.wrong("rawId", "is not the same as \"id\"");
    }
    return id;
  }

  /** What the client says of an extension; some clients leave all results out if there are none. */
  static @Nullable Boolean extensionResult(JsonObject json, String name) throws FormatException {
    JsonObject results = json.optionalObject("clientExtensionResults");
    return results == null ? null : results.optionalBoolean(name);
  }

  /** A credential that answers. */
  static String credential(
      KeyHandle id, String extension, @Nullable Boolean result, JsonWriter.Members response) {
    return JsonWriter.object(json -> {
      json.writeStringField("id", id.base64Url());
      json.writeStringField("rawId", id.base64Url());
      json.writeObjectFieldStart("response");
      response.writeTo(json);
      json.writeEndObject();
      json.writeStringField("authenticatorAttachment", "cross-platform");
      json.writeObjectFieldStart("clientExtensionResults");
      if (result != null) {
        json.writeBooleanField(extension, result);
      }
      json.writeEndObject();
      json.writeStringField("type", CredentialDescriptor.TYPE);
    });
  }

  static void writeStrings(JsonGenerator json, String name, List<String> strings)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String string : strings) {
      json.writeString(string);
    }
    json.writeEndArray();
  }
}
