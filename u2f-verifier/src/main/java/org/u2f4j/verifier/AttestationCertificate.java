package org.u2f4j.verifier;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.UserPublicKey;

/**
 * An attestation certificate, or one that vouches for it: X.509 in DER, read as leniently as real
 * keys demand. BER of other forms than DER, version 1, an empty subject, times without seconds, and a key or signature algorithm
 * that nobody here can use do no harm until they are needed.
 */
public final class AttestationCertificate {
  /** Several times that of any real one; the parser's work can grow with the square of the length. */
  private static final int MAX_LENGTH = 8_192;

  /**
   * SHA-256 of six certificates of Yubico whose last BIT STRING, the signature, has a count of
   * unused bits that is not zero (listed by tstranex/u2f, register.go).
   */
  private static final Set<String> UNUSED_BITS = Set.of(
      "349bca1031f8c82c4ceca38b9cebf1a69df9fb3b94eed99eb3fb9aa3822d26e8",
      "dd574527df608e47ae45fbba75a2afdd5c20fd94a02419381813cd55a2a3398f",
      "1d8764f0f7cd1352df6150045c8f638e517270e8b5dda1c63ade9c2280240cae",
      "d0edc9a91a1677435a953390865d208c55b3183c6759c9b5a7ff494c322558eb",
      "6073c436dcd064a48127ddbf6032ac1a66fd59a0c24434f070d4e564c124c897",
      "ca993121846c464d666096d35f13bf44c1b05af205f9b4a1e00cf6cc10c5e511");

  private static final String PACKED_UNIT = "Authenticator Attestation";

  /** A code of ISO 3166; which of them there are changes. */
  private static final Pattern COUNTRY = Pattern.compile("[A-Za-z]{2}");

  /** Where that count stands: in front of a signature of 256 bytes. */
  private static final int UNUSED_BITS_FROM_END = 257;

  private final Bytes der;
  private final Bytes repairedDer;
  private final Certificate certificate;
  private final String subject;
  private final String issuer;
  private final @Nullable UserPublicKey publicKey;
  private final CertificateExtensions extensions;

  private AttestationCertificate(Bytes der, Bytes repairedDer) throws IOException {
    this.der = der;
    this.repairedDer = repairedDer;
    this.certificate = parse(repairedDer);
    // Bouncy Castle looks at what is inside a name only now, and refuses some
    this.subject = certificate.getSubject().toString();
    this.issuer = certificate.getIssuer().toString();
    this.publicKey = p256(certificate.getSubjectPublicKeyInfo());
    this.extensions = new CertificateExtensions(certificate.getTBSCertificate().getExtensions());
  }

  /**
   * Reads a certificate.
   *
   * @param der X.509 in DER, 8,192 bytes at most, nothing behind it; other BER is let through, but
   *     does not fit its issuer's signature where a length is not written
   * @return the certificate
   * @throws FormatException if it is none
   */
  public static AttestationCertificate decode(Bytes der) throws FormatException {
    if (der.length() > MAX_LENGTH) {
      throw new FormatException(
          "a certificate of at most " + MAX_LENGTH + " bytes, not " + der.length());
    }
    if (der.length() > 0 && der.at(0) == '-') {
      throw new FormatException("not an X.509 certificate in DER: it begins with -, as PEM does");
    }
    try {
      return new AttestationCertificate(der, repair(der));
    } catch (FormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      String why = VerificationException.shown(String.valueOf(e.getMessage()));
      throw new FormatException("not an X.509 certificate: " + why);
    }
  }

  private static Bytes repair(Bytes der) {
    if (der.length() < UNUSED_BITS_FROM_END
        || !UNUSED_BITS.contains(der.sha256().hex())) {
      return der;
    }
    byte[] copy = der.toArray();
    copy[copy.length - UNUSED_BITS_FROM_END] = 0;
    return Bytes.of(copy);
  }

  private static Certificate parse(Bytes der) throws IOException {
    try (ASN1InputStream in = new ASN1InputStream(der.toArray())) {
      ASN1Primitive object = in.readObject();
      if (object == null || in.read() >= 0) {
        throw new FormatException("not one X.509 certificate: nothing, or bytes behind it");
      }
      Certificate certificate = Certificate.getInstance(object);
      certificate.getSignature().getOctets(); // refuses unused bits
      return certificate;
    }
  }

  private static @Nullable UserPublicKey p256(SubjectPublicKeyInfo key) {
    boolean named = key.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
        && X9ObjectIdentifiers.prime256v1.equals(key.getAlgorithm().getParameters());
    try {
      return named ? UserPublicKey.decode(Bytes.of(key.getPublicKeyData().getOctets())) : null;
    } catch (FormatException e) {
      return null;
    }
  }

  /**
   * The certificate as received.
   *
   * @return X.509 in DER
   */
  public Bytes der() {
    return der;
  }

  /**
   * Whether this is one of the six certificates of Yubico with a wrong count of unused bits, which
   * was put right on a copy. {@link #der()} is as received; signatures are checked on the copy.
   *
   * @return true for these six
   */
  public boolean repaired() {
    return !repairedDer.equals(der);
  }

  /**
   * The key, if it is a point on P-256.
   *
   * @return the key; empty if it is of another kind, or not on the curve
   */
  public Optional<UserPublicKey> publicKey() {
    return Optional.ofNullable(publicKey);
  }

  /**
   * SHA-1 of the key's BIT STRING content, by which FIDO metadata know keys of U2F (RFC 5280,
   * section 4.2.1.2, method 1). It is computed, not read from an extension.
   *
   * @return 40 hexadecimal digits in lower case
   */
  public String keyIdentifier() {
    try {
      byte[] key = certificate.getSubjectPublicKeyInfo().getPublicKeyData().getBytes();
      return Bytes.of(MessageDigest.getInstance("SHA-1").digest(key)).hex();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /**
   * Whom it names.
   *
   * @return the subject, such as "CN=Yubico U2F EE Serial 13831167861"; may be empty
   */
  public String subject() {
    return subject;
  }

  /**
   * Who signed it, by its own words.
   *
   * @return the issuer; never empty
   */
  public String issuer() {
    return issuer;
  }

  /**
   * Its X.509 version.
   *
   * @return 1, 2 or 3
   */
  public int version() {
    return certificate.getVersionNumber();
  }

  /**
   * The serial number.
   *
   * @return in hexadecimal
   */
  public String serialNumber() {
    return certificate.getSerialNumber().getValue().toString(16);
  }

  /**
   * When it begins to be valid.
   *
   * @return the time; empty if the certificate does not hold a real one
   */
  public Optional<Instant> notBefore() {
    return instant(certificate.getStartDate());
  }

  /**
   * When it ends to be valid.
   *
   * @return the time; empty if the certificate does not hold a real one
   */
  public Optional<Instant> notAfter() {
    return instant(certificate.getEndDate());
  }

  private static Optional<Instant> instant(Time time) {
    try {
      return Optional.of(time.getDate().toInstant());
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /**
   * How keys with this certificate can be reached (extension 1.3.6.1.4.1.45724.2.1.1).
   *
   * @return of "bt", "ble", "usb", "nfc", "usb-internal", "lightning"; empty when unknown
   */
  public List<String> transports() {
    return extensions.transports();
  }

  /**
   * What in it was malformed and ignored.
   *
   * @return a sentence; empty if nothing was
   */
  public Optional<String> ignored() {
    return extensions.ignored();
  }

  /**
   * The model that the certificate is for (extension 1.3.6.1.4.1.45724.1.1.4).
   *
   * @return 16 bytes; empty if it does not say
   */
  public Optional<Bytes> aaguid() {
    return extensions.aaguid();
  }

  /**
   * Yubico's device identifier: the text of extension 1.3.6.1.4.1.41482.2, or in old certificates
   * an extension that is itself named 1.3.6.1.4.1.41482.1 and a number.
   *
   * @return an object identifier such as "1.3.6.1.4.1.41482.1.2"; empty if there is none
   */
  public Optional<String> yubicoDevice() {
    return extensions.yubicoDevice();
  }

  /**
   * What Yubico's device identifier stands for.
   *
   * @return a model such as "YubiKey NEO"; empty if there is no identifier, or it is not known here
   */
  public Optional<String> yubicoModel() {
    return yubicoDevice().flatMap(YubicoDevices::model);
  }

  /**
   * Whether another certificate's key made this one's signature, and its name is the issuer's.
   *
   * @param issuer the other certificate
   * @return false too if the algorithm is not known here or is based on SHA-1
   */
  public boolean signedBy(AttestationCertificate issuer) {
    return IssuerSignature.fits(certificate, repairedDer, issuer.certificate);
  }

  /**
   * Checks that it was made for packed attestation (Web Authentication, section 8.2.1).
   *
   * @param aaguid the model that the authenticator data name; a model in the certificate has to be it
   */
  void requirePackedProfile(Bytes aaguid) throws VerificationException {
    if (version() != 3) {
      throw wrongProfile("it has version " + version() + ", not 3");
    }
    for (ASN1ObjectIdentifier name : List.of(BCStyle.C, BCStyle.O, BCStyle.CN)) {
      if (named(name).stream().allMatch(String::isBlank)) {
        throw wrongProfile("its subject lacks C, O or CN: " + this);
      }
    }
    if (!named(BCStyle.C).stream().allMatch(COUNTRY.asMatchPredicate())) {
      throw wrongProfile("its subject's C is no country's two letters: " + this);
    }
    if (!named(BCStyle.OU).equals(List.of(PACKED_UNIT))) {
      throw wrongProfile("its subject's only OU is not \"" + PACKED_UNIT + "\": " + this);
    }
    extensions.requirePackedProfile(aaguid);
  }

  private List<String> named(ASN1ObjectIdentifier attribute) {
    return Arrays.stream(certificate.getSubject().getRDNs(attribute))
        .flatMap(names -> Arrays.stream(names.getTypesAndValues()))
        .filter(name -> name.getType().equals(attribute))
        .map(name -> name.getValue().toString())
        .toList();
  }

  static VerificationException wrongProfile(String what) {
    return new VerificationException(
        Reason.WRONG_CERTIFICATE_PROFILE,
        "the certificate was not made for packed attestation: " + what);
  }

  /** Whether it may vouch for others below it, by its own extensions. */
  boolean isAuthority(int certificatesBelow) {
    return extensions.isAuthority(certificatesBelow);
  }

  /** The same for one that no application has named, and whose every restriction therefore counts. */
  boolean isIntermediate(int certificatesBelow) {
    return isAuthority(certificatesBelow) && extensions.onlyKnownAreCritical();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AttestationCertificate that && der.equals(that.der);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(der);
  }

  /** The subject, if it is long its beginning, on one line. */
  @Override
  public String toString() {
    return VerificationException.shown(subject);
  }
}
