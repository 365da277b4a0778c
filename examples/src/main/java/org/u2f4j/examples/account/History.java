package org.u2f4j.examples.account;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Transaction.Reader;

/** What happened, when, from which device and with which factor. */
public final class History {
  private static final Duration KEPT = Duration.ofDays(365);
  private static final int SHOWN = 100;

  /** Of those that anybody can make, who would push all others out. */
  private static final int SHOWN_WRONG_PASSWORDS = 20;

  private static final String LATEST =
      "SELECT * FROM (SELECT * FROM events WHERE account = ? AND kind %s ?"
          + " ORDER BY at DESC, id LIMIT ?) AS latest";

  private static final Reader<Event> EVENT = row -> {
    String factor = row.getString("factor");
    return new Event(
        Transaction.time(row, "at"),
        Event.Kind.valueOf(row.getString("kind")),
        factor == null ? null : Factor.valueOf(factor),
        new Client(row.getString("address"), row.getString("device")),
        row.getString("detail"));
  };

  private final Database database;

  History(Database database) {
    this.database = database;
  }

  /**
   * The latest events of the account.
   *
   * @param session a session
   * @return 20 wrong passwords at most and 100 others, the latest first
   * @throws RefusedException if the session has ended
   */
  public List<Event> list(String session) throws RefusedException {
    return database.read(transaction -> {
      String account = Session.find(transaction, session).account();
      String wrong = Event.Kind.PASSWORD_REFUSED.name();
      return transaction.list(
          EVENT,
          LATEST.formatted("<>") + " UNION ALL " + LATEST.formatted("=") + " ORDER BY at DESC, id",
          account,
          wrong,
          SHOWN,
          account,
          wrong,
          SHOWN_WRONG_PASSWORDS);
    });
  }

  static void record(
      Transaction transaction,
      @Nullable String account,
      Client client,
      Event.Kind kind,
      @Nullable Factor factor,
      @Nullable String detail)
      throws SQLException {
    transaction.update(
        "INSERT INTO events (id, account, at, kind, factor, device, address, detail, expires_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        Tokens.id(),
        account,
        transaction.now(),
        kind.name(),
        factor == null ? null : factor.name(),
        client.device(),
        client.address(),
        detail,
        transaction.now().plus(KEPT));
  }

  /** A second factor did not pass. Not all are recorded, or a loop would fill the table. */
  static void refused(
      Transaction transaction, String account, Client client, Factor factor, Refusal reason)
      throws SQLException {
    Event.Kind kind = switch (reason) {
      case KEY_COUNTER -> Event.Kind.COUNTER_REFUSED;
      case KEY_TIMEOUT, KEY_NOT_USED, CEREMONY_OVER -> null; // nobody was refused
      case TOO_MANY_TRIES -> null; // those before it are recorded, and are not to be pushed out
      default -> Event.Kind.FACTOR_REFUSED;
    };
    if (kind != null && RateLimit.RECORDED.admits(transaction, account + " " + kind)) {
      String detail = kind == Event.Kind.COUNTER_REFUSED
          ? SecurityKey.nameOfRefused(transaction, account)
          : reason.name();
      record(transaction, account, client, kind, factor, detail);
    }
  }
}
