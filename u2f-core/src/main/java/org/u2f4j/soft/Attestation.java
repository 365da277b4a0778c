package org.u2f4j.soft;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.u2f4j.Bytes;

/**
 * What a key signs its registrations with.
 *
 * @param certificate X.509 in DER, for a key on P-256
 * @param privateKey the key that belongs to it
 */
public record Attestation(Bytes certificate, PrivateKey privateKey) {
  /**
   * The fixed certificate "u2f4j software key TEST attestation" that comes with this library.
   *
   * <p>Its private key is public: whoever trusts it trusts everybody.
   *
   * @return certificate and key, for tests and trials only
   */
  public static Attestation test() {
    try {
      byte[] pkcs8 = resource("test-attestation-private-key.der");
      return new Attestation(
          Bytes.of(resource("test-attestation-certificate.der")),
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "this Java platform has no P-256: before JDK 22 it is in the module jdk.crypto.ec", e);
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Attestation.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the resource " + name + " is missing from the library");
      }
      return in.readAllBytes();
    }
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "attestation certificate " + certificate;
  }
}
