package org.u2f4j.examples;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;
import org.u2f4j.verifier.Anomaly;
import org.u2f4j.verifier.CounterVerdict;
import org.u2f4j.verifier.Registration;

/** A registration as a JSON object. */
final class StoredRegistration {
  private StoredRegistration() {}

  static String encode(Registration registration) {
    return JsonWriter.object(json -> {
      json.writeStringField("account", registration.account());
      json.writeStringField("keyHandle", registration.keyHandle().base64Url());
      json.writeStringField("publicKey", registration.publicKey().bytes().base64Url());
      json.writeStringField("appId", registration.appId().value());
      if (registration.counter() != null) {
        json.writeNumberField("counter", registration.counter());
      }
      json.writeStringField("certificate", registration.certificate().base64Url());
      Learnt.strings(json, "transports", registration.transports());
      json.writeStringField("registeredAt", registration.registeredAt().toString());
      Learnt.optional(json, "lastUsedAt", registration.lastUsedAt());
      Anomaly anomaly = registration.anomaly();
      if (anomaly != null) {
        json.writeStringField("anomalyAt", anomaly.at().toString());
        Long stored = anomaly.verdict().stored();
        if (stored != null) {
          json.writeNumberField("anomalyStored", stored);
        }
        json.writeNumberField("anomalyReceived", anomaly.verdict().received());
      }
    });
  }

  /** Reads it; times and counters that are none are runtime exceptions of their classes. */
  static Registration decode(JsonObject json) throws FormatException {
    Instant anomalyAt = time(json, "anomalyAt");
    return new Registration(
        json.string("account"),
        KeyHandle.fromBase64Url(json.string("keyHandle")),
        json.decoded("publicKey", UserPublicKey::decode),
        new AppId(json.string("appId")),
        json.optionalLong("counter"),
        json.bytes("certificate"),
        json.strings("transports"),
        Instant.parse(json.string("registeredAt")),
        time(json, "lastUsedAt"),
        anomalyAt == null
            ? null
            : new Anomaly(
                anomalyAt,
                CounterVerdict.of(
                    json.optionalLong("anomalyStored"), json.longValue("anomalyReceived"))));
  }

  private static @Nullable Instant time(JsonObject json, String name) throws FormatException {
    String text = json.optionalString(name);
    return text == null ? null : Instant.parse(text);
  }
}
