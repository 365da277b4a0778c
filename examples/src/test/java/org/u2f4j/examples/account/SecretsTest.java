package org.u2f4j.examples.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.Bytes;

class SecretsTest {
  /** From test.c of the reference implementation, github.com/P-H-C/phc-winner-argon2. */
  private static final String REFERENCE =
      "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

  private final Argon2PasswordHash hash = new Argon2PasswordHash(CountingHash.CHEAP);

  @TempDir
  Path folder;

  @Test
  void aPasswordHashIsThatOfArgon2id() {
    assertTrue(hash.matches("password".toCharArray(), REFERENCE));
    assertFalse(hash.matches("Password".toCharArray(), REFERENCE));
    assertTrue(hash.outdated(REFERENCE));
    String own = hash.hash("password".toCharArray());
    assertTrue(hash.matches("password".toCharArray(), own));
    assertFalse(hash.outdated(own));
    assertNotEquals(own, hash.hash("password".toCharArray()));
    assertFalse(hash.matches("password".toCharArray(), hash.nobody()));
  }

  @Test
  void aPasswordIsTheSameHoweverItsLettersAreComposed() {
    String composed = hash.hash("Schl\u00fcssel".toCharArray());
    assertTrue(hash.matches("Schlu\u0308ssel".toCharArray(), composed));
  }

  @Test
  void aKeyFileIsItsOwnersAndOneForAllWhoOpenItAtOnce() throws Exception {
    Path path = folder.resolve("key");
    List<KeyFile> files =
        IntStream.range(0, 8).parallel().mapToObj(i -> assertOpens(path)).toList();
    String sealed = files.get(0).seal("place", Bytes.utf8("secret"));
    for (KeyFile file : files) {
      assertEquals(Bytes.utf8("secret"), file.open("place", sealed));
    }
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(path));
    try (var all = Files.list(folder)) {
      assertEquals(List.of(path), all.toList());
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
    String message = assertThrows(IOException.class, () -> KeyFile.open(path)).getMessage();
    assertTrue(message.contains("chmod 600"), message);
  }

  private static KeyFile assertOpens(Path path) {
    try {
      return KeyFile.open(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsSealedOpensInItsPlaceWithItsKeyAndUnalteredOnly() throws Exception {
    KeyFile file = KeyFile.open(folder.resolve("a"));
    KeyFile other = KeyFile.open(folder.resolve("b"));
    String sealed = file.seal("place", Bytes.utf8("secret"));
    assertNotEquals(sealed, file.seal("place", Bytes.utf8("secret")));
    String altered = (sealed.charAt(0) == 'A' ? 'B' : 'A') + sealed.substring(1);
    assertThrows(GeneralSecurityException.class, () -> file.open("elsewhere", sealed));
    assertThrows(GeneralSecurityException.class, () -> other.open("place", sealed));
    assertThrows(GeneralSecurityException.class, () -> file.open("place", altered));
    assertThrows(GeneralSecurityException.class, () -> file.open("place", ""));
  }

  @Test
  void recoveryCodesAreReadAsPeopleTypeThem() {
    String code = "0O1IL-ABCDE-FGHJK-MNPQR";
    assertEquals(
        Tokens.recoveryHash("a", code), Tokens.recoveryHash("a", " 0011 1abcde fghjkmnpqr"));
    assertNotEquals(Tokens.recoveryHash("a", code), Tokens.recoveryHash("b", code));
    assertTrue(Tokens.recoveryCode().matches("([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}"));
  }
}
