package org.u2f4j.verifier.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.SignResponse;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.verifier.Anomaly;
import org.u2f4j.verifier.Attack;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.CounterKey;
import org.u2f4j.verifier.CounterVerdict;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RegistrationStoreContract;
import org.u2f4j.verifier.RegistrationStoreException;
import org.u2f4j.verifier.RelyingParty;

/** What a store in a database does besides. */
abstract class JdbcStoreContract extends RegistrationStoreContract {
  /** How many times a child is killed: as the property "u2f4j.kills" says, else a few. */
  private static final int KILLS = Integer.getInteger("u2f4j.kills", 3);

  protected String address;
  protected TestPool pool;

  /** The address of an empty database. */
  protected abstract String emptyDatabase() throws Exception;

  @Override
  protected RegistrationStore emptyStore() throws Exception {
    address = emptyDatabase();
    pool = new TestPool(() -> DriverManager.getConnection(address));
    JdbcRegistrationStore jdbc = new JdbcRegistrationStore(pool.dataSource());
    jdbc.migrate();
    return jdbc;
  }

  @AfterEach
  void close() throws SQLException {
    assertEquals(0, pool.out.get(), "connections not closed");
    pool.close();
  }

  private void sql(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> column(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  @Test
  void finishingAnAuthenticationTakesTwoStatements() throws Exception {
    Deadline deadline = Deadline.after(Duration.ofMinutes(1));
    SoftwareKey token = SoftwareKey.create();
    RelyingParty party = RelyingParty.builder(
            CounterKey.APP_ID, store, AttestationTrust.acceptAny())
        .build();
    PendingRegistration asked = party.startRegistration("account");
    ClientData made =
        ClientData.of(ClientData.REGISTER, asked.challenge(), CounterKey.APP_ID.value());
    RegistrationRequest register = new RegistrationRequest(
        made.challengeParameter(), CounterKey.APP_ID.applicationParameter());
    Registration registered = party
        .finishRegistration(
            asked,
            new RegisterResponse(
                RegistrationResponse.decode(
                    token.exchange(register.toCommand(), deadline).data()),
                made))
        .registration();

    for (int i = 1; i <= 3; i++) {
      PendingAuthentication pending = party.startAuthentication("account");
      ClientData signed =
          ClientData.of(ClientData.SIGN, pending.challenge(), CounterKey.APP_ID.value());
      AuthenticationRequest sign = new AuthenticationRequest(
          Control.ENFORCE_USER_PRESENCE_AND_SIGN,
          signed.challengeParameter(),
          CounterKey.APP_ID.applicationParameter(),
          registered.keyHandle());
      SignResponse response = new SignResponse(
          registered.keyHandle(),
          AuthenticationResponse.decode(
              token.exchange(sign.toCommand(), deadline).data()),
          signed);
      pool.noted();
      party.finishAuthentication(pending, response);
      List<String> statements = pool.noted();
      assertEquals(2, statements.size(), statements::toString);
      assertTrue(statements.get(0).startsWith("SELECT"), statements.get(0));
      assertTrue(statements.get(1).startsWith("UPDATE"), statements.get(1));
      assertEquals(
          Optional.of((long) i), store.find(registered.keyHandle()).map(Registration::counter));
    }
  }

  @Test
  void twoProcessesAcceptEachCounterOnce() throws Exception {
    store.add(registration);
    String count = String.valueOf(Attack.finishes(usualFinishes()) / 2);
    List<StoreChild> children = List.of(
        new StoreChild(address, "many", count, "3"), new StoreChild(address, "many", count, "4"));
    List<Long> accepted = Attack.watching(store, () -> {
      for (StoreChild child : children) {
        child.ready();
      }
      long start = System.nanoTime();
      for (StoreChild child : children) {
        child.go();
      }
      List<Long> all = new ArrayList<>();
      List<Integer> each = new ArrayList<>();
      for (StoreChild child : children) {
        all.addAll(child.accepted());
        each.add(all.size());
        assertEquals(0, child.exitCode());
      }
      System.out.printf(
          "%s: two processes, %s finishes each, in %d ms, accepted %s in all%n",
          getClass().getSimpleName(), count, (System.nanoTime() - start) / 1_000_000, each);
      return all;
    });
    Attack.assertSound(store, accepted);
    assertTrue(accepted.size() > Integer.parseInt(count) / 64, accepted.size() + " accepted");
  }

  @Test
  void aKilledProcessTakesNothingBack() throws Exception {
    store.add(registration);
    Random random = new Random(5);
    List<Long> accepted = new ArrayList<>();
    StoreChild survivor = new StoreChild(address, "on").ready();
    survivor.go();
    try {
      for (int kill = 0; kill < KILLS; kill++) {
        StoreChild child = new StoreChild(address, "on").ready();
        child.go();
        child.awaitAccepted();
        Thread.sleep(random.nextInt(200));
        child.kill();
        List<Long> its = child.accepted();
        Long stored = Attack.stored(store);
        assertNotNull(stored);
        its.forEach(counter -> assertTrue(counter <= stored, counter + " lost, at " + stored));
        accepted.addAll(its);
      }
    } finally {
      survivor.kill();
    }
    int byKilled = accepted.size();
    accepted.addAll(survivor.accepted());
    assertTrue(byKilled > 0 && accepted.size() > byKilled, byKilled + " of " + accepted.size());
    long highest = accepted.stream().mapToLong(counter -> counter).max().getAsLong();
    // What was stored and not said any more may be one counter of the last that was killed.
    long stored = Attack.stored(store);
    assertTrue(stored >= highest && stored <= highest + 2, highest + " said, " + stored);
    assertEquals(accepted.size(), accepted.stream().distinct().count(), "accepted twice");
    System.out.printf(
        "%s: %d kills, %d accepted by the killed, %d by the survivor, highest %d, stored %d%n",
        getClass().getSimpleName(), KILLS, byKilled, accepted.size() - byKilled, highest, stored);
  }

  @Test
  void severalMigrateAtOnceAndAgain() throws Exception {
    String fresh = emptyDatabase();
    try (TestPool others = new TestPool(() -> DriverManager.getConnection(fresh))) {
      Attack.together(4, () -> {
        new JdbcRegistrationStore(others.dataSource()).migrate();
        return null;
      });
      JdbcRegistrationStore migrated = new JdbcRegistrationStore(others.dataSource());
      migrated.migrate();
      assertTrue(migrated.add(registration));
      migrated.migrate();
      assertEquals(Optional.of(registration), migrated.find(registration.keyHandle()));
      migrated.keep("c", "{}", Instant.MAX);
      assertEquals(Optional.of("{}"), migrated.consume("c"));
      address = fresh;
      assertEquals(List.of("1", "2"), column("SELECT version FROM u2f_schema ORDER BY version"));
    }
  }

  @Test
  void aMigrationThatFailsLeavesNothing() throws Exception {
    address = emptyDatabase();
    sql("CREATE TABLE u2f_pending (x INTEGER)");
    try (TestPool others = new TestPool(() -> DriverManager.getConnection(address))) {
      JdbcRegistrationStore jdbc = new JdbcRegistrationStore(others.dataSource());
      String message =
          assertThrows(RegistrationStoreException.class, jdbc::migrate).getMessage();
      assertTrue(message.contains("migration 2"), message);
      assertEquals(List.of("1"), column("SELECT version FROM u2f_schema"));
      sql("DROP TABLE u2f_pending");
      jdbc.migrate();
      assertEquals(List.of("1", "2"), column("SELECT version FROM u2f_schema ORDER BY version"));
    }
  }

  @Test
  void connectionsWithoutAutoCommitAreUsedAndGivenBackAsTheyCame() throws Exception {
    address = emptyDatabase();
    TestPool manual = new TestPool(() -> {
      Connection connection = DriverManager.getConnection(address);
      connection.setAutoCommit(false);
      return connection;
    });
    JdbcRegistrationStore jdbc = new JdbcRegistrationStore(manual.dataSource());
    jdbc.migrate();
    assertTrue(jdbc.add(registration));
    assertTrue(jdbc.advance(registration, 5, CounterKey.now()));
    jdbc.keep("c", "{}", Instant.MAX);
    assertEquals(Optional.of("{}"), jdbc.consume("c"));
    assertEquals(List.of("5"), column("SELECT counter FROM u2f_registrations"), "by another");
    assertEquals(List.of(), column("SELECT json FROM u2f_pending"), "by another");
    manual.withNext(connection -> assertFalse(connection.getAutoCommit()));
    manual.close();
  }

  @Test
  void withinATransactionOfTheApplicationAllComesOrNothing() throws Exception {
    try (Connection connection = pool.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      RegistrationStore within = JdbcRegistrationStore.within(connection);
      assertTrue(within.add(registration));
      within.keep("c", "{}", Instant.MAX);
      assertEquals(Optional.of(registration), within.find(registration.keyHandle()));
      assertEquals(Optional.empty(), store.find(registration.keyHandle()));
      connection.rollback();
      assertEquals(Optional.empty(), store.find(registration.keyHandle()));
      assertEquals(Optional.empty(), store.consume("c"));

      assertTrue(within.add(registration));
      assertTrue(within.advance(registration, 7, CounterKey.now()));
      assertFalse(within.advance(registration, 8, CounterKey.now()));
      connection.commit();
      assertEquals(7, Attack.stored(store));
      assertTrue(within.remove("account", registration.keyHandle()));
      connection.rollback();
      assertFalse(connection.getAutoCommit());
      connection.setAutoCommit(true);
    }
    assertEquals(7, Attack.stored(store));
  }

  @Test
  void withinATransactionOfTheApplicationNothingIsTriedAgain() throws Exception {
    try (Connection connection = pool.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      JdbcRegistrationStore within = JdbcRegistrationStore.within(connection);
      assertThrows(IllegalStateException.class, within::migrate);
      pool.noted();
      pool.interceptor = (sql, statement) -> {
        throw new SQLException("lost", "40001");
      };
      String message = assertThrows(
              RegistrationStoreException.class, () -> within.find(registration.keyHandle()))
          .getMessage();
      assertTrue(message.contains("40001") && message.contains("rolled back"), message);
      assertEquals(1, pool.noted().size());
      pool.interceptor = (sql, statement) -> statement.run();
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  @Test
  void aLostConnectionIsNeverTakenForSuccess() {
    store.add(registration);
    pool.noted();
    pool.interceptor = (sql, statement) -> {
      Object result = statement.run();
      if (sql.startsWith("UPDATE")) {
        throw new SQLException("connection lost", "08006");
      }
      return result;
    };
    RelyingParty party = CounterKey.credulous(store);
    PendingAuthentication pending = party.startAuthentication("account");
    pool.noted();
    RegistrationStoreException failure = assertThrows(
        RegistrationStoreException.class,
        () -> party.finishAuthentication(pending, CounterKey.claim(pending, 9)));
    assertEquals(
        "08006", assertInstanceOf(SQLException.class, failure.getCause()).getSQLState());
    assertEquals(2, pool.noted().size(), "not tried again");
    pool.interceptor = (sql, statement) -> statement.run();
    assertEquals(9, Attack.stored(store));
  }

  @Test
  void aRowThatCannotBeReadIsNamedByItsBeginningOnly() throws Exception {
    store.add(registration);
    String keyHandle = registration.keyHandle().base64Url();
    for (String damage : List.of(
        "public_key = 'BAAA'",
        "public_key = '?'",
        "certificate = 'A'",
        "transports = 'usb'",
        "account = ''",
        "anomaly_at = 1, anomaly_kind = 'NONE', anomaly_received = 1",
        "anomaly_at = 1",
        "key_handle = 'YSBrZXkgaGFuZGx=IQ'")) {
      sql("UPDATE u2f_registrations SET " + damage);
      String stored = column("SELECT key_handle FROM u2f_registrations").get(0);
      boolean listed = !damage.startsWith("account");
      if (listed) {
        assertUnreadable(stored, () -> store.registrations("account"));
      }
      if (stored.equals(keyHandle)) {
        assertUnreadable(stored, () -> store.find(registration.keyHandle()));
      }
      sql("DELETE FROM u2f_registrations");
      store.add(registration);
    }
  }

  private static void assertUnreadable(String keyHandle, Executable use) {
    String message = assertThrows(RegistrationStoreException.class, use).getMessage();
    assertTrue(message.contains(" " + keyHandle.substring(0, 6) + " "), message);
    assertFalse(message.contains(keyHandle.substring(0, 8)), message);
  }

  @Test
  void theDatabaseItselfRefusesACounterOfMoreThan32Bits() throws Exception {
    store.add(registration);
    sql("UPDATE u2f_registrations SET counter = 4294967295");
    for (String wrong : List.of("4294967296", "-1")) {
      assertThrows(
          SQLException.class, () -> sql("UPDATE u2f_registrations SET counter = " + wrong));
    }
    assertEquals(4_294_967_295L, Attack.stored(store));
  }

  @Test
  void textThatADatabaseCouldTurnIntoAnotherIsRefused() throws Exception {
    store.add(key.registration("a?"));
    for (String wrong : List.of("a\ud800", "a\u0000")) {
      assertEquals(List.of(), store.registrations(wrong));
      assertFalse(store.remove(wrong, registration.keyHandle()));
      assertFalse(store.clear(wrong, registration.keyHandle(), true));
      assertEquals(Optional.empty(), store.consume(wrong));
      assertThrows(IllegalArgumentException.class, () -> store.keep(wrong, "{}", Instant.MAX));
      Registration of = key.registration(wrong);
      assertThrows(IllegalArgumentException.class, () -> store.add(of));
    }
    assertEquals(1, store.registrations("a?").size());
  }

  @Test
  void expiredPendingValuesAreForgottenAFewAtATime() throws Exception {
    sql("INSERT INTO u2f_pending WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        + " WHERE i < 2500) SELECT 'old ' || i, '{}', i FROM n");
    JdbcRegistrationStore jdbc = new JdbcRegistrationStore(pool.dataSource());
    String rows = "SELECT count(*) FROM u2f_pending";
    jdbc.keep("new 0", "{}", Instant.MAX);
    assertEquals(List.of("1501"), column(rows));
    assertEquals(
        List.of("1001"), column("SELECT min(expires_at) FROM u2f_pending"), "oldest first");
    for (int i = 1; i <= 128; i++) {
      jdbc.keep("new " + i, "{}", Instant.MAX);
    }
    assertEquals(List.of("129"), column(rows));
  }

  @Test
  void whatIsNotThereIsSaidWithoutSecrets() throws Exception {
    sql("DROP TABLE u2f_pending");
    sql("DROP TABLE u2f_registrations");
    Anomaly anomaly = new Anomaly(CounterKey.now(), CounterVerdict.of(1L, 1));
    String keyHandle = registration.keyHandle().base64Url();
    for (Executable use : List.<Executable>of(
        () -> store.find(registration.keyHandle()),
        () -> store.add(registration),
        () -> store.mark(registration.keyHandle(), anomaly),
        () -> store.consume("challenge"))) {
      String message = assertThrows(RegistrationStoreException.class, use).getMessage();
      assertFalse(message.contains(keyHandle) || message.contains("challenge"), message);
      assertTrue(message.startsWith("cannot "), message);
      assertTrue(message.contains("a table is missing, migrate() makes it"), message);
    }
  }
}
