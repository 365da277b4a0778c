package org.u2f4j.examples.account;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/**
 * Brings the application's tables up to date: each file once, in a transaction of its own that also
 * notes it in {@code account_schema}. Several processes may do that at once.
 */
final class Migrations {
  private static final List<String> FILES = List.of("001-accounts.sql", "002-networks.sql");

  private Migrations() {}

  static void apply(Database database) {
    try {
      for (int version = 1; version <= FILES.size(); version++) {
        int number = version;
        String sql = resource(FILES.get(version - 1));
        try {
          database.change(transaction -> apply(transaction, number, sql));
        } catch (DatabaseException e) {
          // PostgreSQL lets two make the same table, and one of them fail: it looks again
          database.change(transaction -> apply(transaction, number, sql));
        }
      }
    } catch (RefusedException e) {
      throw new IllegalStateException("a migration refuses nobody", e);
    }
  }

  private static boolean apply(Transaction transaction, int version, String sql)
      throws SQLException {
    transaction.update(
        "CREATE TABLE IF NOT EXISTS account_schema (version INTEGER NOT NULL PRIMARY KEY)");
    if (transaction.exists("SELECT 1 FROM account_schema WHERE version = ?", version)) {
      return false;
    }
    for (String statement : sql.strip().split(";\n", -1)) {
      transaction.update(statement);
    }
    transaction.update("INSERT INTO account_schema (version) VALUES (?)", version);
    return true;
  }

  private static String resource(String name) {
    try (InputStream in = Migrations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
