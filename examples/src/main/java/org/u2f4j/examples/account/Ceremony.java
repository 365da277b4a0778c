package org.u2f4j.examples.account;

import java.sql.SQLException;
import java.time.Instant;

/** What was asked and is awaited. */
final class Ceremony {
  /** What for. */
  enum Kind {
    ADD_KEY,
    USE_KEY,
    ADD_APP
  }

  /** Of one kind and one owner, for as many windows of a browser; the oldest ones go. */
  private static final int MOST = 5;

  private Ceremony() {}

  /** Keeps it for one session or attempt, by the hash of that one's token; the answer is a token. */
  static String keep(
      Transaction transaction, String owner, Kind kind, String data, Instant expiresAt)
      throws SQLException {
    transaction.update(
        "DELETE FROM ceremonies WHERE owner_hash = ? AND kind = ? AND token_hash NOT IN"
            + " (SELECT token_hash FROM ceremonies WHERE owner_hash = ? AND kind = ?"
            + " ORDER BY expires_at DESC, token_hash LIMIT ?)",
        owner,
        kind.name(),
        owner,
        kind.name(),
        MOST - 1);
    String token = Tokens.token();
    transaction.update(
        "INSERT INTO ceremonies (token_hash, owner_hash, kind, data, expires_at)"
            + " VALUES (?, ?, ?, ?, ?)",
        Tokens.hash(token),
        owner,
        kind.name(),
        data,
        expiresAt);
    return token;
  }

  /** Takes it: one DELETE, so that of many who try at once one succeeds. */
  static String take(Transaction transaction, String owner, Kind kind, String token)
      throws SQLException, RefusedException {
    return transaction
        .first(
            row -> row.getString("data"),
            "DELETE FROM ceremonies WHERE token_hash = ? AND owner_hash = ? AND kind = ?"
                + " AND expires_at > ? RETURNING data",
            Tokens.hash(token),
            owner,
            kind.name(),
            transaction.now())
        .orElseThrow(() -> new RefusedException(Refusal.CEREMONY_OVER));
  }

  /** Looks at it without taking it: a wrong code may be corrected. */
  static String look(Transaction transaction, String owner, Kind kind, String token)
      throws SQLException, RefusedException {
    return transaction
        .first(
            row -> row.getString("data"),
            "SELECT data FROM ceremonies WHERE token_hash = ? AND owner_hash = ? AND kind = ?"
                + " AND expires_at > ?",
            Tokens.hash(token),
            owner,
            kind.name(),
            transaction.now())
        .orElseThrow(() -> new RefusedException(Refusal.CEREMONY_OVER));
  }
}
