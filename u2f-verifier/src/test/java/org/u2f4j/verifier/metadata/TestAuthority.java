package org.u2f4j.verifier.metadata;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.u2f4j.Bytes;
import org.u2f4j.soft.Attestation;
import org.u2f4j.verifier.AttestationCertificate;

/** Somebody with a key and a certificate, who can issue others and sign blobs. */
final class TestAuthority {
  static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant UNTIL = Instant.parse("2026-12-31T00:00:00Z");

  final X509Certificate certificate;
  private final KeyPair keys;
  private final String name;

  private TestAuthority(X509Certificate certificate, KeyPair keys, String name) {
    this.certificate = certificate;
    this.keys = keys;
    this.name = name;
  }

  /** What a certificate is to be; what is null is left out. */
  static final class Template {
    final String name;
    KeyPair keys;
    Instant from = FROM;
    Instant until = UNTIL;
    String dnsName;
    boolean authority;
    Integer usage;
    Bytes aaguid;

    Template(String name) {
      this.name = name;
    }

    Template keys(KeyPair given) {
      keys = given;
      return this;
    }

    Template valid(Instant first, Instant last) {
      from = first;
      until = last;
      return this;
    }

    Template dnsName(String given) {
      dnsName = given;
      return this;
    }

    Template authority() {
      authority = true;
      usage = KeyUsage.keyCertSign;
      return this;
    }

    Template usage(int bits) {
      usage = bits;
      return this;
    }

    Template aaguid(Bytes given) {
      aaguid = given;
      return this;
    }
  }

  static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static TestAuthority root(String name) {
    return root(new Template(name));
  }

  static TestAuthority root(Template template) {
    KeyPair keys = template.keys == null ? ec("secp256r1") : template.keys;
    return new TestAuthority(null, keys, template.name)
        .issue(template.authority().keys(keys));
  }

  /** The same certificate's name and key, vouched for by another. */
  TestAuthority crossSigned(TestAuthority other) {
    return other.issue(new Template(name).authority().keys(keys));
  }

  TestAuthority issue(Template template) {
    try {
      KeyPair subject = template.keys == null ? ec("secp256r1") : template.keys;
      boolean rsa = keys.getPrivate().getAlgorithm().equals("RSA");
      AlgorithmIdentifier algorithm = new AlgorithmIdentifier(
          rsa
              ? PKCSObjectIdentifiers.sha256WithRSAEncryption
              : X9ObjectIdentifiers.ecdsa_with_SHA256);
      V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
      generator.setSerialNumber(new ASN1Integer(BigInteger.valueOf(1)));
      generator.setSignature(algorithm);
      generator.setIssuer(new X500Name(name));
      generator.setSubject(new X500Name(template.name));
      generator.setStartDate(new Time(Date.from(template.from)));
      generator.setEndDate(new Time(Date.from(template.until)));
      generator.setSubjectPublicKeyInfo(
          SubjectPublicKeyInfo.getInstance(subject.getPublic().getEncoded()));
      generator.setExtensions(extensions(template).generate());
      byte[] signed = generator.generateTBSCertificate().getEncoded("DER");
      Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(signed);
      byte[] der = new DERSequence(new ASN1Encodable[] {
            DERSequence.fromByteArray(signed), algorithm, new DERBitString(signature.sign())
          })
          .getEncoded("DER");
      X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(der));
      return new TestAuthority(certificate, subject, template.name);
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ExtensionsGenerator extensions(Template template) throws IOException {
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    extensions.addExtension(
        Extension.basicConstraints, true, new BasicConstraints(template.authority));
    if (template.usage != null) {
      extensions.addExtension(Extension.keyUsage, true, new KeyUsage(template.usage));
    }
    if (template.dnsName != null) {
      GeneralName name = new GeneralName(GeneralName.dNSName, template.dnsName);
      extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
    }
    if (template.aaguid != null) {
      extensions.addExtension(
          new ASN1ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4"),
          false,
          new DEROctetString(template.aaguid.toArray()));
    }
    return extensions;
  }

  /** What a software key registers with that has this attestation key. */
  Attestation softAttestation() {
    return new Attestation(attestation().der(), keys.getPrivate());
  }

  AttestationCertificate attestation() {
    try {
      return AttestationCertificate.decode(Bytes.of(certificate.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Base64 as it stands in JSON. */
  String base64() {
    return Base64.getEncoder().encodeToString(attestation().der().toArray());
  }

  /** A blob with an ordinary header. */
  byte[] blob(String algorithm, String payload, X509Certificate... others) {
    return sign(header(algorithm, others), payload, algorithm);
  }

  String header(String algorithm, X509Certificate... others) {
    List<String> certificates = new ArrayList<>();
    certificates.add(base64());
    for (X509Certificate other : others) {
      certificates.add(new TestAuthority(other, keys, name).base64());
    }
    return "{\"alg\":\"%s\",\"typ\":\"JWT\",\"x5c\":[%s]}"
        .formatted(
            algorithm,
            certificates.stream().map(c -> '"' + c + '"').collect(Collectors.joining(",")));
  }

  byte[] sign(String header, String payload, String algorithm) {
    try {
      String signed = base64Url(header.getBytes(StandardCharsets.UTF_8))
          + "."
          + base64Url(payload.getBytes(StandardCharsets.UTF_8));
      Signature signature = Signature.getInstance(
          switch (algorithm) {
            case "RS256" -> "SHA256withRSA";
            case "ES256" -> "SHA256withECDSAinP1363Format";
            default -> algorithm;
          });
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return (signed + "." + base64Url(signature.sign())).getBytes(StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
