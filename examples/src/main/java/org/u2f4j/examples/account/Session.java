package org.u2f4j.examples.account;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Transaction.Reader;

/**
 * Somebody is signed in. The token is with the client; here is its hash.
 *
 * @param hash the token's hash
 * @param account whose session
 * @param email of the account
 * @param provenAt when password and second factor were last given; null if a device was remembered
 * @param expiresAt when it ends by itself
 */
record Session(
    String hash, String account, String email, @Nullable Instant provenAt, Instant expiresAt) {
  static final Duration LASTS = Duration.ofHours(12);

  /** How long a proof is fresh. */
  static final Duration FRESH = Duration.ofMinutes(10);

  /** How far the clocks of several machines may be apart. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private static final Reader<Session> SESSION = row -> new Session(
      row.getString("token_hash"),
      row.getString("account"),
      row.getString("email"),
      Transaction.optionalTime(row, "proven_at"),
      Transaction.time(row, "expires_at"));

  /** A new session, and its token. */
  static String start(Transaction transaction, String account, boolean proven) throws SQLException {
    String token = Tokens.token();
    Instant now = transaction.now();
    transaction.update(
        "INSERT INTO sessions (token_hash, account, created_at, proven_at, expires_at)"
            + " VALUES (?, ?, ?, ?, ?)",
        Tokens.hash(token),
        account,
        now,
        proven ? now : null,
        now.plus(LASTS));
    return token;
  }

  static Session find(Transaction transaction, String token) throws SQLException, RefusedException {
    return transaction
        .first(
            SESSION,
            "SELECT sessions.*, accounts.email FROM sessions"
                + " JOIN accounts ON accounts.id = sessions.account"
                + " WHERE token_hash = ? AND expires_at > ?",
            Tokens.hash(token),
            transaction.now())
        .orElseThrow(() -> new RefusedException(Refusal.NOT_SIGNED_IN));
  }

  /** Finds it and locks its account, after which it may be gone. */
  static Session lock(Transaction transaction, String token) throws SQLException, RefusedException {
    transaction.lock(find(transaction, token).account());
    return find(transaction, token);
  }

  /** The same for what needs a fresh proof. */
  static Session lockProven(Transaction transaction, String token)
      throws SQLException, RefusedException {
    return lock(transaction, token).requireProven(transaction.now());
  }

  /** The same session, if its proof is fresh. */
  Session requireProven(Instant now) throws RefusedException {
    Instant until = provenUntil(now);
    if (until == null || !now.isBefore(until)) {
      throw new RefusedException(Refusal.PROOF_NEEDED);
    }
    return this;
  }

  /** Until when the proof is fresh; null if there was none, or only in the future: a clock was set back. */
  @Nullable
  Instant provenUntil(Instant now) {
    return provenAt == null || provenAt.isAfter(now.plus(SKEW)) ? null : provenAt.plus(FRESH);
  }

  static void end(Transaction transaction, String hash) throws SQLException {
    transaction.update("DELETE FROM sessions WHERE token_hash = ?", hash);
    transaction.update("DELETE FROM attempts WHERE session_hash = ?", hash);
  }

  /** Ends all other sessions of the account, and all sign-ins that are under way. */
  void endOthers(Transaction transaction) throws SQLException {
    transaction.update("DELETE FROM sessions WHERE account = ? AND token_hash <> ?", account, hash);
    transaction.update("DELETE FROM attempts WHERE account = ?", account);
  }

  /** After a factor or the password went: whoever came in by it is out, remembered devices too. */
  void endAllElse(Transaction transaction) throws SQLException {
    endOthers(transaction);
    transaction.update("DELETE FROM remembered_devices WHERE account = ?", account);
  }
}
