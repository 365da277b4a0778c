package org.u2f4j.hid;

import java.util.HexFormat;
import java.util.Random;
import org.u2f4j.Bytes;

/** What several tests need: bytes from digits, and random ones. */
public final class Samples {
  private Samples() {}

  /** Bytes from hexadecimal digits, spaces between them passed over; not the code under test. */
  public static Bytes hex(String digits) {
    return Bytes.of(HexFormat.of().parseHex(digits.replace(" ", "")));
  }

  /** Random bytes. */
  public static Bytes random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }
}
