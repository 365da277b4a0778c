package org.u2f4j.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/** What the dictionaries have in common (FIDO U2F JavaScript API, section 3). */
final class U2fJson {
  private U2fJson() {}

  static @Nullable AppId optionalAppId(JsonObject json, String name) throws FormatException {
    String value = json.optionalString(name);
    return value == null ? null : new AppId(value);
  }

  static KeyHandle keyHandle(JsonObject json, String name) throws FormatException {
    Bytes bytes = json.bytes(name);
    if (bytes.length() > KeyHandle.MAX_CREDENTIAL_ID_LENGTH) {
      throw json.wrong(name, "has more than 1023 bytes");
    }
    return new KeyHandle(bytes);
  }

  /** A challenge: base64 that is used exactly as it was written. */
  static String challenge(JsonObject json, String name) throws FormatException {
    if (json.bytes(name).length() == 0) {
      throw json.wrong(name, "is empty");
    }
    return json.string(name);
  }

  /** Refuses a message that another member shows to be of another kind. */
  static void requireAbsent(JsonObject json, String... names) throws FormatException {
    for (String name : names) {
      if (json.has(name)) {
        throw json.wrong(name, "does not belong in this kind of request");
      }
    }
  }

  /** Refuses a message that says it is of another type. */
  static void requireType(JsonObject json, String type) throws FormatException {
    String actual = json.optionalString("type");
    if (actual != null && !actual.equals(type)) {
      throw json.wrong("type", "is not " + type);
    }
  }

  /** What a response message of the given type carries, or the object itself if it is none. */
  static JsonObject responseData(JsonObject json, String type)
      throws FormatException, ErrorCodeException {
    requireType(json, type);
    JsonObject inner = json.optionalObject("responseData");
    JsonObject data = inner == null ? json : inner;
    Integer code = data.optionalInt("errorCode");
    if (code != null && code != ErrorCode.OK.value()) {
      String message = data.optionalString("errorMessage");
      throw new ErrorCodeException(
          ErrorCode.of(code),
          "the client answered error " + code + (message == null ? "" : ": " + message));
    }
    return data;
  }

  /** What ends a request. */
  static void writeEnd(
      JsonGenerator json, @Nullable Integer timeoutSeconds, @Nullable Integer requestId)
      throws IOException {
    JsonWriter.optional(json, "timeoutSeconds", timeoutSeconds);
    JsonWriter.optional(json, "requestId", requestId);
  }

  /** A response message, which carries an answer. */
  static String message(String type, @Nullable Integer requestId, String responseJson) {
    return JsonWriter.object(json -> {
      json.writeStringField("type", type);
      JsonWriter.optional(json, "requestId", requestId);
      json.writeFieldName("responseData");
      json.writeRawValue(responseJson);
    });
  }
}
