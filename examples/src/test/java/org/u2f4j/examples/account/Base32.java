package org.u2f4j.examples.account;

import java.math.BigInteger;
import java.util.Arrays;
import org.u2f4j.Bytes;

/** What an authenticator app does with a secret that is typed. */
final class Base32 {
  private Base32() {}

  static Bytes decode(String text) {
    BigInteger value = BigInteger.ONE; // keeps leading zeros
    for (int i = 0; i < text.length(); i++) {
      value = value
          .shiftLeft(5)
          .or(BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(text.charAt(i))));
    }
    int bytes = text.length() * 5 / 8;
    byte[] all = value.shiftRight(text.length() * 5 - bytes * 8).toByteArray();
    return Bytes.of(Arrays.copyOfRange(all, all.length - bytes, all.length));
  }
}
