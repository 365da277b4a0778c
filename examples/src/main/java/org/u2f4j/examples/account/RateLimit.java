package org.u2f4j.examples.account;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.u2f4j.examples.account.Transaction.Reader;

/** Counts tries before they are judged, so that many at once gain nothing. */
enum RateLimit {
  /** Passwords for one e-mail address; from a remembered device they are counted apart. */
  PASSWORD(10, Duration.ofMinutes(15)),
  /** Wrong passwords of strangers, and new accounts, from one network. */
  ADDRESS(100, Duration.ofMinutes(15)),
  /** Second factors of one account that were refused and are recorded: all others leave no trace. */
  RECORDED(20, Duration.ofMinutes(15)),
  /** Codes for one account: a guess is right with three chances in a million. */
  CODE(5, Duration.ofMinutes(15));

  private record Count(long tries, Instant until) {}

  private static final Reader<Count> COUNT =
      row -> new Count(row.getLong("tries"), Transaction.time(row, "expires_at"));

  private final int most;
  private final Duration window;

  RateLimit(int most, Duration window) {
    this.most = most;
    this.window = window;
  }

  /** Counts one, and refuses it if there are too many in this window of time. */
  void count(Transaction transaction, String who) throws SQLException, RefusedException {
    Count count = counted(transaction, who);
    if (count.tries > most) {
      throw new RefusedException(Refusal.TOO_MANY_TRIES, count.until, null);
    }
  }

  /** Counts one, and tells whether there were few enough. */
  boolean admits(Transaction transaction, String who) throws SQLException {
    return counted(transaction, who).tries <= most;
  }

  private Count counted(Transaction transaction, String who) throws SQLException {
    Instant now = transaction.now();
    return transaction
        .first(
            COUNT,
            "INSERT INTO rate_limits (bucket, tries, expires_at) VALUES (?, 1, ?)"
                + " ON CONFLICT (bucket) DO UPDATE SET"
                + " tries = CASE WHEN rate_limits.expires_at <= ? THEN 1 ELSE rate_limits.tries + 1 END,"
                + " expires_at = CASE WHEN rate_limits.expires_at <= ? THEN excluded.expires_at"
                + " ELSE rate_limits.expires_at END"
                + " RETURNING tries, expires_at",
            bucket(who),
            now.plus(window),
            now,
            now)
        .orElseThrow();
  }

  /** Takes one back: it was no guess. */
  void giveBack(Transaction transaction, String who) throws SQLException {
    transaction.update("UPDATE rate_limits SET tries = tries - 1 WHERE bucket = ?", bucket(who));
  }

  /** Forgets the count: it was the right one. */
  void clear(Transaction transaction, String who) throws SQLException {
    transaction.update("DELETE FROM rate_limits WHERE bucket = ?", bucket(who));
  }

  private String bucket(String who) {
    return name() + " " + Tokens.hash(who);
  }
}
