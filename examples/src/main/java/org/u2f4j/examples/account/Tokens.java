package org.u2f4j.examples.account;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import org.u2f4j.Bytes;

/** Secrets that their owner alone has; the database has their hashes. */
final class Tokens {
  private static final int TOKEN_BYTES = 32;
  private static final int ID_BYTES = 16;

  /** Without I, L, O and U, which are misread, or make words. */
  private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private static final int RECOVERY_LENGTH = 20;
  private static final int RECOVERY_GROUP = 5;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Tokens() {}

  /** 256 random bits. */
  static String token() {
    return random(TOKEN_BYTES).base64Url();
  }

  /** 128 random bits, for what is no secret. */
  static String id() {
    return random(ID_BYTES).base64Url();
  }

  static Bytes random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return Bytes.of(bytes);
  }

  /** Enough for what has 100 random bits or more: nobody can try them all. */
  static String hash(String secret) {
    return Bytes.of(secret.getBytes(StandardCharsets.UTF_8)).sha256().base64Url();
  }

  /** 100 random bits in a form for people: four groups of five letters and digits. */
  static String recoveryCode() {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < RECOVERY_LENGTH; i++) {
      if (i > 0 && i % RECOVERY_GROUP == 0) {
        code.append('-');
      }
      code.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return code.toString();
  }

  /** The hash of a recovery code as people type it. */
  static String recoveryHash(String account, String typed) {
    String code = typed
        .toUpperCase(Locale.ROOT)
        .replaceAll("[\\s-]", "")
        .replace('O', '0')
        .replaceAll("[IL]", "1");
    return hash(account + " " + code);
  }
}
