package org.u2f4j.soft;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.UserPublicKey;

/** Keys on P-256, all by the JDK. */
final class P256 {
  /** Bytes of a scalar or a coordinate. */
  static final int LENGTH = 32;

  private static final ECGenParameterSpec CURVE = new ECGenParameterSpec("secp256r1");

  private P256() {}

  static KeyPair newKeyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(CURVE);
    return generator.generateKeyPair();
  }

  static PrivateKey privateKey(BigInteger scalar) throws GeneralSecurityException {
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(CURVE);
    return KeyFactory.getInstance("EC")
        .generatePrivate(
            new ECPrivateKeySpec(scalar, curve.getParameterSpec(ECParameterSpec.class)));
  }

  static UserPublicKey encode(ECPublicKey key) throws GeneralSecurityException {
    try {
      return UserPublicKey.decode(Bytes.concat(
          Bytes.of((byte) 0x04),
          Bytes.of(fixedLength(key.getW().getAffineX())),
          Bytes.of(fixedLength(key.getW().getAffineY()))));
    } catch (FormatException e) {
      throw new GeneralSecurityException("a new key is not on the curve", e);
    }
  }

  /** The number in 32 bytes. */
  static byte[] fixedLength(BigInteger number) {
    byte[] any = number.toByteArray(); // a sign byte too many, or leading zeros too few
    byte[] fixed = new byte[LENGTH];
    int length = Math.min(any.length, LENGTH);
    System.arraycopy(any, any.length - length, fixed, LENGTH - length, length);
    return fixed;
  }
}
