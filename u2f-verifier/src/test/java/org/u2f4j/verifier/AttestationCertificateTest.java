package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.verifier.Samples.hex;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.verifier.Vectors.Vector;

class AttestationCertificateTest {
  private static final String TRANSPORTS = "1.3.6.1.4.1.45724.2.1.1";
  private static final String AAGUID = "1.3.6.1.4.1.45724.1.1.4";
  private static final String YUBICO = "1.3.6.1.4.1.41482";

  private static AttestationCertificate ofVector(String name) throws Exception {
    return AttestationCertificate.decode(certificate(Vectors.named(name)));
  }

  private static Bytes certificate(Vector vector) throws Exception {
    return vector.fields().containsKey("certificate")
        ? hex(vector.text("certificate"))
        : RegistrationResponse.decode(Bytes.fromBase64Url(vector.text("registrationData")))
            .certificate();
  }

  private static AttestationCertificate with(String oid, String value) {
    return TestCertificate.of("CN=Test").extension(oid, hex(value)).selfSigned().decoded();
  }

  @Test
  void yubicosRootSaysWhatIsKnownOfIt() throws Exception {
    AttestationCertificate root = AttestationCertificate.decode(Vectors.yubicoRoot());
    assertEquals("CN=Yubico U2F Root CA Serial 457200631", root.subject());
    assertEquals(root.subject(), root.issuer());
    assertEquals(root.subject(), root.toString());
    assertEquals("1b4053f7", root.serialNumber());
    assertEquals(3, root.version());
    assertEquals(Optional.of(Instant.parse("2014-08-01T00:00:00Z")), root.notBefore());
    assertEquals(Optional.of(Instant.parse("2050-09-04T00:00:00Z")), root.notAfter());
    assertEquals(Optional.empty(), root.publicKey()); // RSA
    assertEquals("2022fcf46cd1898638294e892cc8aa4ff71bfda0", root.keyIdentifier());
    assertTrue(root.isAuthority(0));
    assertFalse(root.isAuthority(1));
    assertTrue(root.signedBy(root));
    assertEquals(List.of(), root.transports());
    assertEquals(Optional.empty(), root.yubicoDevice());
    assertEquals(Vectors.yubicoRoot(), root.der());
  }

  static Stream<Vector> registrations() {
    return Vectors.registrations();
  }

  /** An outside reader, for all that it can read. */
  @ParameterizedTest
  @MethodSource("registrations")
  void theJdkReadsTheSame(Vector vector) throws Exception {
    Bytes der = certificate(vector);
    AttestationCertificate certificate = AttestationCertificate.decode(der);
    X509Certificate jdk = (X509Certificate) CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(der.toArray()));
    assertEquals(jdk.getSerialNumber().toString(16), certificate.serialNumber());
    assertEquals(jdk.getVersion(), certificate.version());
    assertEquals(jdk.getNotBefore().toInstant(), certificate.notBefore().orElseThrow());
    assertEquals(jdk.getNotAfter().toInstant(), certificate.notAfter().orElseThrow());
    assertEquals(jdk.getPublicKey(), certificate.publicKey().orElseThrow().toPublicKey());
  }

  @Test
  void oneOfTheSixCertificatesWithUnusedBitsIsRepairedOnACopy() throws Exception {
    AttestationCertificate root = AttestationCertificate.decode(Vectors.yubicoRoot());
    AttestationCertificate known = ofVector("libu2f-server-registration-yubikey");
    Bytes der = certificate(Vectors.named("libu2f-server-registration-yubikey"));
    assertEquals(
        "d0edc9a91a1677435a953390865d208c55b3183c6759c9b5a7ff494c322558eb",
        der.sha256().hex());
    assertEquals(1, der.at(der.length() - 257));
    assertTrue(known.repaired());
    assertEquals(der, known.der());
    assertTrue(known.signedBy(root));
    assertFalse(root.repaired());
    // another with the same fault is not repaired, and not read
    Bytes other = Samples.with(der, 20, der.at(20) ^ 1);
    assertThrows(FormatException.class, () -> AttestationCertificate.decode(other));
    // repaired by hand it is another certificate with the same, right signature
    Bytes byHand = Samples.with(der, -257, 0);
    assertEquals(
        "5961d5b180d4a9916291937d506dbc3701624f190b3420c7cdd6f2e2906b208d",
        byHand.sha256().hex());
    AttestationCertificate repaired = AttestationCertificate.decode(byHand);
    assertTrue(repaired.signedBy(root));
    assertFalse(repaired.repaired());
    assertNotEquals(known, repaired);
  }

  @ParameterizedTest
  @CsvSource({
    "spec-registration-example,                       '',",
    "u2f-ref-code-registration-one-transport,         bt,",
    "u2f-ref-code-registration-multiple-transports,   bt ble nfc,",
    "u2f-ref-code-registration-malformed-transports,  '', the transports extension is malformed and was ignored",
    "ctap2-u2f-interop-registration,                  usb nfc,",
  })
  void realTransportsAreRead(String name, String transports, String ignored) throws Exception {
    AttestationCertificate certificate = ofVector(name);
    assertEquals(transports, String.join(" ", certificate.transports()));
    assertEquals(Optional.ofNullable(ignored), certificate.ignored());
  }

  @ParameterizedTest
  @CsvSource({
    "030100,       ''",
    "03020520,     usb",
    "030206c0,     bt ble",
    "030202fc,     bt ble usb nfc usb-internal lightning",
    "030204fc,     bt ble usb nfc",
    "030207ff,     bt",
    "030306ffc0,   bt ble usb nfc usb-internal lightning",
    "030200a0,     bt usb",
  })
  void theFirstBitOfTheTransportsIsTheGreatest(String value, String transports) {
    AttestationCertificate certificate = with(TRANSPORTS, value);
    assertEquals(transports, String.join(" ", certificate.transports()));
    assertEquals(Optional.empty(), certificate.ignored());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "aa80", "0400", "0300", "03020930", "0302043000", "04020430"})
  void transportsThatAreNoBitStringAreIgnoredAndThatIsTold(String value) {
    AttestationCertificate certificate = with(TRANSPORTS, value);
    assertEquals(List.of(), certificate.transports());
    assertTrue(certificate.ignored().isPresent());
  }

  @Test
  void yubicosDeviceIsAText() throws Exception {
    assertEquals(
        Optional.of(YUBICO + ".1.2"), ofVector("ctap2-u2f-interop-registration").yubicoDevice());
    assertEquals(
        Optional.of(YUBICO + ".1.2"),
        ofVector("libu2f-server-registration-yubikey").yubicoDevice());
    assertEquals(Optional.empty(), ofVector("spec-registration-example").yubicoDevice());
    assertEquals(Optional.empty(), TestCertificate.root().decoded().yubicoDevice());
    // no identifier, and no extension that is one
    assertEquals(Optional.empty(), with(YUBICO + ".2", "0401ff").yubicoDevice());
    assertEquals(Optional.of(YUBICO + ".1.7"), with(YUBICO + ".1.7", "").yubicoDevice());
    assertEquals(Optional.of("YubiKey 5 Series"), YubicoDevices.model(YUBICO + ".1.7"));
    assertEquals(Optional.empty(), YubicoDevices.model(YUBICO + ".1.99"));
  }

  @Test
  void anAaguidHas16Bytes() {
    String aaguid = "000102030405060708090a0b0c0d0e0f";
    assertEquals(Optional.of(hex(aaguid)), with(AAGUID, "0410" + aaguid).aaguid());
    assertEquals(Optional.empty(), with(AAGUID, "040f" + aaguid.substring(2)).aaguid());
    assertEquals(Optional.empty(), with(AAGUID, aaguid).aaguid());
    assertEquals(Optional.empty(), with(TRANSPORTS, "03020430").aaguid());
    assertEquals(
        Optional.empty(), TestCertificate.of("CN=x").selfSigned().decoded().aaguid());
  }

  @Test
  void theKeyIdentifierIsComputed() throws Exception {
    // published with the examples, by another program
    assertEquals(
        "de9dd16faf6d87f03bdcb5c1b70d11213801997e",
        ofVector("spec-registration-example").keyIdentifier());
  }

  @Test
  void whatIsNoP256KeyDoesNoHarm() {
    for (String kind : List.of("RSA", "secp384r1", "secp521r1")) {
      AttestationCertificate certificate = TestCertificate.of("CN=x")
          .key(TestCertificate.newKeyPair(kind))
          .signedBy(TestCertificate.root())
          .decoded();
      assertEquals(Optional.empty(), certificate.publicKey());
      assertEquals(40, certificate.keyIdentifier().length());
    }
    DERBitString oddKey = new DERBitString(new byte[] {1, 2, 3, (byte) 0x80}, 7);
    DERSequence written = new DERSequence(
        new ASN1Encodable[] {new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption), oddKey});
    AttestationCertificate odd = TestCertificate.of("CN=x")
        .publicKey(written)
        .signedBy(TestCertificate.root())
        .decoded();
    assertEquals(Optional.empty(), odd.publicKey());
    assertEquals(40, odd.keyIdentifier().length());
    assertFalse(odd.signedBy(odd));
  }

  @Test
  void aPointThatIsNotOnTheCurveIsNoKey() {
    TestCertificate right = TestCertificate.root();
    Bytes point = right.decoded().publicKey().orElseThrow().bytes();
    byte[] der = right.der().toArray();
    int at = Bytes.of(der).hex().indexOf(point.hex()) / 2;
    der[at + 64] ^= 1;
    assertEquals(
        Optional.empty(),
        new TestCertificate(Bytes.of(der), "", right.key()).decoded().publicKey());
  }

  @Test
  void oldAndOddCertificatesAreRead() {
    AttestationCertificate old =
        TestCertificate.of("").version1().issuer("CN=Maker").selfSigned().decoded();
    assertEquals(1, old.version());
    assertEquals("", old.subject());
    assertEquals("CN=Maker", old.issuer());
    assertFalse(old.isAuthority(0));
    ASN1UTCTime noSeconds = new ASN1UTCTime("0001010000Z");
    AttestationCertificate short2000 =
        TestCertificate.of("CN=x").valid(noSeconds, noSeconds).selfSigned().decoded();
    assertEquals(Optional.of(Instant.parse("2000-01-01T00:00:00Z")), short2000.notBefore());
    assertEquals(short2000.notBefore(), short2000.notAfter());
  }

  @Test
  void anIssuerHasAName() {
    assertEquals(
        "not an X.509 certificate: certificate issuer is an empty distinguished name",
        refusal(TestCertificate.of("CN=x").issuer("").selfSigned().der()).getMessage());
  }

  @Test
  void whoGivesPemIsToldSo() {
    assertEquals(
        "not an X.509 certificate in DER: it begins with -, as PEM does",
        refusal(Bytes.utf8("-----BEGIN CERTIFICATE-----\nMIIB\n")).getMessage());
  }

  private static FormatException refusal(Bytes der) {
    return assertThrows(FormatException.class, () -> AttestationCertificate.decode(der));
  }

  @Test
  void whatIsNoCertificateIsRefused() {
    Bytes right = TestCertificate.root().der();
    List<Bytes> wrong = new ArrayList<>(List.of(
        Bytes.EMPTY,
        hex("00"),
        hex("3000"),
        hex("3003020101"),
        Bytes.concat(right, hex("00")),
        Bytes.concat(right, right),
        Samples.with(right, 0, 0x31)));
    for (int length = 1; length < right.length(); length += 7) {
      wrong.add(right.slice(0, length));
    }
    for (Bytes der : wrong) {
      assertTrue(refusal(der).getMessage().startsWith("not "), der::hex);
    }
    Bytes twice =
        TestCertificate.of("CN=x").authority(null).authority(null).selfSigned().der();
    refusal(twice);
    assertEquals(
        "a certificate of at most 8192 bytes, not 8193",
        refusal(Samples.repeat(8_193, 0x30)).getMessage());
    refusal(Samples.repeat(8_192, 0x30));
  }

  @Test
  void aStrangersNameIsShownOnOneLine() throws Exception {
    Bytes der = TestCertificate.of("CN=abcd").selfSigned().der();
    AttestationCertificate certificate =
        AttestationCertificate.decode(hex(der.hex().replace("61626364", "610d0a64")));
    assertTrue(certificate.subject().startsWith("CN=a\r\nd"));
    assertEquals("CN=a??d", certificate.toString());
  }

  /** Its first 130 bytes were signed, since a length of 80 was taken for one of 128. */
  @Test
  void aLengthThatIsNotWrittenDoesNotShortenWhatWasSigned() throws Exception {
    TestCertificate root = TestCertificate.root();
    byte[] leaf = TestCertificate.of("CN=Leaf").signedBy(root).der().toArray();
    ASN1Sequence parts = ASN1Sequence.getInstance(leaf);
    Bytes fields = Bytes.of(parts.getObjectAt(0).toASN1Primitive().getEncoded());
    int header = fields.at(1) < 0x80 ? 2 : 2 + fields.at(1) - 0x80;
    Bytes open = Bytes.concat(hex("3080"), fields.slice(header), hex("0000"));
    Bytes signature = TestKey.sign(root.key(), open.slice(0, 130));
    Bytes inner = Bytes.concat(
        open,
        Bytes.of(parts.getObjectAt(1).toASN1Primitive().getEncoded()),
        TestCertificate.encoded(new DERBitString(signature.toArray())));
    Bytes outer = Bytes.concat(hex("3082%04x".formatted(inner.length())), inner);
    assertFalse(AttestationCertificate.decode(outer).signedBy(root.decoded()));
  }

  @Test
  void aNameThatCannotBeShownIsRefusedAtOnce() {
    Bytes right = TestCertificate.of("CN=xyz").issuer("CN=abc").selfSigned().der();
    for (String value : List.of("0c0378797a", "0c03616263")) {
      int at = right.hex().indexOf(value) / 2;
      refusal(Samples.with(right, at + 2, 0xFF)); // no UTF-8
      refusal(Samples.with(right, at - 7, 0x31)); // no SEQUENCE
    }
  }

  /** As deep as a certificate can be, in every form. */
  @ParameterizedTest
  @ValueSource(strings = {"3080", "a080", "2480", "3182"})
  void deepNestingIsRefused(String header) {
    byte[] nested = new byte[8_192];
    byte[] one = hex(header).toArray();
    for (int i = 0; i + one.length <= nested.length; i += one.length) {
      System.arraycopy(one, 0, nested, i, one.length);
    }
    refusal(Bytes.of(nested));
    Bytes definite = nestedSequences(1_900);
    refusal(definite);
    // the same where it is read only later
    for (String oid : List.of(TRANSPORTS, AAGUID, "2.5.29.19", "2.5.29.15", YUBICO + ".2")) {
      AttestationCertificate certificate =
          TestCertificate.of("CN=x").extension(oid, definite).selfSigned().decoded();
      assertEquals(List.of(), certificate.transports());
      assertEquals(Optional.empty(), certificate.aaguid());
      assertFalse(certificate.isAuthority(0));
    }
  }

  private static Bytes nestedSequences(int depth) {
    byte[] reversed = new byte[depth * 4];
    int length = 0;
    for (int i = 0; i < depth && length + 4 < reversed.length; i++) {
      int inside = length;
      if (inside < 0x80) {
        reversed[length++] = (byte) inside;
      } else {
        reversed[length++] = (byte) inside;
        reversed[length++] = (byte) (inside >> 8);
        reversed[length++] = (byte) 0x82;
      }
      reversed[length++] = 0x30;
    }
    byte[] der = new byte[length];
    for (int i = 0; i < length; i++) {
      der[i] = reversed[length - 1 - i];
    }
    return Bytes.of(der);
  }

  @Test
  void equalityIsThatOfTheBytes() {
    TestCertificate one = TestCertificate.root();
    TestCertificate other = TestCertificate.root();
    assertEquals(one.decoded(), one.decoded());
    assertEquals(one.decoded().hashCode(), one.decoded().hashCode());
    assertNotEquals(one.decoded(), other.decoded());
    assertFalse(one.decoded().equals(new Object()));
    assertEquals(1, Stream.of(one, one).map(TestCertificate::decoded).distinct().count());
    assertEquals(2, Arrays.asList(one.der(), other.der()).stream().distinct().count());
  }
}
