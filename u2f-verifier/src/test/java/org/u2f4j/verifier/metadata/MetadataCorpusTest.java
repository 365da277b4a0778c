package org.u2f4j.verifier.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.u2f4j.Bytes;
import org.u2f4j.soft.Attestation;
import org.u2f4j.verifier.AttestationCertificate;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.TrustAnswer;
import org.u2f4j.verifier.VerificationException;

/** The blob that the FIDO Alliance published in September 2023, in the folder u2f4j.mds names. */
@EnabledIfSystemProperty(
    named = MetadataCorpusTest.PROPERTY,
    matches = ".+",
    disabledReason = "no folder is named by -D" + MetadataCorpusTest.PROPERTY)
class MetadataCorpusTest {
  static final String PROPERTY = "u2f4j.mds";

  private static final Path BLOB = Path.of(System.getProperty(PROPERTY, ""), "mds3-no31.blob.jwt");
  private static final Instant ISSUED = Instant.parse("2023-09-01T00:00:00Z");
  private static final Instant LATER = Instant.parse("2026-11-22T00:00:00Z");
  private static final MetadataRules STRICT = MetadataRules.STRICT;

  /** A certificate of a Feitian key, from the test data of several servers; not from the blob. */
  private static final String FEITIAN =
      "308201663082010ba003020102020900d79549bd1a67174f300a06082a8648ce3d04030230173115"
          + "301306035504030c0c4654204649444f20303230303020170d3137303632303030303030305a180f"
          + "32303430303530313030303030305a301f311d301b06035504030c144654204649444f2030343330"
          + "30313333433841383059301306072a8648ce3d020106082a8648ce3d03010703420004c0ce4c2b00"
          + "a6311a8564de7aebfbdbd064c65c7d3085e48a885b96d11ad9e0e89a279e2c58dc079364f7dbfd1b"
          + "28d6683694d55bea9d4f6d1cb7eee9492e0501a3363034301d0603551d0e04160414f4b64a68c334"
          + "e901b8e23c6e66e6866c31931f5d3013060b2b0601040182e51c020101040403020430300a06082a"
          + "8648ce3d0403020349003046022100c19418a6c96f6ca8699bacb556775fc067c608f39dc508226a"
          + "a1012b3e9c9c670221008dd32442c7fbc7699b3dab3238938fa1a202f00323cfbae95eca414535a4"
          + "86d9";

  private static VerificationException refuses(Reason reason, MetadataRules rules, Instant at) {
    VerificationException e =
        assertThrows(VerificationException.class, () -> MetadataBlob.verify(BLOB, rules, at));
    assertEquals(reason, e.reason(), e::getMessage);
    return e;
  }

  @Test
  void itPassedWhenItWasIssued() throws Exception {
    long start = System.nanoTime();
    MetadataBlob blob = MetadataBlob.verify(BLOB, STRICT, ISSUED);
    System.out.printf("verified in %d ms%n", (System.nanoTime() - start) / 1_000_000);
    assertEquals(31, blob.serial());
    assertEquals(LocalDate.of(2023, 10, 1), blob.nextUpdate());
    assertEquals(Instant.parse("2024-07-09T20:00:10Z"), blob.signerValidUntil());
    assertEquals(MetadataRules.GLOBALSIGN.get(0), blob.signerPath().get(2));
    assertEquals(List.of(), blob.warnings());
    // counted with another JSON reader
    assertEquals(
        Map.of("fido2", 108L, "u2f", 49L, "uaf", 17L),
        blob.entries().stream()
            .collect(Collectors.groupingBy(MetadataEntry::protocolFamily, Collectors.counting())));
    assertEquals(
        Map.of(
            "FIDO_CERTIFIED", 132L,
            "FIDO_CERTIFIED_L1", 105L,
            "NOT_FIDO_CERTIFIED", 42L,
            "FIDO_CERTIFIED_L2", 16L),
        blob.entries().stream()
            .flatMap(entry -> entry.reports().stream())
            .collect(Collectors.groupingBy(MetadataEntry.Report::status, Collectors.counting())));
    assertEquals(
        251, blob.entries().stream().mapToInt(entry -> entry.roots().size()).sum());
  }

  @Test
  void itNeedsItsOwnRoot() {
    MetadataRules other = STRICT.withRoots(MetadataRules.GLOBALSIGN.subList(1, 2));
    refuses(Reason.UNTRUSTED_METADATA, other, ISSUED);
  }

  @Test
  void itDoesNotPassTodayUnlessThatIsAllowed() throws Exception {
    String signer = "the blob's signing certificates were valid until 2024-07-09T20:00:10Z";
    String stale = "the blob's next update was due on 2023-10-01";
    String cure = ": fetch a newer blob, from https://mds3.fidoalliance.org/";
    assertEquals(
        signer + cure, refuses(Reason.EXPIRED_METADATA_SIGNER, STRICT, LATER).getMessage());
    assertEquals(
        stale + cure,
        refuses(Reason.STALE_METADATA, STRICT.allowExpiredSigner(), LATER).getMessage());
    refuses(Reason.EXPIRED_METADATA_SIGNER, STRICT.allowStale(), LATER);
    MetadataRules allowed = STRICT.allowExpiredSigner().allowStale();
    refuses(Reason.ROLLED_BACK_METADATA, allowed.withLowestSerial(32), LATER);
    assertEquals(
        List.of(signer + ", which was allowed", stale + ", which was allowed"),
        MetadataBlob.verify(BLOB, allowed, LATER).warnings());
  }

  @Test
  void aKeyOfU2fIsFoundInItWithItsRoot() throws Exception {
    MetadataBlob blob = MetadataBlob.verify(BLOB, STRICT, ISSUED);
    AttestationCertificate leaf = AttestationCertificate.decode(Bytes.fromHex(FEITIAN));
    TrustAnswer answer = blob.lookup(List.of(leaf), null);
    assertEquals("Feitian ePass FIDO-NFC Security Key", answer.model());
    assertTrue(answer.icon().startsWith("data:image/"));
    assertTrue(answer.statuses().contains("FIDO_CERTIFIED"), answer::toString);
    assertNull(answer.refusal());
    assertEquals(31L, answer.metadataSerial());
    assertEquals(1, answer.roots().size());
    x509(leaf).verify(x509(answer.roots().get(0)).getPublicKey());
  }

  private static X509Certificate x509(AttestationCertificate certificate) throws Exception {
    return (X509Certificate) CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(certificate.der().toArray()));
  }

  @Test
  void aKeyOfFido2IsFoundInItByItsAaguid() throws Exception {
    MetadataBlob blob = MetadataBlob.verify(BLOB, STRICT, ISSUED);
    List<AttestationCertificate> other =
        List.of(AttestationCertificate.decode(Attestation.test().certificate()));
    // from Yubico's own list of AAGUIDs
    TrustAnswer answer = blob.lookup(other, Bytes.fromHex("2fc0579f811347eab116bb5a8db9202a"));
    assertTrue(answer.model().startsWith("YubiKey 5 Series with NFC"), answer::model);
    assertTrue(answer.statuses().contains("FIDO_CERTIFIED_L1"), answer::toString);
    assertEquals(TrustAnswer.NONE, blob.lookup(other, null));
    assertEquals(TrustAnswer.NONE, blob.lookup(other, Bytes.of(new byte[16])));
  }

  @Test
  void everyEntryIsFoundByWhatItIsKnownBy() throws Exception {
    MetadataBlob blob = MetadataBlob.verify(BLOB, STRICT, ISSUED);
    List<AttestationCertificate> other =
        List.of(AttestationCertificate.decode(Attestation.test().certificate()));
    int found = 0;
    for (MetadataEntry entry : blob.entries()) {
      if (entry.aaguid() != null) {
        assertEquals(entry.name(), blob.lookup(other, entry.aaguid()).model());
        found++;
      }
      for (AttestationCertificate root : entry.roots()) {
        if (entry.keyIdentifiers().contains(root.keyIdentifier())) {
          assertEquals(entry.name(), blob.lookup(List.of(root), null).model());
          found++;
        }
      }
    }
    assertEquals(108 + 5, found);
  }
}
