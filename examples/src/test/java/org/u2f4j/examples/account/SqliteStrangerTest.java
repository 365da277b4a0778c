package org.u2f4j.examples.account;

class SqliteStrangerTest extends StrangerContract {
  @Override
  String emptyDatabase() {
    return "jdbc:sqlite:" + folder.resolve("accounts.db");
  }
}
