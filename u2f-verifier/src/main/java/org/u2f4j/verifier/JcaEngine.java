package org.u2f4j.verifier;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.UserPublicKey;

/** A security provider, or the platform's own choice. */
final class JcaEngine implements EcdsaEngine {
  private static final String ECDSA = "SHA256withECDSA";

  /** SubjectPublicKeyInfo of P-256 up to the point (RFC 5480, section 2). */
  private static final Bytes KEY_PREFIX =
      Bytes.of(HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200"));

  private final @Nullable Provider provider;
  private final String why;

  JcaEngine(@Nullable Provider provider, String why) {
    this.provider = provider;
    this.why = why;
  }

  @Override
  public boolean verify(UserPublicKey key, Bytes message, Bytes signature) {
    try {
      Signature ecdsa = signature();
      ecdsa.initVerify(publicKey(key));
      ecdsa.update(message.toBuffer());
      return fits(ecdsa, signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this security provider cannot verify ECDSA", e);
    }
  }

  /** Some providers throw where others answer false. */
  private static boolean fits(Signature ecdsa, Bytes signature) {
    try {
      return ecdsa.verify(signature.toArray());
    } catch (SignatureException e) {
      return false;
    }
  }

  private Signature signature() throws GeneralSecurityException {
    return provider == null ? Signature.getInstance(ECDSA) : Signature.getInstance(ECDSA, provider);
  }

  private PublicKey publicKey(UserPublicKey key) throws GeneralSecurityException {
    KeyFactory factory =
        provider == null ? KeyFactory.getInstance("EC") : KeyFactory.getInstance("EC", provider);
    byte[] encoded = Bytes.concat(KEY_PREFIX, key.bytes()).toArray();
    return factory.generatePublic(new X509EncodedKeySpec(encoded));
  }

  @Override
  public String description() {
    try {
      Provider actual = signature().getProvider();
      return actual.getName() + " " + actual.getVersionStr() + ": " + why;
    } catch (GeneralSecurityException e) {
      return "no provider of " + ECDSA;
    }
  }
}
