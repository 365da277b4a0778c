package org.u2f4j.verifier.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.Bytes;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.VerificationException;
import org.u2f4j.verifier.metadata.TestAuthority.Template;

/** What is checked of a blob before anybody may ask it. */
class MetadataBlobTest {
  private static final String NAME = "mds.fidoalliance.org";
  private static final Instant AT = Instant.parse("2026-06-01T12:00:00Z");
  private static final String PAYLOAD = "{\"no\":7,\"nextUpdate\":\"2026-07-01\",\"entries\":[]}";

  private static final TestAuthority ROOT = TestAuthority.root("CN=root");
  private static final TestAuthority BETWEEN = ROOT.issue(new Template("CN=between").authority());
  private static final TestAuthority SIGNER = BETWEEN.issue(signer());
  private static final MetadataRules RULES =
      MetadataRules.STRICT.withRoots(List.of(ROOT.certificate));

  private static Template signer() {
    return new Template("CN=signer").dnsName(NAME).usage(KeyUsage.digitalSignature);
  }

  private static byte[] blob(String payload) {
    return SIGNER.blob("ES256", payload, BETWEEN.certificate);
  }

  private static VerificationException refuses(Reason reason, byte[] blob, MetadataRules rules) {
    return refuses(reason, blob, rules, AT);
  }

  private static VerificationException refuses(
      Reason reason, byte[] blob, MetadataRules rules, Instant at) {
    VerificationException e = assertThrows(
        VerificationException.class, () -> MetadataBlob.verify(Bytes.of(blob), rules, at));
    assertEquals(reason, e.reason(), e::getMessage);
    return e;
  }

  private static void malformed(String blob) {
    refuses(Reason.MALFORMED_METADATA, blob.getBytes(US_ASCII), RULES);
  }

  @Test
  void aBlobIsReadWithWhatItSaysOfItself(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("blob.jwt");
    Files.write(file, blob(PAYLOAD));
    MetadataBlob blob = MetadataBlob.verify(file, RULES, AT);
    assertEquals(7, blob.serial());
    assertEquals(LocalDate.of(2026, 7, 1), blob.nextUpdate());
    assertEquals(Instant.parse("2026-07-02T00:00:00Z"), blob.validUntil());
    assertEquals(TestAuthority.UNTIL, blob.signerValidUntil());
    assertEquals(
        List.of(SIGNER.certificate, BETWEEN.certificate, ROOT.certificate), blob.signerPath());
    assertEquals(List.of(), blob.warnings());
    assertEquals(List.of(), blob.entries());
  }

  @Test
  void aFileMayEndWithALineBreak() throws Exception {
    String text = new String(blob(PAYLOAD), US_ASCII);
    assertEquals(
        7, MetadataBlob.verify((text + "\r\n").getBytes(US_ASCII), RULES, AT).serial());
    malformed(text + " ");
  }

  @Test
  void theRootsThatAreShippedAreThePublishedOnes() throws Exception {
    // https://secure.globalsign.com/cacert/root-r3.crt and rootr46.crt; also in Mozilla's list
    assertEquals(
        List.of(
            "cbb522d7b7f127ad6a0113865bdf1cd4102e7d0759af635a7cf4720dc963c53b 2029-03-18T10:00:00Z",
            "4fa3126d8d3a11d1c4855a4f807cbad6cf919d3a5a88b03bea2c6372d93c40c9 2046-03-20T00:00:00Z"),
        List.of(shown(0), shown(1)));
    assertEquals(2, MetadataRules.STRICT.roots().size());
  }

  private static String shown(int i) throws Exception {
    X509Certificate root = MetadataRules.GLOBALSIGN.get(i);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(root.getEncoded()))
        + " "
        + root.getNotAfter().toInstant();
  }

  @Test
  void signaturesAreRs256OrEs256() throws Exception {
    TestAuthority rsa = BETWEEN.issue(signer().keys(TestAuthority.rsa(2048)));
    byte[] rs256 = rsa.blob("RS256", PAYLOAD, BETWEEN.certificate);
    assertEquals(7, MetadataBlob.verify(rs256, RULES, AT).serial());
    assertEquals(7, MetadataBlob.verify(blob(PAYLOAD), RULES, AT).serial());
    // what the header says has to fit the key
    byte[] es256 = rsa.sign(rsa.header("ES256", BETWEEN.certificate), PAYLOAD, "RS256");
    refuses(Reason.MALFORMED_METADATA, es256, RULES);
    byte[] rsForEc = SIGNER.sign(SIGNER.header("RS256", BETWEEN.certificate), PAYLOAD, "ES256");
    refuses(Reason.MALFORMED_METADATA, rsForEc, RULES);
    // ES256 is 64 bytes, not DER, and on P-256
    byte[] der =
        SIGNER.sign(SIGNER.header("ES256", BETWEEN.certificate), PAYLOAD, "SHA256withECDSA");
    refuses(Reason.MALFORMED_METADATA, der, RULES);
    TestAuthority p384 = BETWEEN.issue(signer().keys(TestAuthority.ec("secp384r1")));
    refuses(Reason.MALFORMED_METADATA, p384.blob("ES256", PAYLOAD, BETWEEN.certificate), RULES);
    TestAuthority small = BETWEEN.issue(signer().keys(TestAuthority.rsa(1024)));
    refuses(Reason.MALFORMED_METADATA, small.blob("RS256", PAYLOAD, BETWEEN.certificate), RULES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "HS256", "RS384", "PS256", "ES384", "EdDSA", "", "es256"})
  void noOtherAlgorithmWillDo(String algorithm) {
    String header = SIGNER.header(algorithm, BETWEEN.certificate);
    String signed = new String(SIGNER.sign(header, PAYLOAD, "ES256"), US_ASCII);
    malformed(signed);
    malformed(signed.substring(0, signed.lastIndexOf('.') + 1));
  }

  @Test
  void whatIsSignedCannotBeAltered() throws Exception {
    byte[] blob = blob(PAYLOAD);
    String text = new String(blob, US_ASCII);
    String higher = PAYLOAD.replace(":7,", ":8,");
    String payload = TestAuthority.base64Url(PAYLOAD.getBytes(UTF_8));
    malformed(text.replace(payload, TestAuthority.base64Url(higher.getBytes(UTF_8))));
    String header = text.substring(0, text.indexOf('.'));
    malformed(text.replace(header, header + "IA")); // a space behind it
    byte[] other = blob.clone();
    other[text.lastIndexOf('.') + 3] ^= 1;
    refuses(Reason.MALFORMED_METADATA, other, RULES);
    byte[] another = TestAuthority.root("CN=other")
        .sign(SIGNER.header("ES256", BETWEEN.certificate), PAYLOAD, "ES256");
    refuses(Reason.MALFORMED_METADATA, another, RULES);
  }

  @Test
  void theFormIsThreePartsWithoutPadding() {
    String text = new String(blob(PAYLOAD), US_ASCII);
    malformed("");
    malformed(".");
    malformed("..");
    malformed(text.substring(0, text.lastIndexOf('.')));
    malformed(text + ".");
    malformed(text + "==");
    malformed(text.replaceFirst("\\.", "=."));
    malformed(text.substring(0, 100) + "+" + text.substring(101));
    malformed("{\"no\":7}");
    refuses(Reason.MALFORMED_METADATA, new byte[MetadataBlob.MAX_LENGTH + 1], RULES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"alg\":\"ES256\"}",
        "{\"alg\":\"ES256\",\"x5u\":\"https://example.com/\"}",
        "{\"alg\":\"ES256\",\"x5c\":[]}",
        "{\"alg\":\"ES256\",\"x5c\":\"AAAA\"}",
        "{\"alg\":\"ES256\",\"x5c\":[1]}",
        "{\"alg\":\"ES256\",\"x5c\":[\"AAAA\"]}",
        "{\"alg\":\"ES256\",\"x5c\":[\"not base64\"]}",
        "{\"alg\":\"ES256\",\"alg\":\"none\",\"x5c\":[\"AAAA\"]}"
      })
  void aHeaderHasAnAlgorithmAndCertificates(String header) {
    refuses(Reason.MALFORMED_METADATA, SIGNER.sign(header, PAYLOAD, "ES256"), RULES);
  }

  @Test
  void aCriticalExtensionIsRefused() {
    String header = SIGNER
        .header("ES256", BETWEEN.certificate)
        .replace("\"typ\"", "\"crit\":[\"exp\"],\"exp\":1,\"typ\"");
    refuses(Reason.MALFORMED_METADATA, SIGNER.sign(header, PAYLOAD, "ES256"), RULES);
  }

  @Test
  void atMostEightCertificatesAreLookedAt() throws Exception {
    X509Certificate[] seven = {
      BETWEEN.certificate,
      ROOT.certificate,
      ROOT.certificate,
      ROOT.certificate,
      ROOT.certificate,
      ROOT.certificate,
      ROOT.certificate
    };
    assertEquals(
        7, MetadataBlob.verify(SIGNER.blob("ES256", PAYLOAD, seven), RULES, AT).serial());
    X509Certificate[] eight = Arrays.copyOf(seven, 8);
    eight[7] = ROOT.certificate;
    refuses(Reason.MALFORMED_METADATA, SIGNER.blob("ES256", PAYLOAD, eight), RULES);
  }

  @Test
  void theSignerLeadsToARoot() {
    byte[] blob = blob(PAYLOAD);
    refuses(Reason.UNTRUSTED_METADATA, blob, MetadataRules.STRICT);
    refuses(Reason.UNTRUSTED_METADATA, blob, RULES.withRoots(List.of()));
    TestAuthority namesake = TestAuthority.root("CN=root");
    refuses(Reason.UNTRUSTED_METADATA, blob, RULES.withRoots(List.of(namesake.certificate)));
    // the certificate between is missing, or is no authority
    refuses(Reason.UNTRUSTED_METADATA, SIGNER.blob("ES256", PAYLOAD), RULES);
    TestAuthority noAuthority = ROOT.issue(new Template("CN=no authority"));
    refuses(
        Reason.UNTRUSTED_METADATA,
        noAuthority.issue(signer()).blob("ES256", PAYLOAD, noAuthority.certificate),
        RULES);
    // whoever signs for themselves
    TestAuthority self = TestAuthority.root(signer());
    refuses(Reason.UNTRUSTED_METADATA, self.blob("ES256", PAYLOAD), RULES);
  }

  @Test
  void theSignerHasTheNameAndMaySign() throws Exception {
    TestAuthority other = BETWEEN.issue(signer().dnsName("mds.fidoalliance.org.example.com"));
    byte[] blob = other.blob("ES256", PAYLOAD, BETWEEN.certificate);
    VerificationException e = refuses(Reason.UNTRUSTED_METADATA, blob, RULES);
    assertEquals("the signer is CN=signer, not mds.fidoalliance.org", e.getMessage());
    assertEquals(7, MetadataBlob.verify(blob, RULES.withSignerName(null), AT).serial());
    MetadataRules named = RULES.withSignerName("MDS.fidoalliance.ORG.example.com");
    assertEquals(7, MetadataBlob.verify(blob, named, AT).serial());
    // a common name is not enough
    TestAuthority common = BETWEEN.issue(new Template("CN=" + NAME));
    refuses(Reason.UNTRUSTED_METADATA, common.blob("ES256", PAYLOAD, BETWEEN.certificate), RULES);
    TestAuthority cipher = BETWEEN.issue(signer().usage(KeyUsage.keyEncipherment));
    refuses(Reason.UNTRUSTED_METADATA, cipher.blob("ES256", PAYLOAD, BETWEEN.certificate), RULES);
  }

  /** As blobs are since August 2026: the newer root is in the header, signed by the older one. */
  @Test
  void oneOfTwoRootsIsEnoughWhenOneVouchesForTheOther() throws Exception {
    TestAuthority older = TestAuthority.root("CN=older");
    byte[] blob =
        SIGNER.blob("ES256", PAYLOAD, BETWEEN.certificate, ROOT.crossSigned(older).certificate);
    assertEquals(3, MetadataBlob.verify(blob, RULES, AT).signerPath().size());
    MetadataRules onlyOlder = RULES.withRoots(List.of(older.certificate));
    assertEquals(4, MetadataBlob.verify(blob, onlyOlder, AT).signerPath().size());
    MetadataRules both = RULES.withRoots(List.of(older.certificate, ROOT.certificate));
    assertEquals(3, MetadataBlob.verify(blob, both, AT).signerPath().size());
  }

  @Test
  void aWayThatHoldsIsPreferredToOneThatIsExpired() throws Exception {
    Template expired =
        new Template("CN=root").valid(TestAuthority.FROM, Instant.parse("2026-02-01T00:00:00Z"));
    KeyPair keys = TestAuthority.ec("secp256r1");
    TestAuthority shorter = TestAuthority.root(expired.keys(keys));
    TestAuthority longer = TestAuthority.root("CN=longer");
    TestAuthority signer = shorter.issue(signer());
    byte[] blob = signer.blob("ES256", PAYLOAD, shorter.crossSigned(longer).certificate);
    MetadataRules both = RULES.withRoots(List.of(shorter.certificate, longer.certificate));
    assertEquals(List.of(), MetadataBlob.verify(blob, both, AT).warnings());
    refuses(Reason.EXPIRED_METADATA_SIGNER, blob, RULES.withRoots(List.of(shorter.certificate)));
  }

  @Test
  void rootsAreAddedFromFiles(@TempDir Path folder) throws Exception {
    Path der = folder.resolve("root.der");
    Files.write(der, ROOT.certificate.getEncoded());
    Path pem = folder.resolve("root.pem");
    Files.writeString(
        pem,
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(ROOT.certificate.getEncoded())));
    assertEquals(RULES, RULES.addRoots(der)); // which is there already
    for (Path file : List.of(der, pem)) {
      MetadataRules rules = MetadataRules.STRICT.addRoots(file);
      assertEquals(3, rules.roots().size());
      assertEquals(7, MetadataBlob.verify(blob(PAYLOAD), rules, AT).serial());
    }
    Path empty = Files.createFile(folder.resolve("empty"));
    assertThrows(IOException.class, () -> RULES.addRoots(empty));
    Path text = Files.writeString(folder.resolve("text"), "no certificate");
    assertThrows(IOException.class, () -> RULES.addRoots(text));
  }

  @Test
  void anExpiredSignerIsRefusedUnlessThatIsAllowed() throws Exception {
    byte[] blob = blob(PAYLOAD.replace("2026-07", "2027-07"));
    Instant later = TestAuthority.UNTIL.plusSeconds(1);
    assertEquals(
        List.of(), MetadataBlob.verify(blob, RULES, TestAuthority.UNTIL).warnings());
    VerificationException e = refuses(Reason.EXPIRED_METADATA_SIGNER, blob, RULES, later);
    String message = "the blob's signing certificates were valid until 2026-12-31T00:00:00Z";
    assertEquals(
        message + ": fetch a newer blob, from https://mds3.fidoalliance.org/", e.getMessage());
    assertEquals(
        List.of(message + ", which was allowed"),
        MetadataBlob.verify(blob, RULES.allowExpiredSigner(), later).warnings());
  }

  @Test
  void whatIsExpiredStillHasToBeRight() {
    Instant later = TestAuthority.UNTIL.plusSeconds(1);
    MetadataRules allowed = RULES.allowExpiredSigner();
    byte[] altered = blob(PAYLOAD);
    altered[altered.length - 3] ^= 1;
    refuses(Reason.MALFORMED_METADATA, altered, allowed, later);
    TestAuthority namesake = TestAuthority.root("CN=root");
    MetadataRules other = allowed.withRoots(List.of(namesake.certificate));
    refuses(Reason.UNTRUSTED_METADATA, blob(PAYLOAD), other, later);
  }

  @Test
  void certificatesThatWereNeverValidAtOneTimeAreNoWayToARoot() {
    Instant march = Instant.parse("2026-03-01T00:00:00Z");
    Instant april = Instant.parse("2026-04-01T00:00:00Z");
    TestAuthority early =
        TestAuthority.root(new Template("CN=root").valid(TestAuthority.FROM, march));
    MetadataRules rules = RULES.withRoots(List.of(early.certificate)).allowExpiredSigner();
    byte[] late = early.issue(signer().valid(april, TestAuthority.UNTIL)).blob("ES256", PAYLOAD);
    refuses(Reason.UNTRUSTED_METADATA, late, rules);
    TestAuthority between =
        early.issue(new Template("CN=between").authority().valid(april, TestAuthority.UNTIL));
    byte[] both = between.issue(signer()).blob("ES256", PAYLOAD, between.certificate);
    refuses(Reason.UNTRUSTED_METADATA, both, rules);
  }

  @Test
  void aSignerThatIsNotYetValidIsNeverAllowed() {
    Instant earlier = TestAuthority.FROM.minusSeconds(1);
    VerificationException e =
        refuses(Reason.EXPIRED_METADATA_SIGNER, blob(PAYLOAD), RULES.allowExpiredSigner(), earlier);
    assertEquals(
        "the blob's signing certificates are valid only from 2026-01-01T00:00:00Z", e.getMessage());
  }

  @Test
  void aStaleBlobIsRefusedUnlessThatIsAllowed() throws Exception {
    Instant last = Instant.parse("2026-07-01T23:59:59Z");
    Instant next = Instant.parse("2026-07-02T00:00:00Z");
    assertEquals(List.of(), MetadataBlob.verify(blob(PAYLOAD), RULES, last).warnings());
    VerificationException e = refuses(Reason.STALE_METADATA, blob(PAYLOAD), RULES, next);
    String message = "the blob's next update was due on 2026-07-01";
    assertEquals(
        message + ": fetch a newer blob, from https://mds3.fidoalliance.org/", e.getMessage());
    MetadataBlob blob = MetadataBlob.verify(blob(PAYLOAD), RULES.allowStale(), next);
    assertEquals(List.of(message + ", which was allowed"), blob.warnings());
    assertEquals(next, blob.validUntil());
  }

  @Test
  void theSerialNumberNeverGoesDown() throws Exception {
    for (long seen : new long[] {0, 6, 7}) {
      MetadataRules rules = RULES.withLowestSerial(seen);
      assertEquals(7, MetadataBlob.verify(blob(PAYLOAD), rules, AT).serial());
    }
    MetadataRules eight = RULES.withLowestSerial(8).allowStale().allowExpiredSigner();
    VerificationException e = refuses(Reason.ROLLED_BACK_METADATA, blob(PAYLOAD), eight);
    assertEquals("the blob's serial number is 7, but 8 was seen before", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}",
        "[]",
        "{'no':7,'nextUpdate':'2026-07-01'}",
        "{'no':7,'entries':[]}",
        "{'nextUpdate':'2026-07-01','entries':[]}",
        "{'no':'7','nextUpdate':'2026-07-01','entries':[]}",
        "{'no':7.0,'nextUpdate':'2026-07-01','entries':[]}",
        "{'no':-7,'nextUpdate':'2026-07-01','entries':[]}",
        "{'no':9223372036854775808,'nextUpdate':'2026-07-01','entries':[]}",
        "{'no':7,'nextUpdate':'soon','entries':[]}",
        "{'no':7,'nextUpdate':'2026-02-30','entries':[]}",
        "{'no':7,'nextUpdate':'+999999999-12-31','entries':[]}",
        "{'no':7,'nextUpdate':20260701,'entries':[]}",
        "{'no':7,'nextUpdate':'2026-07-01','entries':{}}",
        "{'no':7,'nextUpdate':'2026-07-01','entries':[1]}",
        "{'no':7,'nextUpdate':'2026-07-01','entries':[[]]}",
        "{'no':7,'nextUpdate':'2026-07-01','entries':[]} {}",
        "{'no':7,'nextUpdate':'2026-07-01','entries':[]",
        "{'no':7,'no':7,'nextUpdate':'2026-07-01','entries':[]}",
        "{'no':7,'nextUpdate':'2026-07-01','entries':[],'x':{'a':1,'a':1}}",
      })
  void aPayloadHasWhatMatters(String payload) {
    refuses(Reason.MALFORMED_METADATA, blob(payload.replace('\'', '"')), RULES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}",
        "{'statusReports':null, 'aaguid':1}",
        "{'statusReports':{}}",
        "{'statusReports':['REVOKED']}",
        "{'statusReports':[{}]}",
        "{'statusReports':[{'status':1}]}",
        "{'statusReports':[{'status':null}]}",
        "{'statusReports':[{'status':'REVOKED','certificate':1}]}",
        "{'statusReports':[],'aaguid':'00'}",
        "{'statusReports':[],'aaguid':'zz000000-0000-0000-0000-000000000001'}",
        "{'statusReports':[],'attestationCertificateKeyIdentifiers':'00'}",
        "{'statusReports':[],'attestationCertificateKeyIdentifiers':[null]}",
        "{'statusReports':[],'metadataStatement':'e30='}",
        "{'statusReports':[],'metadataStatement':{'description':{}}}",
        "{'statusReports':[],'metadataStatement':{'icon':[]}}",
        "{'statusReports':[],'metadataStatement':{'attestationRootCertificates':[[]]}}",
      })
  void anEntryHasWhatMatters(String entry) {
    String payload = PAYLOAD.replace("[]", "[" + entry.replace('\'', '"') + "]");
    VerificationException e = refuses(Reason.MALFORMED_METADATA, blob(payload), RULES);
    assertTrue(e.getMessage().contains("entries[0]: "), e::getMessage);
  }

  @Test
  void whatNobodyKnowsIsPassedOver() throws Exception {
    String payload = """
        {"x": [{"y": [null, 1e9, true]}], "legalHeader": 1, "no": 7, "nextUpdate": "2026-07-01",
         "entries": [{"z": {"aaguid": 1}, "aaguid": null, "aaid": null, "statusReports":
           [{"status": "SHINY", "effectiveDate": null, "certificate": null, "more": [1]}],
           "metadataStatement": {"description": null, "icon": null, "protocolFamily": "quantum"}}]}
        """;
    MetadataBlob blob = MetadataBlob.verify(blob(payload), RULES, AT);
    MetadataEntry entry = blob.entries().get(0);
    assertEquals("quantum", entry.protocolFamily());
    assertEquals("SHINY", entry.reports().get(0).toString());
    assertEquals(List.of(), blob.warnings());
  }

  @Test
  void depthAndLengthAreLimited() throws Exception {
    String deep = "[".repeat(30) + "]".repeat(30);
    String member = PAYLOAD.replace("{", "{\"x\":%s,");
    assertEquals(7, MetadataBlob.verify(blob(member.formatted(deep)), RULES, AT).serial());
    refuses(Reason.MALFORMED_METADATA, blob(member.formatted("[[[" + deep + "]]]")), RULES);
    refuses(Reason.MALFORMED_METADATA, blob(member.formatted("[".repeat(100_000))), RULES);
    String longest = "\"" + "x".repeat((4 << 20) - 1) + "\"";
    assertEquals(
        7, MetadataBlob.verify(blob(member.formatted(longest)), RULES, AT).serial());
    String icon = PAYLOAD.replace(
        "[]",
        "[{\"statusReports\":[],\"metadataStatement\":{\"icon\":\"%s\"}}]"
            .formatted("x".repeat((4 << 20) + 1)));
    refuses(Reason.MALFORMED_METADATA, blob(icon), RULES);
  }
}
