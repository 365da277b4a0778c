package org.u2f4j.verifier;

import java.math.BigInteger;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.u2f4j.Bytes;
import org.u2f4j.UserPublicKey;

/** Bouncy Castle without its provider. It keeps tables with a decoded key, so keys are kept. */
final class BouncyCastleEngine implements EcdsaEngine {
  private static final int KEPT_KEYS = 1_024;

  private final ECDomainParameters p256;
  private final BoundedCache<UserPublicKey, ECPublicKeyParameters> keys =
      new BoundedCache<>(KEPT_KEYS);
  private final String why;

  BouncyCastleEngine(String why) {
    X9ECParameters curve = CustomNamedCurves.getByName("secp256r1");
    this.p256 = new ECDomainParameters(curve);
    this.why = why;
  }

  @Override
  public boolean verify(UserPublicKey key, Bytes message, Bytes signature) {
    ECDSASigner signer = new ECDSASigner();
    signer.init(false, decoded(key));
    int rLength = signature.at(3);
    BigInteger r = new BigInteger(1, signature.slice(4, 4 + rLength).toArray());
    BigInteger s = new BigInteger(1, signature.slice(6 + rLength).toArray());
    return signer.verifySignature(message.sha256().toArray(), r, s);
  }

  private ECPublicKeyParameters decoded(UserPublicKey key) {
    ECPublicKeyParameters known = keys.get(key);
    if (known != null) {
      return known;
    }
    ECPublicKeyParameters decoded =
        new ECPublicKeyParameters(p256.getCurve().decodePoint(key.bytes().toArray()), p256);
    keys.put(key, decoded);
    return decoded;
  }

  @Override
  public String description() {
    return "Bouncy Castle, lightweight API: " + why;
  }
}
