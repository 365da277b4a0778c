package org.u2f4j.verifier.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.verifier.AttestationCertificate;
import org.u2f4j.verifier.Fuzzing;
import org.u2f4j.verifier.TrustAnswer;
import org.u2f4j.verifier.VerificationException;
import org.u2f4j.verifier.metadata.TestAuthority.Template;

/**
 * Takes an input for a blob, for the header of one, and for its payload. A payload that nobody signed
 * would not be reached: there it goes in behind the signature.
 */
class MetadataBlobFuzz extends Fuzzing {
  private static final Instant AT = Instant.parse("2026-06-01T12:00:00Z");
  private static final TestAuthority ROOT = TestAuthority.root("CN=root");
  private static final TestAuthority SIGNER =
      ROOT.issue(new Template("CN=signer").dnsName("mds.fidoalliance.org"));
  private static final MetadataRules RULES =
      MetadataRules.STRICT.withRoots(List.of(ROOT.certificate));
  private static final MetadataSigner NOBODY =
      new MetadataSigner(List.of(), Instant.MIN, Instant.MAX);
  private static final Bytes AAGUID = Bytes.concat(Bytes.of(new byte[15]), Bytes.of((byte) 1));

  static Stream<byte[]> seeds() {
    String entry = """
        {"attestationCertificateKeyIdentifiers": ["%s"], "aaid": "1234#5678",
         "aaguid": "00000000-0000-0000-0000-000000000001", "statusReports": [
           {"status": "FIDO_CERTIFIED_L1", "effectiveDate": "2026-01-01", "x": [1.5e3]},
           {"status": "ATTESTATION_KEY_COMPROMISE", "certificate": "%s", "batchCertificate": "AA"}],
         "metadataStatement": {"description": "Key", "protocolFamily": "u2f", "icon": null,
           "attestationRootCertificates": ["%2$s"]}}
        """.formatted(SIGNER.attestation().keyIdentifier(), SIGNER.base64());
    String payload =
        "{\"no\":7,\"nextUpdate\":\"2026-07-01\",\"entries\":[" + entry + "," + entry + "]}";
    String header = SIGNER.header("ES256", ROOT.certificate);
    return Stream.of(
        payload.getBytes(UTF_8),
        header.getBytes(UTF_8),
        SIGNER.blob("ES256", "{\"no\":7,\"nextUpdate\":\"2026-07-01\",\"entries\":[]}"),
        "{\"no\":1,\"nextUpdate\":\"2026-07-01\",\"entries\":[]}".getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    verify(input);
    verify((TestAuthority.base64Url(input) + ".e30.AAAA").getBytes(US_ASCII));
    try {
      MetadataPayload payload = MetadataPayload.parse(input);
      MetadataBlob blob = MetadataBlob.accept(payload, NOBODY, RULES, AT, new ArrayList<>());
      ask(blob);
    } catch (FormatException | VerificationException e) {
      // the only ways to refuse
    }
  }

  private static void verify(byte[] blob) {
    try {
      MetadataBlob.verify(blob, RULES, AT);
    } catch (VerificationException e) {
      assertNotNull(e.getMessage());
    }
  }

  private static void ask(MetadataBlob blob) {
    List<AttestationCertificate> chain = List.of(SIGNER.attestation());
    TrustAnswer byAaguid = blob.lookup(chain, AAGUID);
    TrustAnswer byKey = blob.lookup(chain, null);
    for (MetadataEntry entry : blob.entries()) {
      assertNotNull(entry.name());
      assertNotNull(entry.reports().toString());
      if (AAGUID.equals(entry.aaguid())) {
        assertEquals(blob.serial(), byAaguid.metadataSerial());
      }
      if (entry.keyIdentifiers().contains(chain.get(0).keyIdentifier())) {
        assertEquals(blob.serial(), byKey.metadataSerial());
      }
    }
  }
}
