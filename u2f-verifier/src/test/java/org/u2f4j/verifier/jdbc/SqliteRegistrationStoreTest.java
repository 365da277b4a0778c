package org.u2f4j.verifier.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.verifier.Anomaly;
import org.u2f4j.verifier.CounterVerdict;
import org.u2f4j.verifier.RegistrationStoreException;
import org.u2f4j.verifier.TestKey;

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
        () -> store.advance(registration, 1, TestKey.now()),
        () -> store.mark(TestKey.KEY_HANDLE, new Anomaly(TestKey.now(), CounterVerdict.of(1L, 1))),
        () -> store.clear(TestKey.KEY_HANDLE, true),
        () -> store.keep("c", "{}", Instant.MAX),
        () -> store.consume("c"),
        () -> store.remove("account", TestKey.KEY_HANDLE),
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
    assertTrue(store.advance(registration, 1, TestKey.now()));
    assertEquals(Optional.of(1L), store.find(TestKey.KEY_HANDLE).map(found -> found.counter()));
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
    assertEquals(Optional.of(registration), store.find(TestKey.KEY_HANDLE));
    jdbc.migrate();
    assertTrue(store.advance(registration, 1, TestKey.now()));
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
}
