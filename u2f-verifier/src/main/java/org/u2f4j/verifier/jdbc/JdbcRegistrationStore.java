package org.u2f4j.verifier.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.u2f4j.KeyHandle;
import org.u2f4j.verifier.Anomaly;
import org.u2f4j.verifier.CounterVerdict;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RegistrationStoreException;

/**
 * A store in PostgreSQL, in a database that speaks its language, or in a SQLite file (3.39 or later)
 * that several processes may share. It makes no threads and keeps no connections.
 *
 * <p>Every change is one statement and one transaction of its own, whatever the isolation level, on
 * a connection that the data source hands out for it; one that belongs to a transaction of the
 * application will not do, unless it is {@linkplain #within given for that}. Finishing an authentication takes two statements: one that reads the
 * registration and one that moves its counter. What has lost against another transaction (SQLSTATE
 * 40001 or 40P01, SQLite's BUSY and LOCKED) is tried again after short and random pauses, thirty times
 * at most and not any more after ten seconds. Nothing else is: if the connection breaks, it is unknown
 * whether a change was stored, and a {@link RegistrationStoreException} says so. A counter may have
 * moved then although its signature was not accepted, never the other way round.
 *
 * <p>{@link #migrate()} makes the tables {@code u2f_registrations} and {@code u2f_pending}, and sets
 * SQLite to write-ahead logging, which the file remembers. Those who migrate otherwise find the SQL
 * in the resources {@code 001-registrations.sql} and {@code 002-pending.sql} of this package, to be
 * applied in this order, and say {@code PRAGMA journal_mode = WAL} to SQLite themselves. No change
 * is made in a SQLite file without that log. Full synchronisation is set on each connection that
 * lacks it before anything is changed, and a patience of five seconds on one that has to wait.
 *
 * <p>Times are kept in milliseconds; what is finer is cut off.
 */
public final class JdbcRegistrationStore implements RegistrationStore {
  private static final List<String> MIGRATIONS =
      List.of("001-registrations.sql", "002-pending.sql");

  /** A pending value in so many is kept with a search for expired ones, which deletes so many at most. */
  private static final int PURGE_EVERY = 64;

  private static final int PURGED_AT_ONCE = 1_000;

  private static final String SELECT = "SELECT " + Row.COLUMNS + " FROM u2f_registrations WHERE ";
  private static final String BY_KEY_HANDLE = SELECT + "key_handle = ?";
  private static final String BY_ACCOUNT =
      SELECT + "account = ? ORDER BY registered_at, key_handle";
  private static final String ADD = "INSERT INTO u2f_registrations (" + Row.COLUMNS
      + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key_handle) DO NOTHING";
  private static final String ADVANCE = "UPDATE u2f_registrations SET counter = ?, last_used_at = ?"
      + " WHERE key_handle = ? AND account = ? AND counter IS NOT DISTINCT FROM ?";

  /** Looks at the connection's settings in the same statement, so that it stays one. */
  private static final String ADVANCE_IN_SQLITE = ADVANCE
      + " AND (SELECT synchronous FROM pragma_synchronous) >= 2"
      + " AND (SELECT journal_mode FROM pragma_journal_mode) = 'wal'";

  private static final String MARK = "UPDATE u2f_registrations SET anomaly_at = ?,"
      + " anomaly_kind = ?, anomaly_stored = ?, anomaly_received = ? WHERE key_handle = ?";
  private static final String CLEAR = "UPDATE u2f_registrations SET anomaly_at = NULL,"
      + " anomaly_kind = NULL, anomaly_stored = NULL, anomaly_received = NULL%s"
      + " WHERE account = ? AND key_handle = ?";
  private static final String CLEAR_MARK = CLEAR.formatted("");
  private static final String CLEAR_MARK_AND_COUNTER = CLEAR.formatted(", counter = NULL");
  private static final String REMOVE =
      "DELETE FROM u2f_registrations WHERE account = ? AND key_handle = ?";
  private static final String KEEP = "INSERT INTO u2f_pending (challenge, json, expires_at)"
      + " VALUES (?, ?, ?) ON CONFLICT (challenge)"
      + " DO UPDATE SET json = excluded.json, expires_at = excluded.expires_at";
  private static final String CONSUME =
      "DELETE FROM u2f_pending WHERE challenge = ? RETURNING json, expires_at";
  private static final String PURGE = "DELETE FROM u2f_pending WHERE challenge IN (SELECT challenge"
      + " FROM u2f_pending WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)";

  private final Database database;
  private final AtomicInteger kept = new AtomicInteger();

  /**
   * A store; nothing is done with the database yet.
   *
   * @param dataSource where connections come from; they are used for one statement and closed, so
   *     it should be a pool
   */
  public JdbcRegistrationStore(DataSource dataSource) {
    this.database = new Database(dataSource);
  }

  private JdbcRegistrationStore(Connection connection) {
    this.database = new Database(connection);
  }

  /**
   * A store whose changes are part of a transaction that the application has begun, such as a
   * registration and the name that people give it. They are there when the application commits, and
   * gone if it rolls back, the mark of a refused counter too. Nothing is tried again: after a {@link
   * RegistrationStoreException} the transaction is to be rolled back, and whether to begin anew is the
   * application's decision.
   *
   * <p>Two authentications of one key meet at its counter: with PostgreSQL's read committed the later
   * one judges by what the other has left; with a stricter isolation it fails, and is to be begun anew.
   * On SQLite the connection has to have full synchronisation already, and the transaction has to be
   * an immediate one, or it fails when another one was faster.
   *
   * @param connection without auto-commit; stays open, and is used by one thread
   * @return a store for this transaction alone; it does not migrate
   */
  public static JdbcRegistrationStore within(Connection connection) {
    return new JdbcRegistrationStore(connection);
  }

  /**
   * Applies the migrations that were not applied yet, each in a transaction, and records them in the
   * table {@code u2f_schema}. Several processes may do that at once.
   *
   * @throws RegistrationStoreException if one of them fails, or the tables are there and nobody
   *     recorded that
   * @throws IllegalStateException if it is a store within a transaction
   */
  public void migrate() {
    database.requireOwnTransactions();
    database.read("set up write-ahead logging", connection -> {
      Database.useWriteAheadLog(connection);
      return true;
    });
    for (int version = 1; version <= MIGRATIONS.size(); version++) {
      migrate(version, resource(MIGRATIONS.get(version - 1)));
    }
  }

  private void migrate(int version, String sql) {
    try {
      database.transaction("apply migration " + version, connection -> {
        Database.execute(
            connection,
            "CREATE TABLE IF NOT EXISTS u2f_schema (version INTEGER NOT NULL PRIMARY KEY)");
        if (applied(connection, version)) {
          return false;
        }
        for (String statement : sql.strip().split(";\n", -1)) {
          Database.execute(connection, statement);
        }
        return Database.update(connection, "INSERT INTO u2f_schema (version) VALUES (?)", version);
      });
    } catch (RegistrationStoreException e) {
      if (!appliedByAnother(version, e)) {
        throw e;
      }
    }
  }

  /** Whether a migration failed because another process had the same one committed. */
  private boolean appliedByAnother(int version, RegistrationStoreException failure) {
    try {
      return database.read("read u2f_schema", connection -> applied(connection, version));
    } catch (RegistrationStoreException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private static boolean applied(Connection connection, int version) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT version FROM u2f_schema WHERE version = ?")) {
      statement.setInt(1, version);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  private static String resource(String name) {
    try (InputStream in = JdbcRegistrationStore.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the resource " + name + " is missing from the library");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<Registration> registrations(String account) {
    return isText(account) ? select("list registrations", BY_ACCOUNT, account) : List.of();
  }

  @Override
  public Optional<Registration> find(KeyHandle keyHandle) {
    return select("find a registration", BY_KEY_HANDLE, keyHandle.base64Url()).stream()
        .findFirst();
  }

  private List<Registration> select(String what, String sql, String key) {
    return database.read(what, connection -> {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setString(1, key);
        try (ResultSet rows = statement.executeQuery()) {
          List<Registration> found = new ArrayList<>();
          while (rows.next()) {
            found.add(Row.read(rows));
          }
          return List.copyOf(found);
        }
      }
    });
  }

  @Override
  public boolean add(Registration registration) {
    requireText("an account", registration.account());
    return database.change(
        "add a registration",
        connection -> Database.update(connection, ADD, Row.of(registration)) == 1);
  }

  @Override
  public boolean advance(Registration seen, long counter, Instant at) {
    return database.read("advance a counter", connection -> {
      if (!Database.isSqlite(connection)) {
        return advance(connection, ADVANCE, seen, counter, at);
      }
      return advance(connection, ADVANCE_IN_SQLITE, seen, counter, at)
          || (Database.makeDurable(connection)
              && advance(connection, ADVANCE_IN_SQLITE, seen, counter, at));
    });
  }

  private static boolean advance(
      Connection connection, String sql, Registration seen, long counter, Instant at)
      throws SQLException {
    String keyHandle = seen.keyHandle().base64Url();
    return Database.update(
            connection, sql, counter, Row.millis(at), keyHandle, seen.account(), seen.counter())
        == 1;
  }

  @Override
  public void mark(KeyHandle keyHandle, Anomaly anomaly) {
    CounterVerdict verdict = anomaly.verdict();
    database.change(
        "mark a registration",
        connection -> Database.update(
            connection,
            MARK,
            Row.millis(anomaly.at()),
            verdict.kind().name(),
            verdict.stored(),
            verdict.received(),
            keyHandle.base64Url()));
  }

  @Override
  public boolean clear(String account, KeyHandle keyHandle, boolean restartCounter) {
    String sql = restartCounter ? CLEAR_MARK_AND_COUNTER : CLEAR_MARK;
    return isText(account)
        && database.change(
            "clear a mark",
            connection -> Database.update(connection, sql, account, keyHandle.base64Url()) == 1);
  }

  @Override
  public boolean remove(String account, KeyHandle keyHandle) {
    return isText(account)
        && database.change(
            "remove a registration",
            connection -> Database.update(connection, REMOVE, account, keyHandle.base64Url()) == 1);
  }

  @Override
  public void keep(String challenge, String pending, Instant expiresAt) {
    requireText("a challenge", challenge);
    requireText("a pending value", pending);
    database.change("keep a pending value", connection -> {
      Database.update(connection, KEEP, challenge, pending, Row.millis(expiresAt));
      return true;
    });
    if (kept.getAndIncrement() % PURGE_EVERY == 0) {
      long now = Row.millis(Instant.now());
      database.change(
          "forget expired pending values",
          connection -> Database.update(connection, PURGE, now, PURGED_AT_ONCE));
    }
  }

  @Override
  public Optional<String> consume(String challenge) {
    if (!isText(challenge)) {
      return Optional.empty();
    }
    return database.change("consume a pending value", connection -> {
      try (PreparedStatement statement = connection.prepareStatement(CONSUME)) {
        statement.setString(1, challenge);
        try (ResultSet row = statement.executeQuery()) {
          if (!row.next()) {
            return Optional.empty();
          }
          String pending = row.getString(1);
          long expiresAt = row.getLong(2);
          row.next(); // there is none, but only with its end has SQLite committed the statement
          return Row.millis(Instant.now()) < expiresAt ? Optional.of(pending) : Optional.empty();
        }
      }
    });
  }

  /** PostgreSQL refuses U+0000, and a driver may turn half of a surrogate pair into another text. */
  private static boolean isText(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static void requireText(String what, String text) {
    if (!isText(text)) {
      throw new IllegalArgumentException(
          what + " that a database can keep has no U+0000 and no half of a surrogate pair");
    }
  }
}
