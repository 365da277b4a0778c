package org.u2f4j.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/**
 * The relying party asks for a new registration (FIDO U2F JavaScript API, section 3).
 *
 * @param appId what the registration is to be bound to; absent or empty, the caller's own facet
 * @param challenge websafe base64, used exactly as it is written
 * @param registeredKeys the account's registrations; a key that has one of them is refused
 * @param timeoutSeconds how long the client may wait for the person
 * @param requestId returned with the answer
 */
public record RegisterRequest(
    @Nullable AppId appId,
    String challenge,
    List<RegisteredKey> registeredKeys,
    @Nullable Integer timeoutSeconds,
    @Nullable Integer requestId) {
  private static final String TYPE = "u2f_register_request";

  /**
   * Copies the list; a registration keeps an AppID only if it is not the request's.
   *
   * @param appId what the registration is to be bound to
   * @param challenge websafe base64, used exactly as it is written
   * @param registeredKeys the account's registrations
   * @param timeoutSeconds how long the client may wait for the person
   * @param requestId returned with the answer
   */
  public RegisterRequest {
    AppId common = appId;
    registeredKeys =
        registeredKeys.stream().map(key -> key.within(common, key.challenge())).toList();
  }

  /**
   * A request with no time limit and no number.
   *
   * @param appId what the registration is to be bound to
   * @param challenge websafe base64
   * @param registeredKeys the account's registrations
   */
  public RegisterRequest(AppId appId, String challenge, List<RegisteredKey> registeredKeys) {
    this(appId, challenge, registeredKeys, null, null);
  }

  /**
   * Reads a request.
   *
   * <p>Version 1.1 of the API has {@code appId}, {@code registerRequests} with a version and a
   * challenge each, and {@code registeredKeys}. Version 1.0 has the AppID in each element and calls
   * the registrations {@code signRequests}. Server tools print a single element alone. Of several
   * elements the first for U2F_V2 counts.
   *
   * @param json a JSON object in any of these shapes
   * @return the request
   * @throws FormatException if it has none of these shapes, or no element for U2F_V2
   */
  public static RegisterRequest decode(String json) throws FormatException {
    return decode(JsonObject.parse(json));
  }

  /**
   * The same for bytes as they were received.
   *
   * @param utf8 the JSON object in UTF-8
   * @return the request
   * @throws FormatException if they are not UTF-8, or it has none of these shapes, or no element for U2F_V2
   */
  public static RegisterRequest decode(Bytes utf8) throws FormatException {
    return decode(JsonObject.parse(utf8));
  }

  private static RegisterRequest decode(JsonObject request) throws FormatException {
    U2fJson.requireType(request, TYPE);
    JsonObject element = request;
    if (request.has("registerRequests")) {
      element = element(request);
    } else {
      U2fJson.requireAbsent(
          request, "keyHandle", "registeredKeys", "signRequests"); // it asks to sign
    }
    if (!RegisteredKey.version(element).equals(RegisteredKey.U2F_V2)) {
      throw new FormatException("\"version\" is not U2F_V2");
    }
    AppId outer = U2fJson.optionalAppId(request, "appId");
    AppId appId = element.has("appId") ? U2fJson.optionalAppId(element, "appId") : outer;
    String name = request.has("registeredKeys") ? "registeredKeys" : "signRequests";
    return new RegisterRequest(
        appId,
        U2fJson.challenge(element, "challenge"),
        RegisteredKey.decodeAll(request, name),
        request.optionalInt("timeoutSeconds"),
        request.optionalInt("requestId"));
  }

  private static JsonObject element(JsonObject request) throws FormatException {
    for (JsonObject element : request.objects("registerRequests")) {
      if (RegisteredKey.version(element).equals(RegisteredKey.U2F_V2)) {
        return element;
      }
    }
    throw new FormatException("\"registerRequests\" has no element for U2F_V2");
  }

  /**
   * The request for version 1.1 of the API.
   *
   * @return a JSON object, which also serves as a message to the browser's low-level port
   */
  public String toJson() {
    return JsonWriter.object(json -> {
      json.writeStringField("type", TYPE);
      JsonWriter.optional(json, "appId", appId);
      writeElement(json, null);
      RegisteredKey.writeAll(json, "registeredKeys", registeredKeys, null, null);
      U2fJson.writeEnd(json, timeoutSeconds, requestId);
    });
  }

  /**
   * The request for version 1.0 of the API.
   *
   * @return a JSON object
   */
  public String toJson10() {
    return JsonWriter.object(json -> {
      json.writeStringField("type", TYPE);
      writeElement(json, appId);
      RegisteredKey.writeAll(json, "signRequests", registeredKeys, appId, challenge);
      U2fJson.writeEnd(json, timeoutSeconds, requestId);
    });
  }

  private void writeElement(JsonGenerator json, @Nullable AppId written) throws IOException {
    json.writeArrayFieldStart("registerRequests");
    json.writeStartObject();
    json.writeStringField("version", RegisteredKey.U2F_V2);
    json.writeStringField("challenge", challenge);
    JsonWriter.optional(json, "appId", written);
    json.writeEndObject();
    json.writeEndArray();
  }

  /**
   * Makes a response a message of the browser's low-level port.
   *
   * @param response the response to this request
   * @return a JSON object with type, this request's requestId, and the response as responseData
   */
  public String reply(RegisterResponse response) {
    return U2fJson.message(RegisterResponse.TYPE, requestId, response.toJson());
  }

  /**
   * Makes an error a message of the browser's low-level port.
   *
   * @param error why there is no response to this request
   * @return a JSON object with type, this request's requestId, and the error as responseData
   */
  public String reply(ErrorCodeException error) {
    return U2fJson.message(RegisterResponse.TYPE, requestId, error.toJson());
  }

  /** Everything but the challenge. */
  @Override
  public String toString() {
    return "register for %s, %s keys known".formatted(appId, registeredKeys.size());
  }
}
