package org.u2f4j.json;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/**
 * The relying party asks for a signature with one of the account's registrations (FIDO U2F
 * JavaScript API, section 3).
 *
 * @param appId what the registrations are bound to; absent or empty, the caller's own facet
 * @param challenge websafe base64, used exactly as it is written
 * @param registeredKeys the account's registrations
 * @param timeoutSeconds how long the client may wait for the person
 * @param requestId returned with the answer
 */
public record SignRequest(
    @Nullable AppId appId,
    String challenge,
    List<RegisteredKey> registeredKeys,
    @Nullable Integer timeoutSeconds,
    @Nullable Integer requestId) {
  private static final String TYPE = "u2f_sign_request";

  /**
   * Copies the list; a registration keeps an AppID or a challenge only if it is not the request's.
   *
   * @param appId what the registrations are bound to
   * @param challenge websafe base64, used exactly as it is written
   * @param registeredKeys the account's registrations
   * @param timeoutSeconds how long the client may wait for the person
   * @param requestId returned with the answer
   */
  public SignRequest {
    AppId common = appId;
    String shared = challenge;
    registeredKeys =
        registeredKeys.stream().map(key -> key.within(common, shared)).toList();
  }

  /**
   * A request with no time limit and no number.
   *
   * @param appId what the registrations are bound to
   * @param challenge websafe base64
   * @param registeredKeys the account's registrations
   */
  public SignRequest(AppId appId, String challenge, List<RegisteredKey> registeredKeys) {
    this(appId, challenge, registeredKeys, null, null);
  }

  /**
   * Reads a request.
   *
   * <p>Version 1.1 of the API has {@code appId}, {@code challenge} and {@code registeredKeys}.
   * Version 1.0 has {@code signRequests}, each with its own AppID and challenge. Server tools print
   * a single element alone.
   *
   * @param json a JSON object in any of these shapes
   * @return the request
   * @throws FormatException if it has none of these shapes
   */
  public static SignRequest decode(String json) throws FormatException {
    return decode(JsonObject.parse(json));
  }

  /**
   * The same for bytes as they were received.
   *
   * @param utf8 the JSON object in UTF-8
   * @return the request
   * @throws FormatException if they are not UTF-8, or it has none of these shapes
   */
  public static SignRequest decode(Bytes utf8) throws FormatException {
    return decode(JsonObject.parse(utf8));
  }

  private static SignRequest decode(JsonObject request) throws FormatException {
    U2fJson.requireType(request, TYPE);
    U2fJson.requireAbsent(request, "registerRequests");
    List<RegisteredKey> keys;
    if (request.has("registeredKeys")) {
      keys = RegisteredKey.decodeAll(request, "registeredKeys");
    } else if (request.has("signRequests")) {
      keys = RegisteredKey.decodeAll(request, "signRequests");
    } else {
      keys = List.of(RegisteredKey.decode(request));
    }
    return new SignRequest(
        appId(request, keys),
        challenge(request, keys),
        keys,
        request.optionalInt("timeoutSeconds"),
        request.optionalInt("requestId"));
  }

  /** Version 1.0 has it in each element; the first one's then counts as the request's. */
  private static @Nullable AppId appId(JsonObject request, List<RegisteredKey> keys)
      throws FormatException {
    AppId appId = U2fJson.optionalAppId(request, "appId");
    boolean everywhere = !keys.isEmpty() && keys.stream().allMatch(key -> key.appId() != null);
    return appId == null && everywhere ? keys.get(0).appId() : appId;
  }

  private static String challenge(JsonObject request, List<RegisteredKey> keys)
      throws FormatException {
    boolean everywhere = !keys.isEmpty() && keys.stream().allMatch(key -> key.challenge() != null);
    String first = everywhere ? keys.get(0).challenge() : null;
    return request.has("challenge") || first == null
        ? U2fJson.challenge(request, "challenge")
        : first;
  }

  /**
   * The AppID that a registration is bound to.
   *
   * @param key one of {@link #registeredKeys()}
   * @return its own, or the request's; null if neither is named
   */
  public @Nullable AppId appIdOf(RegisteredKey key) {
    return key.appId() == null ? appId : key.appId();
  }

  /**
   * The challenge that a registration is to sign.
   *
   * @param key one of {@link #registeredKeys()}
   * @return its own, or the request's
   */
  public String challengeOf(RegisteredKey key) {
    return key.challenge() == null ? challenge : key.challenge();
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
      json.writeStringField("challenge", challenge);
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
      RegisteredKey.writeAll(json, "signRequests", registeredKeys, appId, challenge);
      U2fJson.writeEnd(json, timeoutSeconds, requestId);
    });
  }

  /**
   * Makes a response a message of the browser's low-level port.
   *
   * @param response the response to this request
   * @return a JSON object with type, this request's requestId, and the response as responseData
   */
  public String reply(SignResponse response) {
    return U2fJson.message(SignResponse.TYPE, requestId, response.toJson());
  }

  /**
   * Makes an error a message of the browser's low-level port.
   *
   * @param error why there is no response to this request
   * @return a JSON object with type, this request's requestId, and the error as responseData
   */
  public String reply(ErrorCodeException error) {
    return U2fJson.message(SignResponse.TYPE, requestId, error.toJson());
  }

  /** Everything but the challenge. */
  @Override
  public String toString() {
    return "sign for %s with one of %s keys".formatted(appId, registeredKeys.size());
  }
}
