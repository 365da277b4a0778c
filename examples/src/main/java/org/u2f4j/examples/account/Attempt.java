package org.u2f4j.examples.account;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Transaction.Reader;

/**
 * A password was right, and a second factor is awaited.
 *
 * @param hash of the token, which the client has
 * @param account whose password it was
 * @param session the hash of the session that is to be proven anew; null at sign-in
 * @param expiresAt when it is too late
 */
record Attempt(String hash, String account, @Nullable String session, Instant expiresAt) {
  static final Duration LASTS = Duration.ofMinutes(10);

  /** Sign-ins of an account, or proofs of a session: whoever has the password fills no table. */
  private static final int MOST = 100;

  private static final Reader<Attempt> ATTEMPT = row -> new Attempt(
      row.getString("token_hash"),
      row.getString("account"),
      row.getString("session_hash"),
      Transaction.time(row, "expires_at"));

  /**
   * A new attempt's token. If there are too many of its kind, one ends: the oldest from the network that
   * has most, so that whoever has the password does not end what the owner begins elsewhere, unless from
   * a hundred networks. The account is locked.
   */
  static String start(
      Transaction transaction, Client client, String account, @Nullable String session)
      throws SQLException {
    String sql = "SELECT * FROM attempts WHERE account = ? AND session_hash IS NOT DISTINCT FROM ?"
        + " ORDER BY count(*) OVER (PARTITION BY network) DESC, expires_at, token_hash";
    List<Attempt> before = transaction.list(ATTEMPT, sql, account, session);
    if (before.size() >= MOST) {
      end(transaction, before.get(0).hash);
    }
    String token = Tokens.token();
    transaction.update(
        "INSERT INTO attempts (token_hash, account, session_hash, network, expires_at)"
            + " VALUES (?, ?, ?, ?, ?)",
        Tokens.hash(token),
        account,
        session,
        client.network(),
        transaction.now().plus(LASTS));
    return token;
  }

  static Attempt find(Transaction transaction, String token) throws SQLException, RefusedException {
    return transaction
        .first(
            ATTEMPT,
            "SELECT * FROM attempts WHERE token_hash = ? AND expires_at > ?",
            Tokens.hash(token),
            transaction.now())
        .orElseThrow(() -> new RefusedException(Refusal.ATTEMPT_OVER));
  }

  /** Finds it and locks its account, after which it may be gone. */
  static Attempt lock(Transaction transaction, String token) throws SQLException, RefusedException {
    transaction.lock(find(transaction, token).account());
    return find(transaction, token);
  }

  /** Nobody can use it again, nor answer what it asked. */
  static void end(Transaction transaction, String hash) throws SQLException {
    transaction.update("DELETE FROM attempts WHERE token_hash = ?", hash);
    transaction.update("DELETE FROM ceremonies WHERE owner_hash = ?", hash);
  }
}
