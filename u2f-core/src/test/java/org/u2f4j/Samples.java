package org.u2f4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.function.Executable;

/** What several tests need: bytes from digits, random values, and the one exception of decoders. */
public final class Samples {
  /** The base point of P-256 (SEC 2, section 2.4.2), and so a public key. */
  public static final Bytes POINT = hex("04"
      + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
      + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

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

  /** Random bytes. */
  public static Bytes random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }

  /** The same bytes but for one. */
  public static Bytes with(Bytes bytes, int index, int value) {
    byte[] changed = bytes.toArray();
    changed[index] = (byte) value;
    return Bytes.of(changed);
  }

  /** Asserts that a decoder refuses its input, at an offset (-1: none). */
  public static void assertRefused(int offset, Executable decoder) {
    FormatException refusal = assertThrows(FormatException.class, decoder);
    assertEquals(offset, refusal.offset(), refusal.getMessage());
  }

  /** Asserts that a decoder refuses its input, saying something. */
  public static void assertRefused(String message, Executable decoder) {
    assertEquals(message, assertThrows(FormatException.class, decoder).getMessage());
  }

  /** Asserts that a property was tried on enough values of either kind. */
  public static void assertBetween(int least, int most, int count) {
    assertTrue(least <= count && count <= most, () -> count + " of the inputs");
  }

  /** One of the choices. */
  @SafeVarargs
  public static <T> T pick(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
