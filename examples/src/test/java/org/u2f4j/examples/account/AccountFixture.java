package org.u2f4j.examples.account;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Accounts in a database of one kind, and somebody who has one. */
abstract class AccountFixture {
  @TempDir
  Path folder;

  final TestClock clock = new TestClock();
  final CountingHash hash = new CountingHash();
  private final List<Accounts> opened = new ArrayList<>();
  String address;
  Accounts accounts;
  Person alice;

  /** The address of an empty database. */
  abstract String emptyDatabase() throws Exception;

  @BeforeEach
  void open() throws Exception {
    address = emptyDatabase();
    accounts = another();
    alice = Person.create(accounts, "alice@example.org");
  }

  /** As another process would open the same database. */
  Accounts another() throws Exception {
    Accounts another = Accounts.open(settings(address, folder, clock), hash);
    opened.add(another);
    return another;
  }

  static AccountSettings settings(String address, Path folder, InstantSource clock) {
    return new AccountSettings(
        address,
        folder.resolve("accounts.key"),
        new Site("localhost", "u2f", List.of(Person.ORIGIN)),
        CountingHash.CHEAP,
        clock);
  }

  @AfterEach
  void close() {
    opened.forEach(Accounts::close);
  }

  String count(String table) throws Exception {
    return Sql.one(address, "SELECT count(*) FROM " + table);
  }
}
