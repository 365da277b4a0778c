package org.u2f4j.examples.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyTest {
  @TempDir
  Path folder;

  private static String refused(Path path) {
    return assertThrows(IOException.class, () -> Accounts.open(AccountSettings.in(path)))
        .getMessage();
  }

  @Test
  void aFolderThatOthersCanWriteIntoIsRefusedWithTheCure() throws Exception {
    for (String rights : List.of("rwxrwx---", "rwx----w-", "rwxrwxrwx")) {
      Path data = Files.createDirectory(folder.resolve(rights));
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString(rights));
      String message = refused(data);
      assertTrue(message.contains("chmod go-w " + data), message);
      try (var all = Files.list(data)) {
        assertEquals(List.of(), all.toList());
      }
    }
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    OwnerOnly.makeFolder(data);
  }

  @Test
  void whatBelongsToSomebodyElseIsRefused() throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    Path theirs = root ? Files.createDirectory(folder.resolve("theirs")) : Path.of("/usr");
    if (root) {
      give(theirs, "daemon");
    }
    String message = refused(theirs);
    assertTrue(message.startsWith(theirs + " belongs to "), message);
    assertTrue(message.endsWith("choose a folder of your own"), message);
  }

  private static void give(Path path, String owner) throws IOException {
    UserPrincipalLookupService users = path.getFileSystem().getUserPrincipalLookupService();
    try {
      Files.setOwner(path, users.lookupPrincipalByName(owner));
    } catch (FileSystemException | UserPrincipalNotFoundException e) {
      abort("this root cannot give files away: " + e);
    }
  }

  @Test
  void aFileSystemWithoutHardLinksIsNamedAsTheReason() throws Exception {
    Path zip = folder.resolve("files.zip");
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path key = files.getPath("/accounts.key");
      String message = assertThrows(IOException.class, () -> KeyFile.open(key)).getMessage();
      assertEquals(
          "/accounts.key cannot be made: its file system seems to have no hard links,"
              + " so choose another folder",
          message);
      try (var all = Files.list(files.getPath("/"))) {
        assertEquals(List.of(), all.toList());
      }
    }
  }
}
