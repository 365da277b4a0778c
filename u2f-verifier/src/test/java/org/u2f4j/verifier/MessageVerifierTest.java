package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.u2f4j.verifier.Samples.APP_ID;
import static org.u2f4j.verifier.Samples.NOW;
import static org.u2f4j.verifier.Samples.assertRefused;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.json.ClientData;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.verifier.AttestationResult.Trust;

class MessageVerifierTest {
  private static final TestCertificate ROOT = TestCertificate.root();
  private static final TestCertificate LEAF =
      TestCertificate.of("CN=Leaf").valid(NOW, NOW.plusSeconds(100)).signedBy(ROOT);
  private static final ClientData CLIENT_DATA =
      ClientData.of(ClientData.REGISTER, "challenge", "origin");
  private static final ChallengeParameter CHALLENGE = CLIENT_DATA.challengeParameter();

  private final TestKey key = TestKey.create(1);
  private TrustAnswer answer = TrustAnswer.ofRoots(List.of(ROOT.decoded()));
  private int asked;
  private final AttestationTrust source = (chain, aaguid) -> {
    asked++;
    return answer;
  };
  private Instant now = NOW;

  private MessageVerifier verifier(AttestationTrust trust) {
    return new MessageVerifier(EcdsaEngine.jdk(), trust, () -> now);
  }

  private RegistrationResponse registration(TestCertificate certificate) {
    return key.register(certificate.attestation(), APP_ID, CLIENT_DATA).registration();
  }

  private Trust verify(MessageVerifier verifier, TestCertificate certificate)
      throws VerificationException {
    return verifier
        .verify(registration(certificate), APP_ID.applicationParameter(), CHALLENGE)
        .trust();
  }

  @Test
  void aCertificatesVerdictIsKeptUntilADateTurnsIt() throws Exception {
    MessageVerifier verifier = verifier(source);
    Instant end = NOW.plusSeconds(100);
    for (Instant time : List.of(NOW, NOW.plusSeconds(99), end)) {
      now = time;
      assertEquals(Trust.TRUSTED, verify(verifier, LEAF));
      assertEquals(1, asked);
    }
    now = end.plusNanos(1);
    assertRefused(Reason.EXPIRED_ATTESTATION, () -> verify(verifier, LEAF));
    assertRefused(Reason.EXPIRED_ATTESTATION, () -> verify(verifier, LEAF));
    assertEquals(2, asked);
    now = NOW; // a clock that is put back
    assertEquals(Trust.TRUSTED, verify(verifier, LEAF));
    now = NOW.minusNanos(1);
    assertRefused(Reason.EXPIRED_ATTESTATION, () -> verify(verifier, LEAF));
    now = NOW;
    assertEquals(Trust.TRUSTED, verify(verifier, LEAF));
  }

  @Test
  void aVerdictOfTheLastValidInstantIsNotKeptForEver() throws Exception {
    MessageVerifier verifier = verifier(source);
    now = NOW.plusSeconds(100);
    assertEquals(Trust.TRUSTED, verify(verifier, LEAF));
    now = NOW.plusSeconds(101);
    assertRefused(Reason.EXPIRED_ATTESTATION, () -> verify(verifier, LEAF));
  }

  @Test
  void anAnswerIsKeptAsLongAsItSays() throws Exception {
    answer = new TrustAnswer(
        answer.roots(), null, null, null, null, List.of(), null, NOW.plusSeconds(10));
    MessageVerifier verifier = verifier(source);
    assertEquals(Trust.TRUSTED, verify(verifier, LEAF));
    answer = new TrustAnswer(
        answer.roots(), "stolen", null, null, null, List.of(), null, NOW.plusSeconds(90));
    now = NOW.plusSeconds(10).minusNanos(1);
    assertEquals(Trust.TRUSTED, verify(verifier, LEAF));
    now = NOW.plusSeconds(10);
    assertRefused(Reason.REVOKED_ATTESTATION, () -> verify(verifier, LEAF));
    assertEquals(2, asked);
  }

  @Test
  void eachCertificateHasItsOwnVerdict() throws Exception {
    MessageVerifier verifier = verifier(source);
    assertEquals(Trust.TRUSTED, verify(verifier, LEAF));
    TestCertificate stranger = TestCertificate.of("CN=Leaf").selfSigned();
    assertRefused(Reason.UNTRUSTED_ATTESTATION, () -> verify(verifier, stranger));
    assertEquals(Trust.TRUSTED, verify(verifier, LEAF));
    assertEquals(2, asked);
  }

  @Test
  void whatIsOnlyRecordedIsNoReasonToRefuse() throws Exception {
    TestCertificate stranger = TestCertificate.of("CN=Leaf").selfSigned();
    assertEquals(Trust.UNKNOWN, verify(verifier(source.recordOnly()), stranger));
    now = NOW.plusSeconds(500);
    assertEquals(Trust.EXPIRED, verify(verifier(source.recordOnly()), LEAF));
    assertEquals(Trust.TRUSTED, verify(verifier(source.allowExpired()), LEAF));
    assertRefused(
        Reason.UNTRUSTED_ATTESTATION, () -> verify(verifier(source.allowExpired()), stranger));
    assertEquals(Trust.UNKNOWN, verify(verifier(AttestationTrust.acceptAny()), LEAF));
    answer = new TrustAnswer(answer.roots(), "stolen", null, null, null, List.of(), null, null);
    assertEquals(Trust.REVOKED, verify(verifier(source.recordOnly()), LEAF));
  }

  @Test
  void aSignatureIsOverExactlyTheBytesReceived() {
    MessageVerifier verifier = verifier(source);
    RegistrationResponse right = registration(LEAF);
    TestKey other = TestKey.create(2);
    for (RegistrationResponse altered : List.of(
        new RegistrationResponse(
            other.publicKey(), right.keyHandle(), right.certificate(), right.signature()),
        new RegistrationResponse(
            right.userPublicKey(), other.keyHandle(), right.certificate(), right.signature()),
        new RegistrationResponse(
            right.userPublicKey(),
            right.keyHandle(),
            TestCertificate.leaf(ROOT).der(),
            right.signature()))) {
      assertRefused(
          Reason.WRONG_SIGNATURE,
          () -> verifier.verify(altered, APP_ID.applicationParameter(), CHALLENGE));
    }
    assertRefused(
        Reason.WRONG_SIGNATURE,
        () -> verifier.verify(
            right, APP_ID.applicationParameter(), ChallengeParameter.of(Bytes.EMPTY)));
    assertEquals(0, asked); // nobody has shown to have a certificate's key
  }

  @Test
  void whatARefusalSaysIsOneLineWhoeverWroteIt() {
    String message = "a\r\nb\u2028c\u0000d\u202ee\u00e9";
    assertEquals(
        "a??b?c?d?e\u00e9", new VerificationException(Reason.MALFORMED, message).getMessage());
    assertEquals(
        "a??b?c?d?e\u00e9",
        new VerificationException(Reason.MALFORMED, message, new Exception()).getMessage());
  }

  @Test
  void aChainOfACertificateHasOneElementWhichTheSourceIsAskedFor() throws Exception {
    AttestationTrust asking = (chain, aaguid) -> {
      assertEquals(List.of(LEAF.decoded()), chain);
      assertSame(null, aaguid);
      return answer;
    };
    AttestationResult result =
        verifier(asking).verify(registration(LEAF), APP_ID.applicationParameter(), CHALLENGE);
    assertEquals(LEAF.der(), result.certificate().orElseThrow().der());
  }

  @Test
  void aStrangersKeyIsNotUsedUnlessItIsOfTheRightKind() {
    TestCertificate rsa = TestCertificate.of("CN=Leaf").rsa().selfSigned();
    RegistrationResponse right = registration(LEAF);
    RegistrationResponse altered = new RegistrationResponse(
        right.userPublicKey(), right.keyHandle(), rsa.der(), right.signature());
    MessageVerifier verifier = verifier(source);
    assertRefused(
        Reason.WRONG_CERTIFICATE_KEY,
        () -> verifier.verify(altered, APP_ID.applicationParameter(), CHALLENGE));
    assertEquals(0, asked);
  }

  @Test
  void aCertificateLongerThanRealOnesIsNotKept() throws Exception {
    MessageVerifier verifier = verifier(source);
    for (int length : new int[] {1_500, 2_500}) {
      TestCertificate padded = TestCertificate.of("CN=Leaf")
          .extension("1.2.3", Samples.repeat(length, 1))
          .signedBy(ROOT);
      asked = 0;
      assertEquals(Trust.TRUSTED, verify(verifier, padded));
      assertEquals(Trust.TRUSTED, verify(verifier, padded));
      assertEquals(length == 1_500 ? 1 : 2, asked);
    }
  }

  @Test
  void theEngineCanBeAskedFor() {
    EcdsaEngine engine = EcdsaEngine.jdk();
    assertSame(engine, new MessageVerifier(engine, source, () -> now).engine());
  }
}
