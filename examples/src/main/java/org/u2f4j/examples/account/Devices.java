package org.u2f4j.examples.account;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Transaction.Reader;

/** Devices on which a second factor was given once, and is not asked for again. */
public final class Devices {
  private static final Duration REMEMBERED = Duration.ofDays(30);

  /**
   * A remembered device.
   *
   * @param id what to revoke it by
   * @param name what it called itself, such as "Firefox on Linux"
   * @param rememberedAt since when
   * @param lastUsedAt when somebody last signed in on it without a second factor
   * @param expiresAt when it is forgotten by itself
   */
  public record Device(
      String id, String name, Instant rememberedAt, Instant lastUsedAt, Instant expiresAt) {}

  private static final Reader<Device> DEVICE = row -> new Device(
      row.getString("id"),
      row.getString("name"),
      Transaction.time(row, "remembered_at"),
      Transaction.time(row, "last_used_at"),
      Transaction.time(row, "expires_at"));

  private final Database database;

  Devices(Database database) {
    this.database = database;
  }

  /**
   * The account's remembered devices.
   *
   * @param session a session
   * @return all of them, the last used first
   * @throws RefusedException if the session has ended
   */
  public List<Device> list(String session) throws RefusedException {
    return database.read(transaction -> transaction.list(
        DEVICE,
        "SELECT * FROM remembered_devices WHERE account = ? AND expires_at > ?"
            + " ORDER BY last_used_at DESC, id",
        Session.find(transaction, session).account(),
        transaction.now()));
  }

  /**
   * Forgets one, which needs the second factor again then; all other sessions end, since it may have
   * one.
   *
   * @param client who is calling
   * @param session a session
   * @param id which one
   * @throws RefusedException if the account has no such device
   */
  public void revoke(Client client, String session, String id) throws RefusedException {
    database.change(transaction -> {
      Session of = Session.lock(transaction, session);
      String account = of.account();
      String name = transaction
          .first(
              row -> row.getString("name"),
              "DELETE FROM remembered_devices WHERE account = ? AND id = ? RETURNING name",
              account,
              id)
          .orElseThrow(() -> new RefusedException(Refusal.NOT_FOUND));
      of.endOthers(transaction); // it may be signed in
      History.record(transaction, account, client, Event.Kind.DEVICES_FORGOTTEN, null, name);
      return name;
    });
  }

  /**
   * Forgets all, and ends all other sessions.
   *
   * @param client who is calling
   * @param session a session
   * @throws RefusedException if the session has ended
   */
  public void revokeAll(Client client, String session) throws RefusedException {
    database.change(transaction -> {
      Session of = Session.lock(transaction, session);
      String account = of.account();
      of.endAllElse(transaction);
      History.record(transaction, account, client, Event.Kind.DEVICES_FORGOTTEN, null, "all");
      return account;
    });
  }

  /** Remembers one; the answer is its token. */
  static String remember(Transaction transaction, String account, Client client)
      throws SQLException {
    String token = Tokens.token();
    Instant now = transaction.now();
    transaction.update(
        "INSERT INTO remembered_devices"
            + " (token_hash, id, account, name, remembered_at, last_used_at, expires_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        Tokens.hash(token),
        Tokens.id(),
        account,
        client.device(),
        now,
        now,
        now.plus(REMEMBERED));
    return token;
  }

  /** Which device of the account has this token; always asks, so that it takes as long. */
  static Optional<String> find(Transaction transaction, String account, @Nullable String token)
      throws SQLException {
    return transaction.first(
        row -> row.getString("id"),
        "SELECT id FROM remembered_devices WHERE token_hash = ? AND account = ? AND expires_at > ?",
        Tokens.hash(token == null ? "" : token),
        account,
        transaction.now());
  }

  static void used(Transaction transaction, String id) throws SQLException {
    transaction.update(
        "UPDATE remembered_devices SET last_used_at = ? WHERE id = ?", transaction.now(), id);
  }
}
