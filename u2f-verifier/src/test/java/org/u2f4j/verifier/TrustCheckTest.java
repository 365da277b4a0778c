package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.verifier.Samples.NOW;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.verifier.AttestationResult.Trust;

class TrustCheckTest {
  private static final Instant SOON = NOW.plusSeconds(100);
  private static final Instant LATER = NOW.plusSeconds(200);

  private static final TestCertificate ROOT = TestCertificate.root();
  private static final TestCertificate RSA_ROOT =
      TestCertificate.of("CN=RSA").rsa().authority(0).selfSigned();
  private static final TestCertificate LEAF = TestCertificate.leaf(ROOT);
  private static final TestCertificate INTERMEDIATE =
      TestCertificate.of("CN=Intermediate").authority(0).signedBy(ROOT);

  private static AttestationResult check(TestCertificate root, TestCertificate... chain) {
    return verdict(TrustAnswer.ofRoots(List.of(root.decoded())), NOW, false, chain)
        .result();
  }

  private static TrustCheck.Verdict verdict(
      TrustAnswer answer, Instant at, boolean expiredAllowed, TestCertificate... chain) {
    List<AttestationCertificate> decoded =
        Arrays.stream(chain).map(TestCertificate::decoded).toList();
    return TrustCheck.verdict(decoded, answer, at, expiredAllowed);
  }

  private static TestCertificate.Builder of(String subject) {
    return TestCertificate.of(subject);
  }

  private static KeyPair longExponent() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(
          new RSAKeyGenParameterSpec(2_048, BigInteger.ONE.shiftLeft(40).setBit(0)));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  record Case(String what, Trust expected, TestCertificate root, List<TestCertificate> chain) {
    Case(String what, Trust expected, TestCertificate root, TestCertificate... chain) {
      this(what, expected, root, List.of(chain));
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Case> cases() {
    TestCertificate self = of("CN=Self").selfSigned();
    TestCertificate version1 = of("CN=Old").version1().selfSigned();
    TestCertificate notAuthority = of("CN=Root").selfSigned();
    TestCertificate noSigner =
        of("CN=Root").authority(null).usage(KeyUsage.digitalSignature).selfSigned();
    TestCertificate signer = of("CN=Root")
        .authority(null)
        .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign)
        .selfSigned();
    TestCertificate noneBelow = of("CN=Root").authority(0).selfSigned();
    TestCertificate oneBelow = of("CN=Root").authority(1).selfSigned();
    TestCertificate garbled =
        of("CN=Root").extension("2.5.29.19", Samples.hex("ff")).selfSigned();
    TestCertificate namesake = TestCertificate.root();
    TestCertificate belowOne = of("CN=Intermediate").authority(null).signedBy(oneBelow);
    TestCertificate belowNone = of("CN=Intermediate").authority(null).signedBy(noneBelow);
    TestCertificate plain = of("CN=Intermediate").signedBy(ROOT);
    TestCertificate tooShort = of("CN=Upper").authority(0).signedBy(ROOT);
    TestCertificate lower = of("CN=Lower").authority(null).signedBy(tooShort);
    TestCertificate longEnough = of("CN=Upper").authority(1).signedBy(ROOT);
    TestCertificate lower2 = of("CN=Lower").authority(null).signedBy(longEnough);
    TestCertificate rsaLeaf = TestCertificate.leaf(RSA_ROOT);
    TestCertificate ordinary = of("CN=Intermediate")
        .critical("2.5.29.19", Samples.hex("30030101ff"))
        .critical("2.5.29.15", Samples.hex("03020106"))
        .extension("2.5.29.30", Samples.hex("3000"))
        .signedBy(ROOT);
    TestCertificate constrained = of("CN=Intermediate")
        .authority(null)
        .critical("2.5.29.30", Samples.hex("3000"))
        .signedBy(ROOT);
    TestCertificate slow = of("CN=Slow").key(longExponent()).authority(0).selfSigned();
    return Stream.of(
        new Case("a root signed it", Trust.TRUSTED, ROOT, LEAF),
        new Case("an RSA root signed it", Trust.TRUSTED, RSA_ROOT, rsaLeaf),
        new Case("an RSA root that takes long", Trust.UNKNOWN, slow, TestCertificate.leaf(slow)),
        new Case("it is a root itself", Trust.TRUSTED, LEAF, LEAF),
        new Case("self-signed and a root", Trust.TRUSTED, self, self),
        new Case("self-signed", Trust.UNKNOWN, ROOT, self),
        new Case("a root of version 1", Trust.TRUSTED, version1, TestCertificate.leaf(version1)),
        new Case("a root without CA", Trust.UNKNOWN, notAuthority, leaf(notAuthority)),
        new Case("a root that may not sign", Trust.UNKNOWN, noSigner, leaf(noSigner)),
        new Case("a root that may sign", Trust.TRUSTED, signer, leaf(signer)),
        new Case("a root that says nonsense", Trust.UNKNOWN, garbled, leaf(garbled)),
        new Case("path length 0", Trust.TRUSTED, noneBelow, leaf(noneBelow)),
        new Case("another of the root's name", Trust.UNKNOWN, namesake, LEAF),
        new Case(
            "a wrong issuer name",
            Trust.UNKNOWN,
            ROOT,
            of("CN=Leaf").issuer("CN=Other").signedBy(ROOT)),
        new Case(
            "a wrong signature",
            Trust.UNKNOWN,
            ROOT,
            of("CN=Leaf").wrongSignature().signedBy(ROOT)),
        new Case(
            "SHA-1 with ECDSA",
            Trust.UNKNOWN,
            ROOT,
            of("CN=Leaf").algorithm(TestCertificate.SHA1_ECDSA).signedBy(ROOT)),
        new Case(
            "SHA-1 with RSA",
            Trust.UNKNOWN,
            RSA_ROOT,
            of("CN=Leaf").algorithm(TestCertificate.SHA1_RSA).signedBy(RSA_ROOT)),
        new Case(
            "two algorithms",
            Trust.UNKNOWN,
            ROOT,
            of("CN=Leaf").innerAlgorithm("1.2.840.10045.4.3.3").signedBy(ROOT)),
        new Case(
            "an algorithm of another family",
            Trust.UNKNOWN,
            ROOT,
            of("CN=Leaf").algorithm(TestCertificate.SHA256_RSA).signedBy(ROOT)),
        new Case("an intermediate", Trust.TRUSTED, ROOT, leaf(INTERMEDIATE), INTERMEDIATE),
        new Case("a missing intermediate", Trust.UNKNOWN, ROOT, leaf(INTERMEDIATE)),
        new Case("an intermediate that is a root", Trust.TRUSTED, INTERMEDIATE, leaf(INTERMEDIATE)),
        new Case(
            "an intermediate that is a root and was sent",
            Trust.TRUSTED,
            INTERMEDIATE,
            leaf(INTERMEDIATE),
            INTERMEDIATE),
        new Case("critical ones that are known", Trust.TRUSTED, ROOT, leaf(ordinary), ordinary),
        new Case("a critical one that is not", Trust.UNKNOWN, ROOT, leaf(constrained), constrained),
        new Case("the same in a root", Trust.TRUSTED, constrained, leaf(constrained)),
        new Case("an intermediate without CA", Trust.UNKNOWN, ROOT, leaf(plain), plain),
        new Case("a leaf as issuer", Trust.UNKNOWN, ROOT, leaf(LEAF), LEAF),
        new Case("a stranger between", Trust.UNKNOWN, ROOT, self, INTERMEDIATE),
        new Case("a stranger behind", Trust.TRUSTED, ROOT, LEAF, self),
        new Case("root's path length 1", Trust.TRUSTED, oneBelow, leaf(belowOne), belowOne),
        new Case("root's path length 0", Trust.UNKNOWN, noneBelow, leaf(belowNone), belowNone),
        new Case("path length too short", Trust.UNKNOWN, ROOT, leaf(lower), lower, tooShort),
        new Case("long enough", Trust.TRUSTED, ROOT, leaf(lower2), lower2, longEnough),
        new Case("no certificate of the chain alone", Trust.UNKNOWN, self, LEAF, INTERMEDIATE));
  }

  private static TestCertificate leaf(TestCertificate issuer) {
    return TestCertificate.leaf(issuer);
  }

  @ParameterizedTest
  @MethodSource
  void cases(Case row) {
    AttestationResult result = check(row.root, row.chain.toArray(new TestCertificate[0]));
    assertEquals(row.expected, result.trust(), result.explanation());
    assertEquals(row.expected == Trust.TRUSTED, result.trusted());
    assertEquals(row.expected == Trust.TRUSTED ? row.root.decoded() : null, result.root());
    assertEquals(row.chain.get(0).decoded(), result.certificate().orElseThrow());
    assertEquals(row.chain.size(), result.chain().size());
  }

  @Test
  void theVerdictIsExplained() {
    assertEquals("vouched for by CN=Root", check(ROOT, LEAF).explanation());
    assertEquals(
        "the certificate is its own issuer and is not among the roots",
        check(ROOT, of("CN=Self").selfSigned()).explanation());
    assertEquals(
        "no root is known that vouches for it; its issuer is CN=Root",
        check(RSA_ROOT, LEAF).explanation());
    TestCertificate nameless = of("").issuer("CN=x").selfSigned();
    assertEquals(
        "vouched for by a certificate without a name", check(nameless, nameless).explanation());
    String long60 = ",OU=" + "y".repeat(60);
    String name = "CN=a\\0ab\u202e" + long60 + long60 + long60 + long60;
    String explanation = check(ROOT, of("CN=x").issuer(name).signedBy(ROOT)).explanation();
    assertTrue(
        explanation.startsWith("no root is known that vouches for it; its issuer is CN=a?b?,OU=y"),
        explanation);
    assertTrue(explanation.length() < 300);
  }

  @Test
  void datesCountUnlessTheyAreAllowedNotTo() {
    TestCertificate leaf = of("CN=Leaf").valid(NOW, SOON).signedBy(ROOT);
    TrustAnswer answer = TrustAnswer.ofRoots(List.of(ROOT.decoded()));
    assertEquals(Trust.TRUSTED, verdict(answer, NOW, false, leaf).result().trust());
    assertEquals(Trust.TRUSTED, verdict(answer, SOON, false, leaf).result().trust());
    for (Instant wrong : List.of(NOW.minusNanos(1), SOON.plusNanos(1))) {
      AttestationResult refused = verdict(answer, wrong, false, leaf).result();
      assertEquals(Trust.EXPIRED, refused.trust());
      assertNull(refused.root());
      assertEquals(
          wrong.isBefore(NOW)
              ? "CN=Leaf is valid only from 2026-05-01T12:00:00Z"
              : "CN=Leaf was valid until 2026-05-01T12:01:40Z",
          refused.explanation());
      assertEquals(Trust.TRUSTED, verdict(answer, wrong, true, leaf).result().trust());
    }
  }

  @Test
  void anIntermediatesDatesCountTooButTheRootsDoNot() {
    TestCertificate over = of("CN=Upper")
        .authority(null)
        .valid(NOW.minusSeconds(9), NOW.minusSeconds(5))
        .signedBy(ROOT);
    assertEquals(Trust.EXPIRED, check(ROOT, leaf(over), over).trust());
    assertEquals(Trust.TRUSTED, check(over, leaf(over)).trust());
    // sent along it is a root all the same, and the root's dates are the source's to judge
    assertEquals(Trust.TRUSTED, check(over, leaf(over), over).trust());
  }

  @Test
  void aVerdictHoldsUntilADateTurnsIt() {
    TestCertificate leaf = of("CN=Leaf").valid(NOW, LATER).signedBy(INTERMEDIATE);
    TestCertificate between =
        of("CN=Intermediate").authority(0).valid(NOW, SOON).signedBy(ROOT);
    TestCertificate below = of("CN=Leaf").valid(NOW, LATER).signedBy(between);
    TrustAnswer answer = TrustAnswer.ofRoots(List.of(ROOT.decoded()));
    assertEquals(
        NOW, verdict(answer, NOW.minusSeconds(1), false, below, between).validUntil());
    for (Instant at : List.of(NOW, SOON.minusSeconds(1), SOON)) {
      assertEquals(SOON.plusNanos(1), verdict(answer, at, false, below, between).validUntil());
    }
    assertEquals(
        LATER.plusNanos(1),
        verdict(answer, SOON.plusSeconds(1), false, below, between).validUntil());
    assertEquals(
        Instant.MAX, verdict(answer, LATER.plusNanos(1), false, below, between).validUntil());
    TrustAnswer passing = new TrustAnswer(
        answer.roots(), null, null, null, null, List.of(), null, NOW.plusSeconds(7));
    assertEquals(
        NOW.plusSeconds(7), verdict(passing, NOW, false, leaf, INTERMEDIATE).validUntil());
  }

  @Test
  void aReportOutweighsRootsAndDates() {
    TrustAnswer answer = new TrustAnswer(
        List.of(ROOT.decoded()), "stolen", "Maker", "Model", "data:", List.of("REVOKED"), 7L, null);
    TestCertificate over = of("CN=Leaf").valid(NOW, NOW).signedBy(ROOT);
    for (boolean allowed : new boolean[] {false, true}) {
      AttestationResult result = verdict(answer, SOON, allowed, over).result();
      assertEquals(Trust.REVOKED, result.trust());
      assertEquals("stolen", result.explanation());
      assertNull(result.root());
      assertEquals("Maker", result.vendor());
      assertEquals("Model", result.model());
      assertEquals("data:", result.icon());
      assertEquals(List.of("REVOKED"), result.statuses());
      assertEquals(7L, result.metadataSerial());
    }
    // nobody vouches for it: then nobody knows whether the report is about it
    assertEquals(
        Trust.UNKNOWN,
        verdict(answer, NOW, false, of("CN=x").selfSigned()).result().trust());
  }

  @Test
  void yubicosModelsAreKnownUnlessMetadataNameOne() throws Exception {
    Bytes der = RegistrationResponse.decode(Bytes.fromBase64Url(
            Vectors.named("libu2f-server-registration-yubikey").text("registrationData")))
        .certificate();
    List<AttestationCertificate> chain = List.of(AttestationCertificate.decode(der));
    AttestationCertificate root = AttestationCertificate.decode(Vectors.yubicoRoot());
    AttestationResult result = TrustCheck.verdict(
            chain, TrustAnswer.ofRoots(List.of(root)), NOW, false)
        .result();
    assertEquals(Trust.TRUSTED, result.trust());
    assertEquals("Yubico", result.vendor());
    assertEquals("YubiKey NEO", result.model());
    TrustAnswer metadata =
        new TrustAnswer(List.of(root), null, "Yubico AB", "YubiKey", null, List.of(), 1L, null);
    AttestationResult named = TrustCheck.verdict(chain, metadata, NOW, false).result();
    assertEquals("Yubico AB", named.vendor());
    assertEquals("YubiKey", named.model());
    AttestationResult unknown =
        TrustCheck.verdict(chain, TrustAnswer.NONE, NOW, false).result();
    assertEquals(Trust.UNKNOWN, unknown.trust());
    assertEquals("YubiKey NEO", unknown.model());
    assertNull(check(ROOT, LEAF).vendor());
    assertNull(check(ROOT, LEAF).model());
    TrustAnswer maker =
        new TrustAnswer(List.of(), null, "Maker", null, null, List.of(), null, null);
    assertEquals("Maker", verdict(maker, NOW, false, LEAF).result().vendor());
  }

  @Test
  void whatToDoWithTheAnswerIsTheSourcesChoice() {
    AttestationTrust trust = AttestationTrust.roots(List.of(ROOT.decoded()));
    assertTrue(trust.required());
    assertFalse(trust.expiredAllowed());
    assertFalse(trust.recordOnly().required());
    assertFalse(trust.recordOnly().expiredAllowed());
    assertTrue(trust.allowExpired().required());
    assertTrue(trust.allowExpired().expiredAllowed());
    assertFalse(trust.allowExpired().recordOnly().required());
    assertTrue(trust.allowExpired().recordOnly().expiredAllowed());
    assertFalse(trust.recordOnly().allowExpired().required());
    assertFalse(AttestationTrust.acceptAny().required());
    List<AttestationCertificate> chain = List.of(LEAF.decoded());
    assertEquals(TrustAnswer.NONE, AttestationTrust.acceptAny().lookup(chain, null));
    for (AttestationTrust same : List.of(trust, trust.recordOnly(), trust.allowExpired())) {
      assertEquals(List.of(ROOT.decoded()), same.lookup(chain, null).roots());
    }
  }

  @Test
  void twoSourcesAreAskedAsOne() {
    TestCertificate other = of("CN=Other").authority(0).selfSigned();
    AttestationTrust metadata = (chain, aaguid) -> chain.get(0).issuer().equals("CN=Other")
        ? TrustAnswer.NONE
        : new TrustAnswer(
            List.of(ROOT.decoded()), "stolen", "Maker", "Model", null, List.of("x"), 7L, SOON);
    AttestationTrust both =
        metadata.or(AttestationTrust.roots(List.of(ROOT.decoded(), other.decoded())));
    TrustAnswer known = both.lookup(List.of(LEAF.decoded()), null);
    assertEquals(List.of(ROOT.decoded(), other.decoded()), known.roots());
    assertEquals("stolen", known.refusal());
    assertEquals("Model", known.model());
    assertEquals(7L, known.metadataSerial());
    assertEquals(SOON, known.validUntil());
    List<AttestationCertificate> stranger = List.of(leaf(other).decoded());
    TrustAnswer unknown = both.lookup(stranger, null);
    assertNull(unknown.validUntil());
    assertEquals(
        Trust.TRUSTED,
        TrustCheck.verdict(stranger, unknown, LATER, true).result().trust());
    AttestationTrust reversed = AttestationTrust.roots(List.of()).or(metadata);
    assertEquals("Maker", reversed.lookup(List.of(LEAF.decoded()), null).vendor());
    assertEquals("stolen", reversed.lookup(List.of(LEAF.decoded()), null).refusal());
    assertTrue(both.required());
    assertFalse(metadata.recordOnly().or(both).required());
  }
}
