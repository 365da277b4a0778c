package org.u2f4j.verifier;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.u2f4j.Bytes;

/** The signature by which one certificate vouches for another, checked by the Java platform. */
final class IssuerSignature {
  /** SHA-256 and better, and no other. */
  private static final Map<String, String> SIGNATURE_ALGORITHMS = Map.of(
      "1.2.840.10045.4.3.2", "SHA256withECDSA",
      "1.2.840.10045.4.3.3", "SHA384withECDSA",
      "1.2.840.10045.4.3.4", "SHA512withECDSA",
      "1.2.840.113549.1.1.11", "SHA256withRSA",
      "1.2.840.113549.1.1.12", "SHA384withRSA",
      "1.2.840.113549.1.1.13", "SHA512withRSA",
      "1.3.101.112", "Ed25519");

  /**
   * Anybody may send a chain of their own, and a long exponent makes one signature cost as much as
   * forty; makers' keys have 65537.
   */
  private static final int MAX_RSA_EXPONENT_BITS = 32;

  private static final int MAX_RSA_BITS = 4_096;

  private IssuerSignature() {}

  /**
   * Whether the issuer's key made the signature, and its name is the one that the certificate gives.
   *
   * @param certificate the certificate
   * @param der its bytes, whose first element is what was signed
   * @param issuer the other certificate
   * @return false too if the algorithm is not known here or is based on SHA-1
   */
  static boolean fits(Certificate certificate, Bytes der, Certificate issuer) {
    try {
      AlgorithmIdentifier identifier = certificate.getSignatureAlgorithm();
      String algorithm = SIGNATURE_ALGORITHMS.get(identifier.getAlgorithm().getId());
      if (algorithm == null
          || !identifier.equals(certificate.getTBSCertificate().getSignature())
          || !certificate.getIssuer().equals(issuer.getSubject())) {
        return false;
      }
      Signature signature = Signature.getInstance(algorithm);
      signature.initVerify(publicKey(issuer, algorithm));
      signature.update(signedPart(der).toBuffer());
      return signature.verify(certificate.getSignature().getOctets());
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      return false;
    }
  }

  /** The first element of the certificate, byte for byte. */
  private static Bytes signedPart(Bytes der) {
    int start = headerEnd(der, 0);
    int end = headerEnd(der, start);
    int lengthBytes = end - start - 2;
    int length = lengthBytes == 0 ? der.at(start + 1) : 0;
    for (int i = 0; i < lengthBytes; i++) {
      length = length << 8 | der.at(start + 2 + i);
    }
    return der.slice(start, end + length);
  }

  private static int headerEnd(Bytes der, int at) {
    int first = der.at(at + 1);
    if (first == 0x80) {
      throw new IllegalArgumentException("not DER: a length that is not written");
    }
    return at + 2 + (first < 0x80 ? 0 : first - 0x80);
  }

  private static PublicKey publicKey(Certificate issuer, String signatureAlgorithm)
      throws GeneralSecurityException, IOException {
    String family = signatureAlgorithm.endsWith("RSA")
        ? "RSA"
        : signatureAlgorithm.endsWith("ECDSA") ? "EC" : "Ed25519";
    byte[] encoded = issuer.getSubjectPublicKeyInfo().getEncoded(ASN1Encoding.DER);
    PublicKey key = KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(encoded));
    if (key instanceof RSAPublicKey rsa
        && (rsa.getModulus().bitLength() > MAX_RSA_BITS
            || rsa.getPublicExponent().bitLength() > MAX_RSA_EXPONENT_BITS)) {
      throw new InvalidKeyException("an RSA key that takes too long");
    }
    return key;
  }
}
