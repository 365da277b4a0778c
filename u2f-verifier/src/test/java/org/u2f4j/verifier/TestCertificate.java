package org.u2f4j.verifier;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.Time;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.soft.Attestation;

/** A certificate made for a test, and its private key. */
public record TestCertificate(Bytes der, String subject, PrivateKey key) {
  public static final String SHA256_ECDSA = "1.2.840.10045.4.3.2";
  public static final String SHA1_ECDSA = "1.2.840.10045.4.1";
  public static final String SHA256_RSA = "1.2.840.113549.1.1.11";
  public static final String SHA1_RSA = "1.2.840.113549.1.1.5";

  private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2030-01-01T00:00:00Z");

  /** A key that can be had only once in a while. */
  private static final KeyPair RSA = newKeyPair("RSA");

  public static KeyPair newKeyPair(String kind) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.equals("RSA") ? "RSA" : "EC");
      if (kind.equals("RSA")) {
        generator.initialize(2048);
      } else {
        generator.initialize(new ECGenParameterSpec(kind));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Builder of(String subject) {
    return new Builder(subject);
  }

  /** A root that may have anything below it. */
  public static TestCertificate root() {
    return of("CN=Root").authority(null).selfSigned();
  }

  /** A device's certificate. */
  public static TestCertificate leaf(TestCertificate issuer) {
    return of("CN=Leaf").signedBy(issuer);
  }

  public AttestationCertificate decoded() {
    try {
      return AttestationCertificate.decode(der);
    } catch (FormatException e) {
      throw new IllegalStateException(e);
    }
  }

  public Attestation attestation() {
    return new Attestation(der, key);
  }

  /** What to vary; whatever is not named is as it should be. */
  public static final class Builder {
    private final String subject;
    private final ASN1EncodableVector extensions = new ASN1EncodableVector();
    private final List<ASN1Encodable> validity = new ArrayList<>();
    private KeyPair keyPair = newKeyPair("secp256r1");
    private @Nullable ASN1Encodable publicKey;
    private int version = 3;
    private @Nullable String issuer;
    private @Nullable String algorithm;
    private @Nullable String innerAlgorithm;
    private boolean wrongSignature;

    private Builder(String subject) {
      this.subject = subject;
      valid(FROM, TO);
    }

    public Builder rsa() {
      keyPair = RSA;
      return this;
    }

    public Builder key(KeyPair other) {
      keyPair = other;
      return this;
    }

    /** Written in place of the key. */
    public Builder publicKey(ASN1Encodable written) {
      publicKey = written;
      return this;
    }

    public Builder valid(Instant from, Instant to) {
      return valid(new Time(Date.from(from)), new Time(Date.from(to)));
    }

    public Builder valid(ASN1Encodable from, ASN1Encodable to) {
      validity.clear();
      validity.addAll(List.of(from, to));
      return this;
    }

    public Builder version1() {
      version = 1;
      return this;
    }

    public Builder authority(@Nullable Integer pathLength) {
      ASN1Encodable constraints =
          pathLength == null ? new BasicConstraints(true) : new BasicConstraints(pathLength);
      return extension("2.5.29.19", encoded(constraints));
    }

    public Builder usage(int bits) {
      return extension("2.5.29.15", encoded(new KeyUsage(bits)));
    }

    /** Basic constraints that say no. */
    public Builder authorityNot() {
      return extension("2.5.29.19", encoded(new BasicConstraints(false)));
    }

    public Builder critical(String oid, Bytes value) {
      extensions.add(
          new Extension(new ASN1ObjectIdentifier(oid), true, new DEROctetString(value.toArray())));
      return this;
    }

    public Builder extension(String oid, Bytes value) {
      extensions.add(
          new Extension(new ASN1ObjectIdentifier(oid), false, new DEROctetString(value.toArray())));
      return this;
    }

    public Builder algorithm(String oid) {
      algorithm = oid;
      return this;
    }

    public Builder innerAlgorithm(String oid) {
      innerAlgorithm = oid;
      return this;
    }

    public Builder issuer(String name) {
      issuer = name;
      return this;
    }

    public Builder wrongSignature() {
      wrongSignature = true;
      return this;
    }

    public TestCertificate selfSigned() {
      return sign(issuer == null ? subject : issuer, keyPair.getPrivate());
    }

    public TestCertificate signedBy(TestCertificate other) {
      return sign(issuer == null ? other.subject : issuer, other.key);
    }

    private TestCertificate sign(String issuerName, PrivateKey signer) {
      boolean rsa = signer.getAlgorithm().equals("RSA");
      String oid = algorithm == null ? rsa ? SHA256_RSA : SHA256_ECDSA : algorithm;
      try {
        ASN1EncodableVector fields = new ASN1EncodableVector();
        if (version == 3) {
          fields.add(new DERTaggedObject(true, 0, new ASN1Integer(2)));
        }
        fields.add(new ASN1Integer(BigInteger.valueOf(0x0123_4567)));
        fields.add(algorithm(innerAlgorithm == null ? oid : innerAlgorithm, rsa));
        fields.add(new X500Name(issuerName));
        fields.add(new DERSequence(validity.toArray(new ASN1Encodable[0])));
        fields.add(new X500Name(subject));
        fields.add(
            publicKey == null
                ? ASN1Primitive.fromByteArray(keyPair.getPublic().getEncoded())
                : publicKey);
        if (extensions.size() > 0) {
          fields.add(new DERTaggedObject(true, 3, new DERSequence(extensions)));
        }
        byte[] signed = new DERSequence(fields).getEncoded();
        String digest = oid.equals(SHA1_ECDSA) || oid.equals(SHA1_RSA) ? "SHA1" : "SHA256";
        Signature engine = Signature.getInstance(digest + (rsa ? "withRSA" : "withECDSA"));
        engine.initSign(signer);
        engine.update(signed);
        byte[] signature = engine.sign();
        if (wrongSignature) {
          signature[signature.length - 1] ^= 1;
        }
        Bytes der = encoded(new DERSequence(new ASN1Encodable[] {
          ASN1Primitive.fromByteArray(signed), algorithm(oid, rsa), new DERBitString(signature)
        }));
        return new TestCertificate(der, subject, keyPair.getPrivate());
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static AlgorithmIdentifier algorithm(String oid, boolean rsa) {
      ASN1ObjectIdentifier identifier = new ASN1ObjectIdentifier(oid);
      return rsa
          ? new AlgorithmIdentifier(identifier, DERNull.INSTANCE)
          : new AlgorithmIdentifier(identifier);
    }
  }

  public static Bytes encoded(ASN1Encodable value) {
    try {
      return Bytes.of(value.toASN1Primitive().getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
