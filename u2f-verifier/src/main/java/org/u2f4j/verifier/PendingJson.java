package org.u2f4j.verifier;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.FormatException;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;

/** The form in which both kinds of pending values are kept; the request stands in it as a text. */
record PendingJson(String kind, String account, String request, Instant expiresAt) {
  private static final int VERSION = 1;

  /** Returns the AppID if account and AppID are there, and can be kept. */
  static AppId require(String account, @Nullable AppId appId) {
    String wrong = wrongWith(account);
    if (wrong != null) {
      throw new IllegalArgumentException(wrong);
    }
    if (appId == null) {
      throw new IllegalArgumentException("a pending value needs a request with an AppID");
    }
    return appId;
  }

  /** What is refused before anybody touches a key, since a store or JSON would refuse it after that. */
  private static @Nullable String wrongWith(String account) {
    if (account.isEmpty()) {
      return "a pending value belongs to an account, not to nobody";
    }
    for (int i = 0; i < account.length(); i += Character.charCount(account.codePointAt(i))) {
      int codePoint = account.codePointAt(i);
      if (codePoint == 0 || Character.getType(codePoint) == Character.SURROGATE) {
        return "the account has %s at index %d, which cannot be stored"
            .formatted(codePoint == 0 ? "U+0000" : "half of a surrogate pair", i);
      }
    }
    return null;
  }

  /** Those registrations that a client of U2F can use; others would make it refuse the request. */
  static List<RegisteredKey> ofU2f(List<RegisteredKey> keys) {
    return keys.stream()
        .filter(key -> key.version().equals(RegisteredKey.U2F_V2))
        .toList();
  }

  String toJson() {
    return JsonWriter.object(json -> {
      json.writeNumberField("version", VERSION);
      json.writeStringField("kind", kind);
      json.writeStringField("account", account);
      json.writeStringField("expiresAt", expiresAt.toString());
      json.writeStringField("request", request);
    });
  }

  static PendingJson decode(String text, String kind) throws FormatException {
    JsonObject json = JsonObject.parse(text);
    Integer version = json.optionalInt("version");
    if (version == null || version != VERSION) {
      throw new FormatException("a pending value has version " + VERSION + ", not " + version);
    }
    if (!json.string("kind").equals(kind)) {
      throw new FormatException("a pending " + kind + " is expected, and this is of another kind");
    }
    String account = json.string("account");
    String wrong = wrongWith(account);
    if (wrong != null) {
      throw new FormatException("\"account\": " + wrong);
    }
    try {
      return new PendingJson(
          kind, account, json.string("request"), Instant.parse(json.string("expiresAt")));
    } catch (DateTimeException e) {
      throw new FormatException("\"expiresAt\" is not a time");
    }
  }
}
