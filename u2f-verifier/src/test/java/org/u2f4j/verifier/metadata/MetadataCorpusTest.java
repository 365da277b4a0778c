package org.u2f4j.verifier.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
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
    assertEquals(signer, refuses(Reason.EXPIRED_METADATA_SIGNER, STRICT, LATER).getMessage());
    assertEquals(
        stale,
        refuses(Reason.STALE_METADATA, STRICT.allowExpiredSigner(), LATER).getMessage());
    refuses(Reason.EXPIRED_METADATA_SIGNER, STRICT.allowStale(), LATER);
    MetadataRules allowed = STRICT.allowExpiredSigner().allowStale();
    refuses(Reason.ROLLED_BACK_METADATA, allowed.withLowestSerial(32), LATER);
    assertEquals(
        List.of(signer + ", which was allowed", stale + ", which was allowed"),
        MetadataBlob.verify(BLOB, allowed, LATER).warnings());
  }

  @Test
  void keysAreFoundInIt() throws Exception {
    MetadataBlob blob = MetadataBlob.verify(BLOB, STRICT, ISSUED);
    // an entry that lists the attestation certificate itself for a root, so that there is one to
    // ask with
    int asked = 0;
    for (MetadataEntry entry : blob.entries()) {
      for (AttestationCertificate root : entry.roots()) {
        if (entry.keyIdentifiers().contains(root.keyIdentifier())) {
          TrustAnswer answer = blob.lookup(List.of(root), null);
          assertEquals(entry.name(), answer.model());
          assertTrue(answer.roots().contains(root));
          assertNull(answer.refusal());
          assertEquals(31L, answer.metadataSerial());
          asked++;
        }
      }
    }
    System.out.println("asked by key identifier: " + asked);
    assertTrue(asked > 0);
    // AAGUID of "YubiKey 5 Series with NFC" from Yubico's own list of AAGUIDs
    List<AttestationCertificate> any =
        List.of(AttestationCertificate.decode(Attestation.test().certificate()));
    TrustAnswer yubiKey = blob.lookup(any, Bytes.fromHex("2fc0579f811347eab116bb5a8db9202a"));
    assertTrue(yubiKey.model().startsWith("YubiKey 5 Series with NFC"), yubiKey::model);
    assertTrue(yubiKey.icon().startsWith("data:image/"));
    assertEquals(
        List.of("FIDO_CERTIFIED_L1"),
        yubiKey.statuses().stream()
            .distinct()
            .filter("FIDO_CERTIFIED_L1"::equals)
            .toList());
    // published as the key identifier of a batch of "YubiKey NEO"
    assertEquals(
        1,
        blob.entries().stream()
            .filter(entry ->
                entry.keyIdentifiers().contains("6b96167157ed487760701bdf004907d1fe917ee1"))
            .filter(entry -> entry.name().equals("YubiKey NEO"))
            .count());
    assertEquals(TrustAnswer.NONE, blob.lookup(any, null));
  }
}
