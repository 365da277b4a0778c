package org.u2f4j.examples.account;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqliteAccountTest extends AccountContract {
  private int files;

  @Override
  String emptyDatabase() {
    files++;
    return "jdbc:sqlite:" + folder.resolve("data").resolve("accounts" + files + ".db");
  }

  @Test
  void allFilesAreTheirOwnersAlone() throws Exception {
    Path data = folder.resolve("data");
    assertEquals(PosixFilePermissions.fromString("rwx------"), Files.getPosixFilePermissions(data));
    for (String name : List.of("accounts1.db", "accounts1.db-wal", "accounts1.db-shm")) {
      assertEquals(
          PosixFilePermissions.fromString("rw-------"),
          Files.getPosixFilePermissions(data.resolve(name)),
          name);
    }
    assertEquals("wal", Sql.one(address, "PRAGMA journal_mode"));
  }
}
