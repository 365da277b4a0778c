package org.u2f4j.examples.account;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;
import org.u2f4j.Bytes;

/** Time-based one-time passwords (RFC 6238) as every app has them: SHA-1, 30 seconds, six digits. */
final class Totp {
  /** As long as a SHA-1 value, as RFC 4226 recommends. */
  static final int SECRET_BYTES = 20;

  private static final Duration STEP = Duration.ofSeconds(30);
  private static final int DIGITS = 6;

  /** How many steps the phone's clock may be off, either way. */
  private static final int OFF = 1;

  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BITS = 5;

  private static final TimeBasedOneTimePasswordGenerator GENERATOR =
      new TimeBasedOneTimePasswordGenerator(STEP, DIGITS);

  private Totp() {}

  /**
   * Which step's code it is: that of now, or a neighbour's. Compares with all three, each in the same
   * time whatever comes out.
   */
  static OptionalLong step(Bytes secret, String typed, Instant now) {
    byte[] code = typed.replaceAll("\\s", "").getBytes(StandardCharsets.UTF_8);
    long current = now.getEpochSecond() / STEP.toSeconds();
    OptionalLong found = OptionalLong.empty();
    for (long step = current - OFF; step <= current + OFF; step++) {
      byte[] expected = code(secret, step).getBytes(StandardCharsets.UTF_8);
      if (MessageDigest.isEqual(expected, code)) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  /** The code of a step. */
  static String code(Bytes secret, long step) {
    try {
      return GENERATOR.generateOneTimePasswordString(
          new SecretKeySpec(secret.toArray(), GENERATOR.getAlgorithm()),
          Instant.ofEpochSecond(step * STEP.toSeconds()),
          Locale.ROOT);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("any bytes are a key for HMAC", e);
    }
  }

  /** The secret as people type it (RFC 4648, section 6), without padding. */
  static String base32(Bytes secret) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < secret.length() * Byte.SIZE; bit += BITS) {
      int index = 0;
      for (int i = bit; i < bit + BITS; i++) {
        int at = i / Byte.SIZE;
        int one = at < secret.length() ? secret.at(at) >> (Byte.SIZE - 1 - i % Byte.SIZE) & 1 : 0;
        index = index << 1 | one;
      }
      text.append(BASE32.charAt(index));
    }
    return text.toString();
  }

  /** What the app reads from the QR code. */
  static String uri(String issuer, String email, Bytes secret) {
    return "otpauth://totp/%1$s:%2$s?secret=%3$s&issuer=%1$s"
        .formatted(encoded(issuer), encoded(email), base32(secret));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
