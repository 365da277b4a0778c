package org.u2f4j.examples.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.Bytes;

class TotpTest {
  private static final Bytes SECRET = Bytes.utf8("12345678901234567890");

  /** RFC 6238, appendix B, SHA-1; of its eight digits the last six. */
  @ParameterizedTest
  @CsvSource({
    "59, 94287082",
    "1111111109, 07081804",
    "1111111111, 14050471",
    "1234567890, 89005924",
    "2000000000, 69279037",
    "20000000000, 65353130"
  })
  void theCodesAreThoseOfTheStandard(long seconds, String code) {
    assertEquals(
        OptionalLong.of(seconds / 30),
        Totp.step(SECRET, code.substring(2), Instant.ofEpochSecond(seconds)));
  }

  @Test
  void aClockMayBeOffByOneStepAndNotByTwo() {
    Instant now = Instant.ofEpochSecond(1234567890);
    long current = now.getEpochSecond() / 30;
    for (long off = -1; off <= 1; off++) {
      String code = Totp.code(SECRET, current + off);
      assertEquals(OptionalLong.of(current + off), Totp.step(SECRET, code, now));
    }
    for (long off : new long[] {-2, 2}) {
      assertTrue(Totp.step(SECRET, Totp.code(SECRET, current + off), now).isEmpty());
    }
    for (String typed : new String[] {"", "000000", "abcdef", "89005924", "００００００"}) {
      assertTrue(Totp.step(SECRET, typed, now).isEmpty(), typed);
    }
    assertEquals(OptionalLong.of(current), Totp.step(SECRET, " 005 924 ", now));
  }

  /** RFC 4648, section 10. */
  @ParameterizedTest
  @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB"})
  void aSecretIsTypedInBase32(String bytes, String text) {
    assertEquals(text, Totp.base32(Bytes.utf8(bytes)));
    assertEquals(Bytes.utf8(bytes), Base32.decode(text));
  }

  @Test
  void theAddressForAppsIsEncoded() {
    assertEquals(
        "otpauth://totp/u2f%20%26%20co:a%2Bb%40example.org"
            + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=u2f%20%26%20co",
        Totp.uri("u2f & co", "a+b@example.org", SECRET));
  }
}
