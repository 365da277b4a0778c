package org.u2f4j.examples.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SqliteSessionTest extends SessionContract {
  /** For the file, and to get a connection: less would be too short on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Override
  String emptyDatabase() {
    return "jdbc:sqlite:" + folder.resolve("accounts.db");
  }

  @Test
  void aFileThatAnotherProgramHoldsIsSaidToBeHeldAndAfterThatChangesAreWholeAgain()
      throws Exception {
    try (Database database = Database.open(address, clock, PATIENCE);
        Connection other = DriverManager.getConnection(address);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      String message = assertThrows(
              DatabaseException.class,
              () -> database.change(transaction -> transaction.update("DELETE FROM events")))
          .getMessage();
      assertTrue(message.contains("another program holds it; end that one"), message);
      String opening = assertThrows(
              IOException.class, () -> Database.open(address, clock, PATIENCE))
          .getMessage();
      assertTrue(opening.contains("another program holds it; end that one"), opening);

      statement.execute("ROLLBACK");
      assertThrows( // on the connection that could not begin before
          IllegalStateException.class,
          () -> database.change(transaction -> {
            transaction.update("DELETE FROM events");
            throw new IllegalStateException("it breaks half-way");
          }));
      assertNotEquals("0", count("events"));
      database.change(transaction -> transaction.update("DELETE FROM events"));
      assertEquals("0", count("events"));
    }
  }

  @Test
  void anEmptyFileThatAnotherProgramHoldsIsSaidToBeHeldToo() throws Exception {
    Path file = folder.resolve("empty.db");
    OwnerOnly.touch(file);
    String empty = "jdbc:sqlite:" + file;
    try (Connection other = DriverManager.getConnection(empty);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      String message = assertThrows(IOException.class, () -> Database.open(empty, clock, PATIENCE))
          .getMessage();
      assertEquals(
          "the database cannot be reached: another program holds it; end that one, or wait until it"
              + " is done",
          message);
    }
  }
}
