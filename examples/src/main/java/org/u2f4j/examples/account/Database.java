package org.u2f4j.examples.account;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.u2f4j.verifier.RegistrationStoreException;
import org.u2f4j.verifier.jdbc.JdbcRegistrationStore;

/**
 * A pool of connections to PostgreSQL or to a SQLite file, and the transactions on it.
 *
 * <p>SQLite keeps a write-ahead log, synchronises each commit with the disk, waits for other
 * processes, and begins each changing transaction as a writer, so that none fails half-way because
 * another one was faster. PostgreSQL runs read committed: whatever changes an account locks its row
 * first, and what is to be taken once is taken by one DELETE.
 */
final class Database implements AutoCloseable {
  /** An operation; it may run more than once, and only its last run counts. */
  interface Work<T> {
    T run(Transaction transaction) throws SQLException, RefusedException;
  }

  private static final String SQLITE = "jdbc:sqlite:";
  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final int CONNECTIONS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 20;
  private static final String BUSY =
      "another program holds it; end that one, or wait until it is done";
  private static final int SQLITE_BUSY = 5;
  private static final int SQLITE_LOCKED = 6;

  private final HikariDataSource pool;
  private final InstantSource clock;

  /** How long to wait for others, in SQLite and here. */
  private final Duration patience;

  private Database(HikariDataSource pool, InstantSource clock, Duration patience) {
    this.pool = pool;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Opens a database, and makes or changes its tables if need be.
   *
   * @param address {@code jdbc:sqlite:} and a file, or {@code jdbc:postgresql:} and what the driver
   *     takes
   */
  static Database open(String address, InstantSource clock) throws IOException {
    return open(address, clock, PATIENCE);
  }

  static Database open(String address, InstantSource clock, Duration patience) throws IOException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(address);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(patience.toMillis());
    if (address.startsWith(SQLITE)) {
      Path file = Path.of(address.substring(SQLITE.length())).toAbsolutePath();
      Path folder = file.getParent();
      if (folder != null) {
        OwnerOnly.makeFolder(folder);
      }
      OwnerOnly.touch(file); // SQLite gives its log the rights of the file
      config.addDataSourceProperty("journal_mode", "WAL");
      config.addDataSourceProperty("synchronous", "FULL");
      config.addDataSourceProperty("busy_timeout", String.valueOf(patience.toMillis()));
      config.addDataSourceProperty("foreign_keys", "true");
      config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
    } else if (address.startsWith(POSTGRESQL)) {
      config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
      config.addDataSourceProperty("logServerErrorDetail", "false"); // it quotes rows
    } else {
      throw new IOException("a database is jdbc:sqlite:FILE or jdbc:postgresql:..., not another");
    }
    Database database = new Database(connect(config), clock, patience);
    try {
      new JdbcRegistrationStore(database.pool).migrate();
      Migrations.apply(database);
      return database;
    } catch (RegistrationStoreException | DatabaseException e) {
      database.close();
      throw failure("the database cannot be set up", e);
    }
  }

  private static HikariDataSource connect(HikariConfig config) throws IOException {
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) { // the pool's, and the driver's if it cannot read the address
      throw failure("the database cannot be reached", e);
    }
  }

  private static IOException failure(String what, RuntimeException e) {
    SQLException cause = sqlException(e);
    return new IOException(what + ": " + (cause != null && busy(cause) ? BUSY : e.getMessage()), e);
  }

  private static String reason(@Nullable SQLException cause) {
    if (cause == null) {
      return "";
    }
    return busy(cause) ? ": " + BUSY : ", SQLSTATE " + cause.getSQLState();
  }

  /** Reads; each statement by itself sees the latest. */
  <T> T read(Work<T> work) throws RefusedException {
    return run(connection -> work.run(transaction(connection)));
  }

  /**
   * Changes, in one transaction: committed if the work returns or refuses, for a refusal is an
   * outcome too; rolled back if anything else happens; and begun anew if it lost against another one.
   */
  <T> T change(Work<T> work) throws RefusedException {
    return run(connection -> {
      try {
        connection.setAutoCommit(false);
        try {
          T result = work.run(transaction(connection));
          commit(connection);
          return result;
        } catch (RefusedException e) {
          commit(connection);
          throw e;
        }
      } catch (SQLException | RuntimeException | Error e) {
        rollback(connection, e);
        throw e;
      }
    });
  }

  /** Not by commit(): that of SQLite's driver begins anew at once, and fails if that does. */
  private static void commit(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
  }

  /** After a failure SQLite's driver may take for open what is not, so the connection is not used again. */
  private void rollback(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException again) { // SQLite may have done so by itself
      failure.addSuppressed(again);
    }
    pool.evictConnection(connection);
  }

  private Transaction transaction(Connection connection) {
    return new Transaction(connection, clock.instant());
  }

  private interface Use<T> {
    T of(Connection connection) throws SQLException, RefusedException;
  }

  private <T> T run(Use<T> use) throws RefusedException {
    long end = System.nanoTime() + patience.toNanos();
    for (int attempt = 1; true; attempt++) {
      try (Connection connection = pool.getConnection()) {
        return use.of(connection);
      } catch (SQLException | RegistrationStoreException e) {
        SQLException cause = sqlException(e);
        boolean late = attempt == ATTEMPTS || System.nanoTime() - end >= 0;
        if (cause == null || late || !lost(cause)) {
          throw new DatabaseException("the database failed, attempt " + attempt + reason(cause), e);
        }
        pause(attempt);
      }
    }
  }

  private static @Nullable SQLException sqlException(Throwable failure) {
    if (failure instanceof SQLException e) {
      return e;
    }
    return failure.getCause() instanceof SQLException e ? e : null;
  }

  /** Whether nothing was changed because another transaction was in the way. */
  private static boolean lost(SQLException e) {
    String state = e.getSQLState();
    return "40001".equals(state) || "40P01".equals(state) || busy(e);
  }

  /** Whether somebody else holds the file of SQLite, whose errors have no state. */
  private static boolean busy(SQLException e) {
    int code = e.getErrorCode() & 0xFF; // the other bits tell the kinds of a code
    return e.getSQLState() == null && (code == SQLITE_BUSY || code == SQLITE_LOCKED);
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(5L * attempt) + 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException("interrupted before another attempt", e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
