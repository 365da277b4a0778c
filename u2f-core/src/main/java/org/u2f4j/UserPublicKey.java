package org.u2f4j;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The public half of a registration: an uncompressed point on the curve P-256 (FIDO U2F Raw Message
 * Formats, section 4.3).
 *
 * <p>No instance exists for bytes that are not on the curve. The check is made here because the
 * JDK's own key factory and signature accept such points.
 */
public final class UserPublicKey {
  /** How many bytes it has: 04, X, Y. */
  public static final int LENGTH = 65;

  /** How many bytes the same key has in X.509, as {@code PublicKey.getEncoded()} writes it. */
  private static final int X509_LENGTH = 91;

  // The prime and the constant b of P-256 (SEC 2, section 2.4.2); its a is -3.
  private static final BigInteger P =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger B =
      new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
  private static final BigInteger THREE = BigInteger.valueOf(3);

  /** A map of five: kty 2 (1), alg -7 (3), crv 1 (-1), then x (-2), 32 bytes, and y (-3), 32 bytes. */
  private static final Bytes COSE_UP_TO_X =
      Bytes.of(HexFormat.of().parseHex("a5010203262001215820"));

  private static final Bytes COSE_UP_TO_Y = Bytes.of(HexFormat.of().parseHex("225820"));

  private final Bytes bytes;

  private UserPublicKey(Bytes bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads an uncompressed point.
   *
   * @param bytes 65 bytes: 04, 32 bytes of X, 32 bytes of Y
   * @return the key
   * @throws FormatException if the length or the first byte is wrong, or the point is not on P-256
   */
  public static UserPublicKey decode(Bytes bytes) throws FormatException {
    if (bytes.length() != LENGTH) {
      String hint = bytes.length() == X509_LENGTH
          ? ": this looks like a SubjectPublicKeyInfo, of which the last 65 bytes are meant"
          : "";
      throw new FormatException("a user public key has 65 bytes, not " + bytes.length() + hint);
    }
    if (bytes.at(0) != 0x04) {
      throw new FormatException(
          "a user public key begins with 04, not %02x".formatted(bytes.at(0)));
    }
    BigInteger x = new BigInteger(1, bytes.slice(1, 33).toArray());
    BigInteger y = new BigInteger(1, bytes.slice(33, 65).toArray());
    boolean inField = x.compareTo(P) < 0 && y.compareTo(P) < 0;
    BigInteger right = x.multiply(x).subtract(THREE).multiply(x).add(B);
    if (!inField || y.multiply(y).subtract(right).mod(P).signum() != 0) {
      throw new FormatException("the user public key is not a point on the curve P-256");
    }
    // a copy: a registration that is kept for years must not hold on to the message it came in
    return new UserPublicKey(Bytes.of(bytes.toArray()));
  }

  /**
   * The uncompressed point.
   *
   * @return 65 bytes: 04, X, Y
   */
  public Bytes bytes() {
    return bytes;
  }

  /**
   * The key as WebAuthn has it: a COSE_Key for ES256 (RFC 9053, section 7.1.1), a map of CBOR.
   *
   * @return 77 bytes: kty, alg, crv, X and Y, in the order of CTAP2
   */
  public Bytes toCose() {
    return Bytes.concat(COSE_UP_TO_X, bytes.slice(1, 33), COSE_UP_TO_Y, bytes.slice(33));
  }

  /**
   * The key for {@link java.security.Signature}.
   *
   * @return the same point
   */
  public ECPublicKey toPublicKey() {
    try {
      AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
      p256.init(new ECGenParameterSpec("secp256r1"));
      ECPoint point = new ECPoint(
          new BigInteger(1, bytes.slice(1, 33).toArray()),
          new BigInteger(1, bytes.slice(33, 65).toArray()));
      ECPublicKeySpec spec =
          new ECPublicKeySpec(point, p256.getParameterSpec(ECParameterSpec.class));
      return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(spec);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "this Java platform has no P-256: before JDK 22 it is in the module jdk.crypto.ec", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UserPublicKey that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public String toString() {
    return bytes.toString();
  }
}
