package org.u2f4j.examples.account;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Looks past the program. */
final class Sql {
  private Sql() {}

  static String one(String address, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  /** All values of all tables. */
  static String everything(String address) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = DriverManager.getConnection(address);
        Statement statement = connection.createStatement()) {
      for (String table : List.of(
          "u2f_registrations",
          "u2f_pending",
          "accounts",
          "key_names",
          "authenticator_apps",
          "recovery_codes",
          "sessions",
          "remembered_devices",
          "attempts",
          "ceremonies",
          "rate_limits",
          "events")) {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
          while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              all.append(rows.getString(i)).append('\n');
            }
          }
        }
      }
    }
    return all.toString();
  }
}
