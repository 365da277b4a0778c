package org.u2f4j.verifier.jdbc;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.strictjson.JsonWriter;
import org.u2f4j.verifier.Anomaly;
import org.u2f4j.verifier.CounterVerdict;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationStoreException;

/** A registration as a row of the table. */
final class Row {
  static final String COLUMNS = "key_handle, account, public_key, app_id, counter, certificate,"
      + " transports, registered_at, last_used_at,"
      + " anomaly_at, anomaly_kind, anomaly_stored, anomaly_received";

  private static final int SHOWN = 6;

  private Row() {}

  /** The values of the columns. */
  static @Nullable Object[] of(Registration registration) {
    Anomaly anomaly = registration.anomaly();
    CounterVerdict verdict = anomaly == null ? null : anomaly.verdict();
    return new @Nullable Object[] {
      registration.keyHandle().base64Url(),
      registration.account(),
      registration.publicKey().bytes().base64Url(),
      registration.appId().value(),
      registration.counter(),
      registration.certificate().base64Url(),
      transports(registration.transports()),
      millis(registration.registeredAt()),
      registration.lastUsedAt() == null ? null : millis(registration.lastUsedAt()),
      anomaly == null ? null : millis(anomaly.at()),
      verdict == null ? null : verdict.kind().name(),
      verdict == null ? null : verdict.stored(),
      verdict == null ? null : verdict.received()
    };
  }

  static Registration read(ResultSet row) throws SQLException {
    String keyHandle = row.getString("key_handle");
    try {
      Long lastUsedAt = number(row, "last_used_at");
      return new Registration(
          row.getString("account"),
          KeyHandle.fromBase64Url(keyHandle),
          UserPublicKey.decode(Bytes.fromBase64Url(row.getString("public_key"))),
          new AppId(row.getString("app_id")),
          number(row, "counter"),
          Bytes.fromBase64Url(row.getString("certificate")),
          JsonObject.parse(row.getString("transports")).strings("transports"),
          Instant.ofEpochMilli(row.getLong("registered_at")),
          lastUsedAt == null ? null : Instant.ofEpochMilli(lastUsedAt),
          anomaly(row));
    } catch (IOException | RuntimeException e) {
      throw new RegistrationStoreException(
          "the row of u2f_registrations whose key_handle begins with "
              + keyHandle.substring(0, Math.min(SHOWN, keyHandle.length()))
              + " cannot be read: "
              + e.getMessage(),
          e);
    }
  }

  private static @Nullable Anomaly anomaly(ResultSet row) throws SQLException {
    Long at = number(row, "anomaly_at");
    if (at == null) {
      return null;
    }
    CounterVerdict verdict = new CounterVerdict(
        CounterVerdict.Kind.valueOf(row.getString("anomaly_kind")),
        number(row, "anomaly_stored"),
        row.getLong("anomaly_received"));
    return new Anomaly(Instant.ofEpochMilli(at), verdict);
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  private static String transports(List<String> transports) {
    return JsonWriter.object(json -> {
      json.writeArrayFieldStart("transports");
      for (String transport : transports) {
        json.writeString(transport);
      }
      json.writeEndArray();
    });
  }

  /** The millisecond in which an instant lies, or the last one there is. */
  static long millis(Instant instant) {
    try {
      return instant.toEpochMilli();
    } catch (ArithmeticException e) {
      return instant.isAfter(Instant.EPOCH) ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
  }
}
