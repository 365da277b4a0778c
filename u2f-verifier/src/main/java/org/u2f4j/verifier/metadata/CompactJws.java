package org.u2f4j.verifier.metadata;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.verifier.AttestationCertificate;

/**
 * A JWS in its compact form (RFC 7515, section 7.1) with RS256 or ES256 (RFC 7518, sections 3.3 and
 * 3.4) and the signer's certificates in its header. Nothing else: no other algorithm, above all not
 * "none", no extension that is critical, no address to get certificates from.
 */
final class CompactJws {
  private static final int MAX_HEADER_LENGTH = 65_536;
  private static final int LEAST_RSA_BITS = 2048; // RFC 7518, section 3.3
  private static final int ES256_LENGTH = 64; // section 3.4

  private final String algorithm;
  private final List<byte[]> x5c;
  private final int signedLength;
  private final byte[] payload;
  private final byte[] signature;

  private CompactJws(
      String algorithm, List<byte[]> x5c, int signedLength, byte[] payload, byte[] signature) {
    this.algorithm = algorithm;
    this.x5c = x5c;
    this.signedLength = signedLength;
    this.payload = payload;
    this.signature = signature;
  }

  static CompactJws parse(byte[] text) throws FormatException {
    int end = text.length;
    while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r')) {
      end--; // a file may end with a line break
    }
    int first = indexOfDot(text, 0, end);
    int second = first < 0 ? -1 : indexOfDot(text, first + 1, end);
    if (second < 0 || indexOfDot(text, second + 1, end) >= 0) {
      throw new FormatException("a compact JWS has three parts with a dot between them");
    }
    if (first > MAX_HEADER_LENGTH) {
      throw new FormatException(
          "a header of at most " + MAX_HEADER_LENGTH + " characters, not " + first);
    }
    JsonObject header;
    try {
      header = JsonObject.parse(Bytes.of(decode(text, 0, first)));
    } catch (FormatException e) {
      throw e.in("the header");
    }
    String algorithm = header.string("alg");
    if (!algorithm.equals("RS256") && !algorithm.equals("ES256")) {
      throw new FormatException("the algorithm is neither RS256 nor ES256");
    }
    if (header.has("crit")) {
      throw new FormatException("the header has a critical extension, none of which is known here");
    }
    if (!header.has("x5c")) {
      throw new FormatException("the header has no \"x5c\", and \"x5u\" is not followed");
    }
    return new CompactJws(
        algorithm,
        certificates(header.strings("x5c")),
        second,
        decode(text, first + 1, second),
        decode(text, second + 1, end));
  }

  private static int indexOfDot(byte[] text, int from, int end) {
    for (int i = from; i < end; i++) {
      if (text[i] == '.') {
        return i;
      }
    }
    return -1;
  }

  private static byte[] decode(byte[] text, int from, int to) throws FormatException {
    if (to > from && text[to - 1] == '=') {
      throw new FormatException("a JWS has no padding", to - 1);
    }
    try {
      return Base64.getUrlDecoder().decode(Arrays.copyOfRange(text, from, to));
    } catch (IllegalArgumentException e) {
      throw new FormatException("not websafe base64, in the part that begins", from);
    }
  }

  /** In a header, certificates are in base64 that is not websafe (RFC 7515, section 4.1.6). */
  private static List<byte[]> certificates(List<String> x5c) throws FormatException {
    List<byte[]> certificates = new ArrayList<>();
    for (String base64 : x5c) {
      try {
        certificates.add(Base64.getDecoder().decode(base64));
      } catch (IllegalArgumentException e) {
        throw new FormatException("x5c[" + certificates.size() + "] is not base64");
      }
    }
    return certificates;
  }

  /** The signer's certificate, then those that vouch for it, in DER. */
  List<byte[]> x5c() {
    return x5c;
  }

  byte[] payload() {
    return payload;
  }

  /** Checks the signature over the text that this was parsed from. */
  void requireSignature(byte[] text, X509Certificate signer) throws FormatException {
    try {
      boolean rsa = algorithm.equals("RS256");
      Signature verifier =
          Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
      verifier.initVerify(rsa ? rsaKey(signer) : p256Key(signer));
      verifier.update(text, 0, signedLength);
      if (verifier.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw new FormatException("the signature cannot be checked: " + e.getMessage());
    }
    throw new FormatException("the signature does not fit the signer's key and the signed text");
  }

  private static PublicKey rsaKey(X509Certificate signer) throws FormatException {
    if (signer.getPublicKey() instanceof RSAPublicKey key
        && key.getModulus().bitLength() >= LEAST_RSA_BITS) {
      return key;
    }
    throw new FormatException("RS256 needs an RSA key of at least " + LEAST_RSA_BITS + " bits");
  }

  private PublicKey p256Key(X509Certificate signer)
      throws FormatException, GeneralSecurityException {
    if (signature.length != ES256_LENGTH) {
      throw new FormatException(
          "an ES256 signature has " + ES256_LENGTH + " bytes, not " + signature.length);
    }
    return AttestationCertificate.decode(Bytes.of(signer.getEncoded()))
        .publicKey()
        .orElseThrow(() -> new FormatException("ES256 needs a key on P-256"))
        .toPublicKey();
  }
}
