package org.u2f4j.examples.account;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.jdbc.JdbcRegistrationStore;

/** What can be done on the database: all of it, or nothing. */
final class Transaction {
  /** Makes something of a row. */
  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final Connection connection;
  private final Instant now;

  Transaction(Connection connection, Instant now) {
    this.connection = connection;
    this.now = now;
  }

  /** One time for the whole operation. */
  Instant now() {
    return now;
  }

  /** The library's store, as a part of this transaction. */
  RegistrationStore keys() {
    return JdbcRegistrationStore.within(connection);
  }

  /**
   * Waits until nobody else changes the account, and lets nobody until the end. What is read after
   * this is the latest; what was read before may be old.
   */
  void lock(String account) throws SQLException {
    update("UPDATE accounts SET revision = revision + 1 WHERE id = ?", account);
  }

  /** How many rows were changed. */
  int update(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values)) {
      return statement.executeUpdate();
    }
  }

  <T> List<T> list(Reader<T> reader, String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) { // to the end: only with it has SQLite done all of a RETURNING
        all.add(reader.read(rows));
      }
      return all;
    }
  }

  <T> Optional<T> first(Reader<T> reader, String sql, @Nullable Object... values)
      throws SQLException {
    return list(reader, sql, values).stream().findFirst();
  }

  boolean exists(String sql, @Nullable Object... values) throws SQLException {
    return first(row -> true, sql, values).isPresent();
  }

  private PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < values.length; i++) {
        Object value = values[i] instanceof Instant time ? time.toEpochMilli() : values[i];
        statement.setObject(i + 1, value);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  static Instant time(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  static @Nullable Instant optionalTime(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
