package org.u2f4j.examples.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/**
 * A file of 32 random bytes that its owner alone can read, and what is encrypted with them: AES-256
 * in Galois/counter mode, with a random nonce of 12 bytes before it. Who has the database and not
 * this file learns no secret of an authenticator app.
 */
final class KeyFile {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;

  private KeyFile(SecretKey key) {
    this.key = key;
  }

  /** Reads the file, or makes it; several processes may do that at once. */
  static KeyFile open(Path path) throws IOException {
    if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
      create(path);
    }
    OwnerOnly.require(path);
    byte[] bytes = Files.readAllBytes(path);
    if (bytes.length != KEY_BYTES) {
      throw new IOException(
          "a key file has %s bytes, not %s: %s".formatted(KEY_BYTES, bytes.length, path));
    }
    KeyFile file = new KeyFile(new SecretKeySpec(bytes, "AES"));
    Arrays.fill(bytes, (byte) 0);
    return file;
  }

  /** Whole or not at all: under another name first, then, if nobody was faster, under its own. */
  private static void create(Path path) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + "." + Tokens.id());
    try {
      OwnerOnly.write(fresh, Tokens.random(KEY_BYTES).toArray());
      link(path, fresh);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void link(Path path, Path fresh) throws IOException {
    try {
      Files.createLink(path, fresh);
    } catch (FileAlreadyExistsException e) {
      // another process was faster: its file is read
    } catch (FileSystemException | UnsupportedOperationException e) {
      throw new IOException(
          "%s cannot be made: its file system seems to have no hard links, so choose another folder"
              .formatted(path),
          e);
    }
  }

  /** Encrypts, for one place: elsewhere it does not decrypt. */
  String seal(String place, Bytes secret) {
    byte[] nonce = Tokens.random(NONCE_BYTES).toArray();
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, place).doFinal(secret.toArray());
      return Bytes.concat(Bytes.of(nonce), Bytes.of(sealed)).base64Url();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot encrypt with AES-GCM", e);
    }
  }

  /** Decrypts what was sealed for this place; fails if it was altered or moved, or has another key. */
  Bytes open(String place, String sealed) throws GeneralSecurityException {
    try {
      Bytes bytes = Bytes.fromBase64Url(sealed);
      if (bytes.length() < NONCE_BYTES) {
        throw new GeneralSecurityException("too short: " + bytes.length() + " bytes");
      }
      byte[] nonce = bytes.slice(0, NONCE_BYTES).toArray();
      return Bytes.of(cipher(Cipher.DECRYPT_MODE, nonce, place)
          .doFinal(bytes.slice(NONCE_BYTES).toArray()));
    } catch (FormatException e) {
      throw new GeneralSecurityException("no base64", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String place) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
