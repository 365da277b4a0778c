package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.verifier.CounterVerdict.Kind;

class CounterVerdictTest {
  @ParameterizedTest
  @CsvSource({
    "          ,          0, FIRST,         0,           'first, 0'",
    "          , 4294901759, FIRST,         0,           'first, 4294901759'",
    "          , 4294901760, NEAR_END,      0,           'close to the end of its range, 4294901760 of 4294967295'",
    "         0,          1, ADVANCED,      1,           'advanced by 1, from 0 to 1'",
    "2147483647, 2147483648, ADVANCED,      1,           'advanced by 1, from 2147483647 to 2147483648'",
    "         0, 4294901759, ADVANCED,      4294901759,  'advanced by 4294901759, from 0 to 4294901759'",
    "4294901759, 4294901760, NEAR_END,      1,           'close to the end of its range, 4294901760 of 4294967295'",
    "4294967294, 4294967295, NEAR_END,      1,           'close to the end of its range, 4294967295 of 4294967295'",
    "4294967295, 4294967295, REPEATED,      0,           'repeated, 4294967295'",
    "         1,          1, REPEATED,      0,           'repeated, 1'",
    "        10,          7, GONE_BACK,     -3,          'gone back by 3, from 10 to 7'",
    "2147483648, 2147483647, GONE_BACK,     -1,          'gone back by 1, from 2147483648 to 2147483647'",
    "4294967295,          0, GONE_BACK,     -4294967295, 'gone back by 4294967295, from 4294967295 to 0'",
    "         0,          0, CONSTANT_ZERO, 0,           'constantly zero'",
  })
  void countersAreUnsignedAndComparedOnce(
      Long stored, long received, Kind kind, long by, String words) {
    CounterVerdict verdict = CounterVerdict.of(stored, received);
    assertEquals(new CounterVerdict(kind, stored, received), verdict);
    assertEquals(by, verdict.by());
    assertEquals(words, verdict.toString());
    assertEquals(kind == Kind.REPEATED || kind == Kind.GONE_BACK, verdict.suspicious());
  }

  @Test
  void aCounterHas32Bits() {
    for (long wrong : new long[] {-1, 1L << 32, Long.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> CounterVerdict.of(null, wrong));
      assertThrows(IllegalArgumentException.class, () -> CounterVerdict.of(wrong, 1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FIRST,         true,  true",
    "ADVANCED,      true,  true",
    "NEAR_END,      true,  true",
    "REPEATED,      false, false",
    "GONE_BACK,     false, false",
    "CONSTANT_ZERO, false, true",
  })
  void onlyWebAuthnTakesAConstantZero(Kind kind, boolean u2f, boolean webAuthn) {
    CounterVerdict verdict = new CounterVerdict(kind, 0L, 0);
    assertEquals(u2f, CounterPolicy.u2f().accepts(verdict));
    assertEquals(webAuthn, CounterPolicy.webAuthn().accepts(verdict));
    assertEquals(kind == Kind.REPEATED, CounterPolicy.accepting(Kind.REPEATED).accepts(verdict));
  }
}
