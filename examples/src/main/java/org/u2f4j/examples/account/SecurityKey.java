package org.u2f4j.examples.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.u2f4j.KeyHandle;
import org.u2f4j.verifier.Anomaly;
import org.u2f4j.verifier.Registration;

/**
 * A key of an account: what the library knows of it, and what the application calls it.
 *
 * @param id what to name it by in other operations
 * @param name what its owner calls it
 * @param vendor who made it, by its attestation, which may be no more than a claim; null if unknown
 * @param model what it is, likewise
 * @param registration when it was added and last used, its counter, and the warning ({@link
 *     Registration#anomaly()}) that a counter left which did not grow
 */
public record SecurityKey(
    String id,
    String name,
    @Nullable String vendor,
    @Nullable String model,
    Registration registration) {
  /**
   * When it was added.
   *
   * @return the time
   */
  public Instant addedAt() {
    return registration.registeredAt();
  }

  /**
   * When it last signed in.
   *
   * @return the time; null if never
   */
  public @Nullable Instant lastUsedAt() {
    return registration.lastUsedAt();
  }

  /**
   * The warning that somebody may have copied it.
   *
   * @return when, and what its counter said; null if all is well, or the owner has cleared it
   */
  public @Nullable Anomaly warning() {
    return registration.anomaly();
  }

  KeyHandle keyHandle() {
    return registration.keyHandle();
  }

  /** The keys of an account, the oldest first. */
  static List<SecurityKey> list(Transaction transaction, String account) throws SQLException {
    Map<String, Registration> registrations = new HashMap<>();
    List<SecurityKey> keys = new ArrayList<>();
    for (Registration one : transaction.keys().registrations(account)) {
      registrations.put(one.keyHandle().base64Url(), one);
    }
    // in a transaction both tables agree; to a mere reader a key may come or go in between
    for (Row row :
        transaction.list(Row::read, "SELECT * FROM key_names WHERE account = ?", account)) {
      Registration registration = registrations.get(row.keyHandle);
      if (registration != null) {
        keys.add(new SecurityKey(row.id, row.name, row.vendor, row.model, registration));
      }
    }
    keys.sort(Comparator.comparing(SecurityKey::addedAt).thenComparing(SecurityKey::id));
    return keys;
  }

  static SecurityKey find(Transaction transaction, String account, String id)
      throws SQLException, RefusedException {
    return list(transaction, account).stream()
        .filter(key -> key.id.equals(id))
        .findFirst()
        .orElseThrow(() -> new RefusedException(Refusal.NOT_FOUND));
  }

  /** The name of the key whose counter was refused in this transaction; null if none was. */
  static @Nullable String nameOfRefused(Transaction transaction, String account)
      throws SQLException {
    long now = transaction.now().toEpochMilli(); // what the library's table keeps of it
    for (SecurityKey key : list(transaction, account)) {
      Anomaly warning = key.warning();
      if (warning != null && warning.at().toEpochMilli() == now) {
        return key.name;
      }
    }
    return null;
  }

  private record Row(
      String keyHandle,
      String id,
      String name,
      @Nullable String vendor,
      @Nullable String model) {
    static Row read(ResultSet row) throws SQLException {
      return new Row(
          row.getString("key_handle"),
          row.getString("id"),
          row.getString("name"),
          row.getString("vendor"),
          row.getString("model"));
    }
  }
}
