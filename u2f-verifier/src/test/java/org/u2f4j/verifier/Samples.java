package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.function.Executable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;

/** What several tests need. */
public final class Samples {
  public static final AppId APP_ID = new AppId("https://example.com");
  public static final String ORIGIN = "https://example.com";
  public static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  private Samples() {}

  /** Bytes from hexadecimal digits, spaces between them passed over; not the code under test. */
  public static Bytes hex(String digits) {
    return Bytes.of(HexFormat.of().parseHex(digits.replace(" ", "")));
  }

  /** The given number of equal bytes. */
  public static Bytes repeat(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return Bytes.of(bytes);
  }

  /** The same bytes but for one; a negative index counts from the end. */
  public static Bytes with(Bytes bytes, int index, int value) {
    byte[] changed = bytes.toArray();
    changed[index < 0 ? changed.length + index : index] = (byte) value;
    return Bytes.of(changed);
  }

  /** Asserts that something is refused for one reason, on one line; returns the refusal. */
  public static VerificationException assertRefused(Reason reason, Executable executable) {
    VerificationException refusal = assertThrows(VerificationException.class, executable);
    assertEquals(reason, refusal.reason(), refusal.getMessage());
    assertFalse(refusal.getMessage().matches("(?s).*[\\p{Cntrl}\\u0085\\u2028\\u2029].*"));
    return refusal;
  }
}
