package org.u2f4j.verifier;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;

/** The extensions that mean something for attestation; a malformed one is as good as none. */
final class CertificateExtensions {
  private static final ASN1ObjectIdentifier TRANSPORTS =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.45724.2.1.1");
  private static final ASN1ObjectIdentifier AAGUID =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4");
  private static final ASN1ObjectIdentifier YUBICO_DEVICE =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.41482.2");
  private static final ASN1ObjectIdentifier YUBICO_DEVICES =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.41482.1");

  /** The names of the bits of the transports extension, the first bit first. */
  private static final List<String> TRANSPORT_NAMES =
      List.of("bt", "ble", "usb", "nfc", "usb-internal", "lightning");

  /** What {@link #isAuthority} looks at. */
  private static final Set<ASN1ObjectIdentifier> KNOWN_OF_AN_ISSUER =
      Set.of(Extension.basicConstraints, Extension.keyUsage);

  private final @Nullable Extensions extensions;
  private final List<String> transports;
  private final @Nullable String ignored;

  CertificateExtensions(@Nullable Extensions extensions) {
    this.extensions = extensions;
    List<String> names = new ArrayList<>();
    this.ignored = readTransports(names);
    this.transports = List.copyOf(names);
  }

  private @Nullable Extension extension(ASN1ObjectIdentifier oid) {
    return extensions == null ? null : extensions.getExtension(oid);
  }

  /** Fills in the names; says why not, if the extension is there and makes no sense. */
  private @Nullable String readTransports(List<String> names) {
    Extension extension = extension(TRANSPORTS);
    if (extension == null) {
      return null;
    }
    try {
      ASN1BitString bits = ASN1BitString.getInstance(extension.getParsedValue());
      byte[] mask = bits.getBytes();
      for (int i = 0; i < TRANSPORT_NAMES.size() && mask.length > 0; i++) {
        if ((mask[0] & 0x80 >> i) != 0) {
          names.add(TRANSPORT_NAMES.get(i));
        }
      }
      return null;
    } catch (RuntimeException e) {
      return "the transports extension is malformed and was ignored";
    }
  }

  List<String> transports() {
    return transports;
  }

  Optional<String> ignored() {
    return Optional.ofNullable(ignored);
  }

  Optional<Bytes> aaguid() {
    try {
      return Optional.ofNullable(extension(AAGUID))
          .map(e -> Bytes.of(ASN1OctetString.getInstance(e.getParsedValue()).getOctets()))
          .filter(bytes -> bytes.length() == 16);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Not an authority, and a model, if it names one, that is the given one and not critical. */
  void requirePackedProfile(Bytes aaguid) throws VerificationException {
    try {
      Extension basic = extension(Extension.basicConstraints);
      if (basic != null && BasicConstraints.getInstance(basic.getParsedValue()).isCA()) {
        throw AttestationCertificate.wrongProfile("it is an authority's");
      }
    } catch (RuntimeException e) {
      throw AttestationCertificate.wrongProfile("its basic constraints are malformed");
    }
    Extension model = extension(AAGUID);
    if (model == null) {
      return;
    }
    Bytes named =
        aaguid().orElseThrow(() -> AttestationCertificate.wrongProfile("its AAGUID is malformed"));
    if (model.isCritical()) {
      throw AttestationCertificate.wrongProfile("its AAGUID is critical");
    }
    if (!named.equals(aaguid)) {
      throw new VerificationException(
          Reason.WRONG_AAGUID,
          "the AAGUID of the authenticator data is %s, that of the certificate %s"
              .formatted(aaguid.hex(), named.hex()));
    }
  }

  Optional<String> yubicoDevice() {
    Extension text = extension(YUBICO_DEVICE);
    if (text != null) {
      String value = new String(text.getExtnValue().getOctets(), StandardCharsets.US_ASCII);
      if (ASN1ObjectIdentifier.tryFromID(value) != null) {
        return Optional.of(value);
      }
    }
    if (extensions == null) {
      return Optional.empty();
    }
    for (ASN1ObjectIdentifier oid : extensions.getExtensionOIDs()) {
      if (oid.on(YUBICO_DEVICES)) {
        return Optional.of(oid.getId());
      }
    }
    return Optional.empty();
  }

  /** Whether the certificate may vouch for others below it. */
  boolean isAuthority(int certificatesBelow) {
    Extension basic = extension(Extension.basicConstraints);
    if (basic == null) {
      return false;
    }
    try {
      BasicConstraints constraints = BasicConstraints.getInstance(basic.getParsedValue());
      Extension usage = extension(Extension.keyUsage);
      boolean mayCertify = usage == null
          || KeyUsage.getInstance(usage.getParsedValue()).hasUsages(KeyUsage.keyCertSign);
      boolean longEnough = constraints.getPathLenConstraint() == null
          || constraints.getPathLenConstraint().intValueExact() >= certificatesBelow;
      return constraints.isCA() && mayCertify && longEnough;
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Whether an issuer is restricted by nothing but what {@link #isAuthority} looks at. */
  boolean onlyKnownAreCritical() {
    return extensions == null
        || KNOWN_OF_AN_ISSUER.containsAll(List.of(extensions.getCriticalExtensionOIDs()));
  }
}
