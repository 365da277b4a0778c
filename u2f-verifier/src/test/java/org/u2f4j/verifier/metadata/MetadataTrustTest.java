package org.u2f4j.verifier.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.U2fToken;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.soft.Attestation;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.verifier.AttestationCertificate;
import org.u2f4j.verifier.AttestationResult;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.MessageVerifier;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.TrustAnswer;
import org.u2f4j.verifier.VerificationException;
import org.u2f4j.verifier.metadata.TestAuthority.Template;

/** What a blob knows of a certificate. */
class MetadataTrustTest {
  private static final Instant AT = Instant.parse("2026-06-01T12:00:00Z");
  private static final TestAuthority MDS = TestAuthority.root("CN=metadata root");
  private static final TestAuthority SIGNER =
      MDS.issue(new Template("CN=signer").dnsName("mds.fidoalliance.org"));
  private static final MetadataRules RULES =
      MetadataRules.STRICT.withRoots(List.of(MDS.certificate));

  private static final String AAGUID = "ee882879-721c-4913-9775-3dfcce97072a";
  private static final Bytes AAGUID_BYTES =
      Bytes.of(HexFormat.of().parseHex(AAGUID.replace("-", "")));
  private static final TestAuthority MAKER = TestAuthority.root("CN=maker");
  private static final TestAuthority BATCH = MAKER.issue(new Template("CN=batch 1"));
  private static final TestAuthority OTHER_BATCH = MAKER.issue(new Template("CN=batch 2"));
  private static final TestAuthority MODEL =
      MAKER.issue(new Template("CN=model").aaguid(AAGUID_BYTES));

  /** SHA-1 over the 65 bytes of the point, which end the encoding of a P-256 key. */
  private static String keyIdentifier(TestAuthority authority) {
    try {
      byte[] spki = authority.certificate.getPublicKey().getEncoded();
      byte[] point = Arrays.copyOfRange(spki, spki.length - 65, spki.length);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(point));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String entry(String name, String identifiers, String reports, String... roots) {
    return """
        {%s, "statusReports": [%s], "metadataStatement": {"description": "%s",
         "protocolFamily": "u2f", "icon": "data:image/png;base64,AAAA",
         "attestationRootCertificates": [%s]}}
        """.formatted(
            identifiers,
            reports,
            name,
            String.join(",", Arrays.stream(roots).map(root -> '"' + root + '"').toList()));
  }

  private static String keys(TestAuthority... authorities) {
    return "\"attestationCertificateKeyIdentifiers\": ["
        + String.join(
            ",",
            Arrays.stream(authorities).map(a -> '"' + keyIdentifier(a) + '"').toList())
        + "]";
  }

  private static String aaguid() {
    return "\"aaguid\": \"" + AAGUID + "\"";
  }

  private static String report(String status) {
    return "{\"status\": \"" + status + "\", \"effectiveDate\": \"2026-03-04\"}";
  }

  private static MetadataBlob blob(MetadataRules rules, String... entries) {
    String payload =
        "{\"no\":7,\"nextUpdate\":\"2026-07-01\",\"entries\":[" + String.join(",", entries) + "]}";
    try {
      return MetadataBlob.verify(SIGNER.blob("ES256", payload), rules, AT);
    } catch (VerificationException e) {
      throw new AssertionError(e);
    }
  }

  private static MetadataBlob blob(String... entries) {
    return blob(RULES, entries);
  }

  private static TrustAnswer ask(MetadataBlob blob, TestAuthority... chain) {
    return blob.lookup(Arrays.stream(chain).map(TestAuthority::attestation).toList(), null);
  }

  private static AttestationResult register(TestAuthority key, AttestationTrust trust)
      throws Exception {
    return register(key, trust, AT);
  }

  private static AttestationResult register(TestAuthority key, AttestationTrust trust, Instant at)
      throws Exception {
    return register(SoftwareKey.create().withAttestation(key.softAttestation()), trust, at);
  }

  private static AttestationResult register(SoftwareKey key, AttestationTrust trust, Instant at)
      throws Exception {
    RegistrationRequest request = new RegistrationRequest(
        new ChallengeParameter(Bytes.of(new byte[32])),
        new AppId("https://example.com").applicationParameter());
    RegistrationResponse response;
    try (SoftwareKey soft = key) {
      response = new U2fToken(soft).register(request, Deadline.after(Duration.ofMinutes(1)));
    }
    return new MessageVerifier(EcdsaEngine.best(), trust, InstantSource.fixed(at))
        .verify(response, request.application(), request.challenge());
  }

  @Test
  void aKeyOfU2fIsKnownByTheIdentifierOfItsAttestationKey() {
    MetadataBlob blob = blob(
        entry("other", keys(OTHER_BATCH), ""),
        entry(
            "Blue Key",
            keys(BATCH),
            report("FIDO_CERTIFIED") + "," + report("SHINY"),
            MAKER.base64()));
    TrustAnswer answer = ask(blob, BATCH);
    assertEquals(
        new TrustAnswer(
            List.of(MAKER.attestation()),
            null,
            null,
            "Blue Key",
            "data:image/png;base64,AAAA",
            List.of("FIDO_CERTIFIED", "SHINY"),
            7L,
            Instant.parse("2026-07-02T00:00:00Z")),
        answer);
    assertSame(TrustAnswer.NONE, ask(blob, MODEL));
    // any certificate of the chain will do, and identifiers in upper case too
    assertEquals("Blue Key", ask(blob, MODEL, BATCH).model());
    String upper = "\"attestationCertificateKeyIdentifiers\": [\"%s\"]"
        .formatted(keyIdentifier(BATCH).toUpperCase(Locale.ROOT));
    assertEquals("Blue Key", ask(blob(entry("Blue Key", upper, "")), BATCH).model());
  }

  @Test
  void aKeyOfFido2IsKnownByItsAaguid() {
    MetadataBlob blob = blob(entry("Newer Key", aaguid(), "", MAKER.base64()));
    List<AttestationCertificate> plain = List.of(BATCH.attestation());
    assertEquals("Newer Key", blob.lookup(plain, AAGUID_BYTES).model());
    assertSame(TrustAnswer.NONE, blob.lookup(plain, Bytes.of(new byte[16])));
    assertEquals("Newer Key", ask(blob, MODEL).model());
    assertEquals(
        "Newer Key",
        blob.lookup(List.of(MODEL.attestation()), Bytes.of(new byte[16])).model());
  }

  @Test
  void theZeroAaguidIsNobodys() {
    String zero = "\"aaguid\": \"00000000-0000-0000-0000-000000000000\"";
    MetadataBlob blob = blob(entry("everybody", zero, "", MAKER.base64()));
    List<AttestationCertificate> chain = List.of(BATCH.attestation());
    assertSame(TrustAnswer.NONE, blob.lookup(chain, Bytes.of(new byte[16])));
  }

  @Test
  void theAaguidThatTheKeySignedGoesFirstButReportsCountWhereverTheyAre() {
    String certified = entry("by key", keys(MODEL), report("FIDO_CERTIFIED_L1"), MAKER.base64());
    String newer = entry("by AAGUID", aaguid(), report("FIDO_CERTIFIED_L2"), MDS.base64());
    List<AttestationCertificate> chain = List.of(MODEL.attestation());
    TrustAnswer answer = blob(newer, certified).lookup(chain, AAGUID_BYTES);
    assertEquals("by AAGUID", answer.model());
    assertEquals(List.of("FIDO_CERTIFIED_L2"), answer.statuses());
    assertEquals(List.of(MDS.attestation()), answer.roots());
    assertNull(answer.refusal());
    // a key of U2F signs none, and that in its certificate comes after its key
    assertEquals("by key", ask(blob(newer, certified), MODEL).model());
    MetadataBlob revoked = blob(entry("by AAGUID", aaguid(), report("REVOKED")), certified);
    assertEquals(
        "the metadata report REVOKED of 2026-03-04 for by AAGUID",
        ask(revoked, MODEL).refusal());
    MetadataBlob revokedByKey = blob(newer, entry("by key", keys(MODEL), report("REVOKED")));
    assertEquals(
        "the metadata report REVOKED of 2026-03-04 for by key",
        revokedByKey.lookup(chain, AAGUID_BYTES).refusal());
  }

  @Test
  void aCertificateThatAStrangerAppendedMakesNoOtherModelOfAKeyThatNamesItsOwn() {
    String certified =
        entry("Certified Key", keys(BATCH), report("FIDO_CERTIFIED_L2"), MAKER.base64());
    List<AttestationCertificate> padded = List.of(MODEL.attestation(), BATCH.attestation());
    assertSame(TrustAnswer.NONE, blob(certified).lookup(padded, AAGUID_BYTES));
    MetadataBlob both = blob(certified, entry("Newer Key", aaguid(), "", MAKER.base64()));
    assertEquals("Newer Key", both.lookup(padded, AAGUID_BYTES).model());
  }

  @Test
  void twoEntriesForOneKeyAreTakenTogether() {
    MetadataBlob blob = blob(
        entry("first", keys(BATCH), report("FIDO_CERTIFIED"), MAKER.base64()),
        entry("second", keys(BATCH), report("REVOKED"), MDS.base64(), MAKER.base64()));
    TrustAnswer answer = ask(blob, BATCH);
    assertEquals("first", answer.model());
    assertEquals(List.of(MAKER.attestation(), MDS.attestation()), answer.roots());
    assertEquals(List.of("FIDO_CERTIFIED", "REVOKED"), answer.statuses());
    assertEquals("the metadata report REVOKED of 2026-03-04 for second", answer.refusal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REVOKED",
        "ATTESTATION_KEY_COMPROMISE",
        "USER_KEY_REMOTE_COMPROMISE",
        "USER_KEY_PHYSICAL_COMPROMISE"
      })
  void aReportRefusesWhateverCameLater(String status) {
    String reports = report("FIDO_CERTIFIED")
        + ","
        + report(status)
        + ","
        + report("UPDATE_AVAILABLE")
        + ","
        + report("FIDO_CERTIFIED_L2");
    String entry = entry("Blue Key", keys(BATCH), reports, MAKER.base64());
    assertEquals(
        "the metadata report " + status + " of 2026-03-04 for Blue Key",
        ask(blob(entry), BATCH).refusal());
    Set<String> none = Set.of("SOMETHING_NEW");
    assertNull(ask(blob(RULES.refusing(none), entry), BATCH).refusal());
  }

  @Test
  void otherStatusesRefuseOnlyIfTheRulesSaySo() {
    String reports = String.join(
        ",",
        report("NOT_FIDO_CERTIFIED"),
        report("USER_VERIFICATION_BYPASS"),
        report("RETIRED"),
        report("FIPS140_CERTIFIED_L3"),
        report("SHINY"));
    String entry = entry("Blue Key", keys(BATCH), reports);
    assertNull(ask(blob(entry), BATCH).refusal());
    TrustAnswer answer = ask(blob(RULES.refusing(Set.of("SHINY")), entry), BATCH);
    assertEquals("the metadata report SHINY of 2026-03-04 for Blue Key", answer.refusal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"certificate", "batchCertificate"})
  void aCompromiseThatNamesABatchRefusesThatBatchOnly(String member) {
    String named = "{\"status\": \"ATTESTATION_KEY_COMPROMISE\", \"%s\": \"%s\"}"
        .formatted(member, BATCH.base64());
    MetadataBlob blob = blob(entry("Blue Key", keys(BATCH, OTHER_BATCH), named, MAKER.base64()));
    assertEquals(
        "the metadata report ATTESTATION_KEY_COMPROMISE for Blue Key",
        ask(blob, BATCH).refusal());
    assertNull(ask(blob, OTHER_BATCH).refusal());
  }

  /** The tag, length and value of the algorithm behind the signed part, its length in two bytes. */
  @Test
  void aCompromiseThatNamesABatchRefusesItHoweverItsCertificateIsWritten() throws Exception {
    String named = "{\"status\": \"ATTESTATION_KEY_COMPROMISE\", \"certificate\": \"%s\"}"
        .formatted(BATCH.base64());
    MetadataBlob blob = blob(entry("Blue Key", keys(BATCH), named, MAKER.base64()));
    String algorithm = "300a06082a8648ce3d040302";
    String der = BATCH.attestation().der().hex();
    int at = der.lastIndexOf(algorithm);
    assertTrue(at > 0);
    String inner = der.substring(8, at) + "30810a" + der.substring(at + 4);
    Bytes written = Bytes.fromHex("3082%04x".formatted(inner.length() / 2) + inner);
    SoftwareKey soft = SoftwareKey.create()
        .withAttestation(new Attestation(written, BATCH.softAttestation().privateKey()));
    VerificationException refusal =
        assertThrows(VerificationException.class, () -> register(soft, blob, AT));
    assertEquals(Reason.REVOKED_ATTESTATION, refusal.reason());
  }

  @Test
  void aCompromiseThatNamesARootRefusesWhatItIssued() {
    String named = "{\"status\": \"ATTESTATION_KEY_COMPROMISE\", \"certificate\": \"%s\"}"
        .formatted(MAKER.base64());
    TestAuthority second = TestAuthority.root("CN=second root");
    TestAuthority safe = second.issue(new Template("CN=safe"));
    MetadataBlob blob =
        blob(entry("Blue Key", keys(BATCH, safe), named, MAKER.base64(), second.base64()));
    assertTrue(ask(blob, BATCH).refusal() != null);
    assertNull(ask(blob, safe).refusal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"CN=MAKER", "CN=maker"})
  void whoHasTheKeyOfACompromisedRootDoesNotEscapeByWritingItsNameOtherwise(String name)
      throws Exception {
    KeyPair stolen = TestAuthority.ec("secp256r1");
    TestAuthority maker = TestAuthority.root(new Template("CN=maker").keys(stolen));
    TestAuthority thief = TestAuthority.root(new Template(name).keys(stolen));
    String named = "{\"status\": \"ATTESTATION_KEY_COMPROMISE\", \"certificate\": \"%s\"}"
        .formatted(maker.base64());
    MetadataBlob blob = blob(entry("Blue Key", aaguid(), named, maker.base64()));
    TestAuthority forged = thief.issue(new Template(name).aaguid(AAGUID_BYTES));
    VerificationException e =
        assertThrows(VerificationException.class, () -> register(forged, blob));
    assertEquals(Reason.REVOKED_ATTESTATION, e.reason());
  }

  @Test
  void aCompromiseThatNamesASelfSignedCertificateSparesItsNamesakes() {
    TestAuthority one = TestAuthority.root("CN=U2F Key");
    TestAuthority two = TestAuthority.root("CN=U2F Key");
    String named = "{\"status\": \"ATTESTATION_KEY_COMPROMISE\", \"certificate\": \"%s\"}"
        .formatted(one.base64());
    MetadataBlob blob = blob(entry("Blue Key", keys(one, two), named, one.base64(), two.base64()));
    assertTrue(ask(blob, one).refusal() != null);
    assertNull(ask(blob, two).refusal());
  }

  @Test
  void aCompromiseThatNamesSomethingUnreadableIsAboutAll() {
    String named = "{\"status\": \"ATTESTATION_KEY_COMPROMISE\", \"certificate\": \"%s\","
            .formatted(BATCH.base64())
        + " \"batchCertificate\": \"AAAA\"}";
    MetadataBlob blob = blob(entry("Blue Key", keys(BATCH, OTHER_BATCH), named, MAKER.base64()));
    assertTrue(ask(blob, BATCH).refusal() != null);
    assertTrue(ask(blob, OTHER_BATCH).refusal() != null);
    assertEquals(1, blob.warnings().size());
  }

  @Test
  void aCompromiseThatNamesSomebodyWhoseNameCannotBeReadIsAboutAll() {
    String der = MODEL.attestation().der().hex();
    String broken = der.replaceAll("30(..0603550403)", "16$1"); // a text in place of a pair
    assertNotEquals(der, broken);
    String named = "{\"status\": \"ATTESTATION_KEY_COMPROMISE\", \"certificate\": \"%s\"}"
        .formatted(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(broken)));
    MetadataBlob blob = blob(entry("Blue Key", keys(BATCH), named, MAKER.base64()));
    assertTrue(ask(blob, BATCH).refusal() != null);
  }

  @Test
  void aRevocationIsAboutAllWhateverItNames() {
    String named = "{\"status\": \"REVOKED\", \"certificate\": \"%s\"}".formatted(BATCH.base64());
    MetadataBlob blob = blob(entry("Blue Key", keys(BATCH, OTHER_BATCH), named, MAKER.base64()));
    assertTrue(ask(blob, OTHER_BATCH).refusal() != null);
  }

  @Test
  void aBrokenRootIsLeftOutAndTold() {
    String wrapped = MAKER.base64().replaceAll("(.{60})", "$1\\\\n"); // as some stand there
    MetadataBlob blob = blob(
        entry("other", keys(MODEL), ""),
        entry("Blue Key", keys(BATCH), "", "AAAA", "%%%", wrapped));
    assertEquals(List.of(MAKER.attestation()), ask(blob, BATCH).roots());
    assertEquals(2, blob.warnings().size());
    for (String warning : blob.warnings()) {
      assertTrue(
          warning.startsWith(
              "entries[1]: a certificate in \"attestationRootCertificates\" was left out: "),
          warning);
    }
  }

  @Test
  void aReportsDateThatIsNoneIsLeftOutAndTold() {
    String report = "{\"status\": \"REVOKED\", \"effectiveDate\": \"yesterday\"}";
    MetadataBlob blob = blob(entry("Blue Key", keys(BATCH), report));
    assertEquals("the metadata report REVOKED for Blue Key", ask(blob, BATCH).refusal());
    assertEquals(
        List.of("entries[0]: \"effectiveDate\" is not a date and was left out"), blob.warnings());
  }

  @Test
  void oneRootOfManyEntriesIsKeptOnce() {
    MetadataBlob blob = blob(
        entry("one", keys(BATCH), "", MAKER.base64()),
        entry("two", keys(OTHER_BATCH), "", MAKER.base64()));
    assertSame(
        blob.entries().get(0).roots().get(0), blob.entries().get(1).roots().get(0));
  }

  @Test
  void aRegistrationIsTrustedByMetadata() throws Exception {
    MetadataBlob good =
        blob(entry("Blue Key", keys(BATCH), report("FIDO_CERTIFIED"), MAKER.base64()));
    AttestationResult result = register(BATCH, good);
    assertEquals(AttestationResult.Trust.TRUSTED, result.trust());
    assertEquals("Blue Key", result.model());
    assertEquals(7L, result.metadataSerial());
    // the very certificate may stand for a root
    MetadataBlob pinned = blob(entry("Blue Key", keys(BATCH), "", BATCH.base64()));
    assertEquals(AttestationResult.Trust.TRUSTED, register(BATCH, pinned).trust());
  }

  @Test
  void aBlobThatBecomesStaleIsNotTrustedAnyMoreUnlessThatIsAllowed() throws Exception {
    String entry = entry("Blue Key", keys(BATCH), "", MAKER.base64());
    Instant next = Instant.parse("2026-07-02T00:00:00Z");
    VerificationException e =
        assertThrows(VerificationException.class, () -> register(BATCH, blob(entry), next));
    assertEquals(Reason.STALE_METADATA, e.reason());
    assertEquals(
        "the attestation is not trusted: what the source knows was good until 2026-07-02T00:00:00Z:"
            + " make a new relying party with newer metadata",
        e.getMessage());
    MetadataBlob allowed = blob(RULES.allowStale(), entry);
    assertEquals(AttestationResult.Trust.TRUSTED, register(BATCH, allowed, next).trust());
  }

  @Test
  void aRegistrationIsRefusedByMetadata() throws Exception {
    MetadataBlob revoked = blob(entry("Blue Key", keys(BATCH), report("REVOKED"), MAKER.base64()));
    VerificationException e =
        assertThrows(VerificationException.class, () -> register(BATCH, revoked));
    assertEquals(Reason.REVOKED_ATTESTATION, e.reason());
    assertEquals(
        AttestationResult.Trust.REVOKED, register(BATCH, revoked.recordOnly()).trust());
    // known by its key, but none of the roots vouches for it
    MetadataBlob otherRoot = blob(entry("Blue Key", keys(BATCH), "", MDS.base64()));
    e = assertThrows(VerificationException.class, () -> register(BATCH, otherRoot));
    assertEquals(Reason.UNTRUSTED_ATTESTATION, e.reason());
  }
}
