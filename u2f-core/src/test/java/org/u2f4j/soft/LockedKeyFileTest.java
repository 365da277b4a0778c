package org.u2f4j.soft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.apdu.Deadline;

/** What others may have done to the files of a software key. */
class LockedKeyFileTest {
  private static final Deadline DEADLINE = Deadline.after(Duration.ofMinutes(10));

  @TempDir
  Path folder;

  private String refusal(String name) {
    return assertThrows(IOException.class, () -> KeyFile.open(folder.resolve(name), DEADLINE))
        .getMessage();
  }

  @Test
  void aFileCopiedBackFromABackupDoesNotTakeTheCounterOfAnOpenKeyBack() throws Exception {
    Path path = folder.resolve("key");
    KeyFile key = KeyFile.open(path, DEADLINE);
    byte[] backup = Files.readAllBytes(path);
    assertEquals(1, key.next(DEADLINE));
    assertEquals(2, key.next(DEADLINE));
    Files.write(path, backup);
    assertEquals(3, key.next(DEADLINE));
    assertEquals(4, KeyFile.open(path, DEADLINE).next(DEADLINE));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aSecondNameWouldBeASecondCounter() throws Exception {
    KeyFile.open(folder.resolve("key"), DEADLINE);
    Files.createLink(folder.resolve("other"), folder.resolve("key"));
    assertTrue(refusal("key").contains("hard link"));
    assertTrue(refusal("other").contains("hard link"));
  }

  @Test
  void nothingIsLeftBesideAFileThatIsNoKey() throws Exception {
    Path path = folder.resolve("key");
    KeyFile.open(path, DEADLINE); // its owner's alone
    Files.writeString(path, "no key");
    Files.delete(folder.resolve("key.lock"));
    assertTrue(refusal("key").contains("is not a software key file"));
    assertFalse(Files.exists(folder.resolve("key.lock")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aLockIsNotFollowedToWhereItLeads() throws Exception {
    Files.createSymbolicLink(folder.resolve("key.lock"), folder.resolve("victim"));
    assertTrue(refusal("key").contains("key.lock is not a file"));
    assertFalse(Files.exists(folder.resolve("victim")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipeInPlaceOfTheLockDoesNotHang() throws Exception {
    Path pipe = folder.resolve("key.lock");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertTrue(refusal("key").contains("key.lock is not a file"));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aKeyThatBelongsToSomebodyElseIsNotUsed() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "only root can give a file to another");
    Path path = folder.resolve("key");
    KeyFile.open(path, DEADLINE);
    Files.setOwner(
        path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    assertTrue(refusal("key").contains("belongs to nobody"));
  }
}
