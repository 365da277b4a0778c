package org.u2f4j.verifier.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.u2f4j.verifier.RegistrationStoreException;

/**
 * Runs work on connections, again if it lost against other work, and sees to SQLite's settings; or, once
 * and as it is, on the one connection of a transaction that the application has begun.
 */
final class Database {
  /** What is done with a connection; it is done anew, whole, on another one if it has lost. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private static final int ATTEMPTS = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long LONGEST_PAUSE = 200;
  private static final int SQLITE_BUSY = 5;
  private static final int SQLITE_LOCKED = 6;
  private static final int SQLITE_FULL_SYNCHRONISATION = 2;
  private static final int SQLITE_PATIENCE = 5_000;

  private final @Nullable DataSource dataSource;
  private final @Nullable Connection joined;

  Database(DataSource dataSource) {
    this.dataSource = dataSource;
    this.joined = null;
  }

  /** Work joins the transaction of this connection. */
  Database(Connection joined) {
    this.dataSource = null;
    this.joined = joined;
  }

  /** Reads; or makes a change by one statement that looks at the settings itself. */
  <T> T read(String what, Work<T> work) {
    return joined != null ? join(what, joined, work) : retry(what, requireOwnTransactions(), work);
  }

  DataSource requireOwnTransactions() {
    if (dataSource == null) {
      throw new IllegalStateException("this store is within a transaction of the application");
    }
    return dataSource;
  }

  private static <T> T join(String what, Connection joined, Work<T> work) {
    try {
      return work.on(joined);
    } catch (SQLException e) {
      throw failure(what, e, "in a transaction, which is to be rolled back");
    }
  }

  private static <T> T retry(String what, DataSource dataSource, Work<T> work) {
    long start = System.nanoTime();
    for (int attempt = 1; true; attempt++) {
      try (Connection connection = dataSource.getConnection()) {
        boolean again = attempt > 1;
        return inAutoCommit(connection, ready -> {
          if (again) {
            makePatient(ready);
          }
          return work.on(ready);
        });
      } catch (SQLException e) {
        boolean late = System.nanoTime() - start > PATIENCE.toNanos();
        if (late || attempt == ATTEMPTS || !lost(e)) {
          throw failure(what, e, "in attempt " + attempt);
        }
        pause(what, attempt, e);
      }
    }
  }

  private static RegistrationStoreException failure(String what, SQLException e, String when) {
    return new RegistrationStoreException(
        "cannot %s: %sSQLSTATE %s, code %s, %s"
            .formatted(
                what,
                noTable(e) ? "a table is missing, migrate() makes it: " : "",
                e.getSQLState(),
                e.getErrorCode(),
                when),
        e);
  }

  /** Makes one change by one statement, which has reached the disk then. */
  <T> T change(String what, Work<T> work) {
    return read(what, connection -> {
      makeDurable(connection);
      return work.on(connection);
    });
  }

  /**
   * Makes several changes, or none of them. The driver is not told: SQLite's takes a transaction for open
   * that could not begin, and begins another one as soon as it has committed.
   */
  <T> T transaction(String what, Work<T> work) {
    return change(what, connection -> {
      execute(connection, "BEGIN");
      try {
        T result = work.on(connection);
        execute(connection, "COMMIT");
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      }
    });
  }

  private static void rollBack(Connection connection, Throwable failure) {
    try {
      execute(connection, "ROLLBACK");
    } catch (SQLException again) { // SQLite may have done so by itself
      failure.addSuppressed(again);
    }
  }

  private static <T> T inAutoCommit(Connection connection, Work<T> work) throws SQLException {
    if (connection.getAutoCommit()) {
      return work.on(connection);
    }
    connection.setAutoCommit(true);
    try {
      return work.on(connection);
    } finally {
      connection.setAutoCommit(false);
    }
  }

  /** Whether nothing was changed because another transaction was in the way. */
  private static boolean lost(SQLException failure) {
    for (Throwable part : failure) {
      if (part instanceof SQLException e) {
        String state = e.getSQLState();
        int sqlite = e.getErrorCode() & 0xFF; // the other bits tell the kinds of a code
        if ("40001".equals(state)
            || "40P01".equals(state)
            || (state == null && (sqlite == SQLITE_BUSY || sqlite == SQLITE_LOCKED))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether nobody has migrated; SQLite has no code of its own for that. */
  private static boolean noTable(SQLException failure) {
    return "42P01".equals(failure.getSQLState())
        || String.valueOf(failure.getMessage()).contains("no such table");
  }

  private static void pause(String what, int attempt, SQLException reason) {
    long longest = Math.min(LONGEST_PAUSE, 1L << attempt);
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(longest) + 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      RegistrationStoreException failure = new RegistrationStoreException(
          "cannot " + what + ": interrupted before another attempt", e);
      failure.addSuppressed(reason);
      throw failure;
    }
  }

  static boolean isSqlite(Connection connection) throws SQLException {
    return "SQLite".equals(connection.getMetaData().getDatabaseProductName());
  }

  /** Has the file keep a write-ahead log from now on, if it is SQLite's. */
  static void useWriteAheadLog(Connection connection) throws SQLException {
    if (isSqlite(connection)) {
      execute(connection, "PRAGMA journal_mode = WAL");
    }
  }

  /**
   * Sees to it that what is committed on this connection survives: a matter of settings with SQLite
   * alone, where all but the log are the connection's own.
   *
   * @return whether something was wrong
   */
  static boolean makeDurable(Connection connection) throws SQLException {
    if (!isSqlite(connection)) {
      return false;
    }
    makePatient(connection);
    String journal = pragma(connection, "journal_mode");
    if (!journal.equals("wal")) {
      throw new RegistrationStoreException("the SQLite database has the journal mode " + journal
          + ", not wal: migrate() sets it, in a file on a local disk");
    }
    boolean careless =
        Integer.parseInt(pragma(connection, "synchronous")) < SQLITE_FULL_SYNCHRONISATION;
    if (careless) {
      execute(connection, "PRAGMA synchronous = FULL");
    }
    return careless;
  }

  /** Has SQLite wait for a lock. */
  private static void makePatient(Connection connection) throws SQLException {
    if (isSqlite(connection)
        && Integer.parseInt(pragma(connection, "busy_timeout")) < SQLITE_PATIENCE) {
      execute(connection, "PRAGMA busy_timeout = " + SQLITE_PATIENCE);
    }
  }

  private static String pragma(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA " + name)) {
      row.next();
      return row.getString(1);
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }

  static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
