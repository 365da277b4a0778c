package org.u2f4j.verifier.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.verifier.Anomaly;
import org.u2f4j.verifier.CounterKey;
import org.u2f4j.verifier.CounterVerdict;
import org.u2f4j.verifier.RegistrationStoreException;

class SqliteRegistrationStoreTest extends JdbcStoreContract {
  @TempDir
  Path folder;

  private int files;

  @Override
  protected String emptyDatabase() {
    files++;
    return "jdbc:sqlite:" + folder.resolve("registrations" + files + ".db");
  }

  @Override
  protected int usualFinishes() {
    return 400;
  }

  private static int pragma(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA " + name)) {
      return row.getInt(1);
    }
  }

  private static void set(Connection connection, String pragma) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA " + pragma);
    }
  }

  /** Everything that writes. */
  private List<Executable> writes() {
    return List.of(
        () -> store.advance(registration, 1, CounterKey.now()),
        () -> store.mark(
            CounterKey.KEY_HANDLE, new Anomaly(CounterKey.now(), CounterVerdict.of(1L, 1))),
        () -> store.clear("account", CounterKey.KEY_HANDLE, true),
        () -> store.keep("c", "{}", Instant.MAX),
        () -> store.consume("c"),
        () -> store.remove("account", CounterKey.KEY_HANDLE),
        () -> store.add(registration));
  }

  @Test
  void everyWriteIsFullySynchronisedWhateverTheConnectionWas() throws Throwable {
    store.add(registration);
    for (Executable write : writes()) {
      for (String careless : List.of("OFF", "NORMAL")) {
        pool.withNext(connection -> {
          set(connection, "synchronous = " + careless);
          set(connection, "busy_timeout = 0");
        });
        write.execute();
        pool.withNext(connection -> {
          assertEquals(2, pragma(connection, "synchronous"));
          assertEquals(5_000, pragma(connection, "busy_timeout"));
        });
      }
    }
    pool.withNext(connection -> set(connection, "synchronous = EXTRA"));
    store.add(registration);
    pool.withNext(connection -> assertEquals(3, pragma(connection, "synchronous"), "kept"));
  }

  @Test
  void aCounterMovesOnACarelessConnectionTooOnceItIsMadeCareful() throws Exception {
    store.add(registration);
    pool.withNext(connection -> set(connection, "synchronous = OFF"));
    assertTrue(store.advance(registration, 1, CounterKey.now()));
    assertEquals(Optional.of(1L), store.find(CounterKey.KEY_HANDLE).map(found -> found.counter()));
  }

  @Test
  void aCounterWaitsForALockOnAnImpatientConnectionToo() throws Exception {
    store.add(registration);
    pool.withNext(connection -> set(connection, "busy_timeout = 0"));
    try (Connection other = DriverManager.getConnection(address);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      FutureTask<Boolean> advance =
          new FutureTask<>(() -> store.advance(registration, 1, CounterKey.now()));
      new Thread(advance).start();
      while (pool.statements.stream().noneMatch(sql -> sql.startsWith("PRAGMA busy_timeout ="))) {
        Thread.sleep(5);
      }
      Thread.sleep(300);
      assertFalse(advance.isDone());
      statement.execute("COMMIT");
      assertTrue(advance.get());
    }
    pool.withNext(connection -> assertEquals(5_000, pragma(connection, "busy_timeout")));
  }

  @Test
  void nothingIsWrittenWithoutAWriteAheadLog() throws Exception {
    store.add(registration);
    pool.close();
    try (Connection connection = DriverManager.getConnection(address)) {
      set(connection, "journal_mode = DELETE");
    }
    pool = new TestPool(() -> DriverManager.getConnection(address));
    JdbcRegistrationStore jdbc = new JdbcRegistrationStore(pool.dataSource());
    store = jdbc;
    for (Executable write : writes()) {
      String message = assertThrows(RegistrationStoreException.class, write).getMessage();
      assertTrue(message.contains("delete, not wal"), message);
    }
    assertEquals(Optional.of(registration), store.find(CounterKey.KEY_HANDLE));
    jdbc.migrate();
    assertTrue(store.advance(registration, 1, CounterKey.now()));
  }

  @Test
  void aDatabaseInMemoryIsRefused() throws Exception {
    try (TestPool memory =
        new TestPool(() -> DriverManager.getConnection("jdbc:sqlite::memory:"))) {
      JdbcRegistrationStore jdbc = new JdbcRegistrationStore(memory.dataSource());
      String message =
          assertThrows(RegistrationStoreException.class, jdbc::migrate).getMessage();
      assertTrue(message.contains("memory, not wal"), message);
    }
  }

  @Test
  void aMigrationThatCannotBeginAtOnceIsTriedAgainAndLeavesTheConnectionAsItCame()
      throws Exception {
    address = emptyDatabase();
    String impatient = address + "?transaction_mode=IMMEDIATE&busy_timeout=0";
    try (Connection other = DriverManager.getConnection(address);
        Statement statement = other.createStatement();
        TestPool others = new TestPool(() -> DriverManager.getConnection(impatient))) {
      set(other, "journal_mode = WAL");
      statement.execute("BEGIN IMMEDIATE");
      AtomicInteger attempts = new AtomicInteger();
      others.interceptor = (sql, run) -> {
        if (sql.startsWith("PRAGMA busy_timeout =")) {
          return false; // stays impatient
        }
        if (sql.equals("PRAGMA synchronous") && attempts.incrementAndGet() == 2) {
          statement.execute("ROLLBACK"); // the other one is done
        }
        return run.run();
      };
      JdbcRegistrationStore jdbc = new JdbcRegistrationStore(others.dataSource());
      jdbc.migrate();
      assertTrue(attempts.get() >= 2);
      others.withNext(connection -> assertTrue(connection.getAutoCommit()));
      assertTrue(jdbc.add(registration), "on the same connection");
      statement.execute("BEGIN IMMEDIATE"); // nobody holds it any more
      statement.execute("ROLLBACK");
    }
  }

  // The rest has nothing to do with SQLite, and is here because it needs but one database.

  @Test
  void whatLostIsDoneAgainWholeButNotForEver() {
    store.add(registration);
    for (SQLException reason : List.of(
        new SQLException("serialization failure", "40001"),
        new SQLException("deadlock", "40P01"),
        new SQLException("wrapped", new SQLException("x", "40001")),
        new SQLException("busy", null, 5),
        new SQLException("locked", null, 6),
        new SQLException("stale snapshot", null, 517))) {
      AtomicInteger failures = new AtomicInteger(3);
      pool.interceptor = (sql, statement) -> {
        if (failures.getAndDecrement() > 0) {
          throw reason;
        }
        return statement.run();
      };
      assertEquals(Optional.of(registration), store.find(registration.keyHandle()));
      assertTrue(failures.get() < 0);
    }
    AtomicInteger attempts = new AtomicInteger();
    pool.interceptor = (sql, statement) -> {
      attempts.incrementAndGet();
      throw new SQLException("again", "40001");
    };
    String message = assertThrows(
            RegistrationStoreException.class, () -> store.find(registration.keyHandle()))
        .getMessage();
    assertEquals(30, attempts.get());
    assertTrue(message.contains("40001"), message);
  }

  @Test
  void anInterruptedThreadStopsTrying() {
    pool.interceptor = (sql, statement) -> {
      throw new SQLException("again", "40001");
    };
    Thread.currentThread().interrupt();
    String message = assertThrows(
            RegistrationStoreException.class, () -> store.find(registration.keyHandle()))
        .getMessage();
    assertTrue(Thread.interrupted(), "the thread still knows");
    assertTrue(message.contains("interrupted"), message);
  }
}
