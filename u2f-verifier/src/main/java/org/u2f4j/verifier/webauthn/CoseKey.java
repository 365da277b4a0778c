package org.u2f4j.verifier.webauthn;

import java.util.Set;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.UserPublicKey;

/** A public key as WebAuthn has it: a COSE_Key (RFC 9053, sections 2.1 and 7.1) for ES256. */
final class CoseKey {
  private static final long KTY = 1;
  private static final long ALG = 3;
  private static final long CRV = -1;
  private static final long X = -2;
  private static final long Y = -3;
  private static final Set<Long> MEMBERS = Set.of(KTY, ALG, CRV, X, Y);

  private static final long EC2 = 2;
  static final long ES256 = -7;
  private static final long P256 = 1;

  private static final int COORDINATE = 32;
  private static final Bytes UNCOMPRESSED = Bytes.of((byte) 0x04);

  private CoseKey() {}

  /** Member by member, and none besides. */
  static UserPublicKey decode(Bytes cose) throws FormatException {
    CborMap key = CborReader.decode(cose);
    require(key, KTY, EC2, "kty");
    require(key, ALG, ES256, "alg");
    require(key, CRV, P256, "crv");
    Bytes x = coordinate(key, X, "x");
    Bytes y = coordinate(key, Y, "y");
    key.requireOnly(MEMBERS);
    return UserPublicKey.decode(Bytes.concat(UNCOMPRESSED, x, y));
  }

  private static void require(CborMap key, long label, long expected, String name)
      throws FormatException {
    long actual = key.number(label);
    if (actual != expected) {
      throw new FormatException(
          "%s (%s) is %s, not the %s of ES256".formatted(name, label, actual, expected));
    }
  }

  private static Bytes coordinate(CborMap key, long label, String name) throws FormatException {
    Bytes bytes = key.bytes(label);
    if (bytes.length() != COORDINATE) {
      throw new FormatException(
          "%s (%s) has 32 bytes, not %s".formatted(name, label, bytes.length()));
    }
    return bytes;
  }
}
