package org.u2f4j.verifier;

import java.util.HexFormat;
import org.u2f4j.Bytes;

/**
 * Checks that a signature is what X.690 and the curve allow, since providers differ in what they
 * let pass: SEQUENCE of two INTEGERs, lengths and numbers in their shortest form, both numbers
 * between 1 and the order of P-256 minus 1, nothing behind.
 */
final class EcdsaSignature {
  /** The order of P-256 (SEC 2, section 2.4.2). */
  private static final Bytes ORDER = Bytes.of(
      HexFormat.of().parseHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"));

  private EcdsaSignature() {}

  /** Throws if it is anything else. */
  static void requireStrict(Bytes der) throws VerificationException {
    if (der.length() < 8 || der.at(0) != 0x30 || der.at(1) != der.length() - 2) {
      throw malformed("is not a DER SEQUENCE of its own " + der.length() + " bytes");
    }
    int sAt = requireNumber(der, 2, "r");
    int end = requireNumber(der, sAt, "s");
    if (end != der.length()) {
      throw malformed("has " + (der.length() - end) + " bytes behind its two numbers");
    }
  }

  private static int requireNumber(Bytes der, int at, String name) throws VerificationException {
    if (at + 3 > der.length() || der.at(at) != 0x02) {
      throw malformed("has no INTEGER for " + name + " at offset " + at);
    }
    int length = der.at(at + 1);
    int start = at + 2;
    if (length == 0 || length > 33 || start + length > der.length()) {
      throw malformed("gives " + name + " a length of " + length + " at offset " + (at + 1));
    }
    int first = der.at(start);
    if (first >= 0x80) {
      throw malformed("has a negative " + name);
    }
    if (first == 0 && length > 1 && der.at(start + 1) < 0x80) {
      throw malformed("writes " + name + " with a zero too many");
    }
    int end = start + length;
    int significant = first == 0 ? start + 1 : start;
    if (significant == end || !belowOrder(der, significant, end)) {
      throw malformed("has " + name + " outside 1 to the order of P-256 minus 1");
    }
    return end;
  }

  private static boolean belowOrder(Bytes der, int start, int end) {
    if (end - start != ORDER.length()) {
      return end - start < ORDER.length();
    }
    int i = 0;
    while (i < ORDER.length() - 1 && der.at(start + i) == ORDER.at(i)) {
      i++;
    }
    return der.at(start + i) < ORDER.at(i);
  }

  private static VerificationException malformed(String what) {
    return new VerificationException(Reason.MALFORMED_SIGNATURE, "the signature " + what);
  }
}
