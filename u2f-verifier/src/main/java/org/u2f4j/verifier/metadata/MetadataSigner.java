package org.u2f4j.verifier.metadata;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.VerificationException;

/**
 * The way from a blob's signer to a root, by the Java platform's own PKIX (RFC 5280), without
 * revocation. Certificates may follow that this root does not need: a blob that is to pass for two
 * roots brings the one signed by the other.
 *
 * @param path the signer, those between, and the root
 * @param validFrom the time from which on all of them are valid
 * @param validUntil the time until which all of them are valid
 */
record MetadataSigner(List<X509Certificate> path, Instant validFrom, Instant validUntil) {
  private static final int MAX_CERTIFICATES = 8;
  private static final int DNS_NAME = 2; // RFC 5280, section 4.2.1.6
  private static final int DIGITAL_SIGNATURE = 0; // section 4.2.1.3

  static List<X509Certificate> decode(List<byte[]> x5c) throws VerificationException {
    if (x5c.isEmpty() || x5c.size() > MAX_CERTIFICATES) {
      throw new VerificationException(
          Reason.MALFORMED_METADATA,
          "1 to " + MAX_CERTIFICATES + " signing certificates are expected, not " + x5c.size());
    }
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (byte[] der : x5c) {
        certificates.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
      }
      return certificates;
    } catch (CertificateException e) {
      throw new VerificationException(
          Reason.MALFORMED_METADATA,
          "signing certificate " + certificates.size() + " does not parse: " + e.getMessage(),
          e);
    }
  }

  /** Finds the shortest way that holds at the given time or, if there is none, at any other. */
  static MetadataSigner find(List<X509Certificate> x5c, MetadataRules rules, Instant at)
      throws VerificationException {
    requireSigner(x5c.get(0), rules);
    MetadataSigner found = null;
    String problem = "its issuer is " + x5c.get(x5c.size() - 1).getIssuerX500Principal();
    for (int length = 1; length <= x5c.size(); length++) {
      for (X509Certificate root : rules.roots()) {
        List<X509Certificate> path = new ArrayList<>(x5c.subList(0, length));
        if (!path.get(length - 1).getIssuerX500Principal().equals(root.getSubjectX500Principal())) {
          continue;
        }
        path.add(root);
        MetadataSigner signer = of(path);
        try {
          signer.validate(at);
        } catch (GeneralSecurityException e) {
          problem = String.valueOf(e.getMessage());
          continue;
        }
        if (signer.holdsAt(at)) {
          return signer;
        }
        found = found == null ? signer : found;
      }
    }
    if (found == null) {
      throw new VerificationException(
          Reason.UNTRUSTED_METADATA,
          "the blob's signer does not lead to any of %d roots: %s"
              .formatted(rules.roots().size(), problem));
    }
    return found;
  }

  private static void requireSigner(X509Certificate signer, MetadataRules rules)
      throws VerificationException {
    boolean[] usage = signer.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE]) {
      throw new VerificationException(
          Reason.UNTRUSTED_METADATA, "the signer's certificate is not one for signatures");
    }
    String expected = rules.signerName();
    if (expected == null) {
      return;
    }
    try {
      Collection<List<?>> names = signer.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (name.get(0).equals(DNS_NAME) && expected.equalsIgnoreCase((String) name.get(1))) {
          return;
        }
      }
    } catch (CertificateParsingException e) {
      // has no names that could be read
    }
    throw new VerificationException(
        Reason.UNTRUSTED_METADATA,
        "the signer is " + signer.getSubjectX500Principal() + ", not " + expected);
  }

  private static MetadataSigner of(List<X509Certificate> path) {
    Instant from = Instant.MIN;
    Instant until = Instant.MAX;
    for (X509Certificate certificate : path) {
      Instant notBefore = certificate.getNotBefore().toInstant();
      Instant notAfter = certificate.getNotAfter().toInstant();
      from = notBefore.isAfter(from) ? notBefore : from;
      until = notAfter.isBefore(until) ? notAfter : until;
    }
    return new MetadataSigner(List.copyOf(path), from, until);
  }

  boolean holdsAt(Instant at) {
    return !at.isBefore(validFrom) && !at.isAfter(validUntil);
  }

  /**
   * Validates at the given time or, if dates forbid, at the closest one that they allow: whether the
   * dates may be passed over is asked once it is known that nothing else is wrong.
   */
  private void validate(Instant at) throws GeneralSecurityException {
    Instant closest = at.isAfter(validUntil) ? validUntil : at;
    closest = closest.isBefore(validFrom) ? validFrom : closest;
    if (closest.isAfter(validUntil)) {
      throw new CertPathValidatorException("its certificates are never valid at one time");
    }
    int last = path.size() - 1;
    CertPath below =
        CertificateFactory.getInstance("X.509").generateCertPath(path.subList(0, last));
    PKIXParameters parameters = parameters(path.get(last));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(closest));
    CertPathValidator.getInstance("PKIX").validate(below, parameters);
  }

  private static PKIXParameters parameters(X509Certificate root)
      throws InvalidAlgorithmParameterException {
    return new PKIXParameters(Set.of(new TrustAnchor(root, null)));
  }
}
