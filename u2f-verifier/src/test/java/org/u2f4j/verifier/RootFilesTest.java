package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.Bytes;

class RootFilesTest {
  private static final TestCertificate ONE =
      TestCertificate.of("CN=One").authority(0).selfSigned();
  private static final TestCertificate TWO =
      TestCertificate.of("CN=Two").authority(0).selfSigned();

  @TempDir
  private Path folder;

  static String pem(TestCertificate certificate) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(certificate.der().toArray())
        + "\n-----END CERTIFICATE-----\n";
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Path write(String name, Bytes bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes.toArray());
  }

  private static List<String> roots(Path path) throws IOException {
    return AttestationTrust.rootsIn(path).lookup(List.of(ONE.decoded()), null).roots().stream()
        .map(AttestationCertificate::subject)
        .toList();
  }

  @Test
  void aFileHasOneCertificateInDerOrAnyNumberInPem() throws Exception {
    assertEquals(List.of("CN=One"), roots(write("one", ONE.der())));
    assertEquals(List.of("CN=One"), roots(write("one.pem", pem(ONE))));
    String both = "0 s:CN=One\n" + pem(ONE) + "\ncomment - ----\n" + pem(TWO).replace("\n", "\r\n");
    assertEquals(List.of("CN=One", "CN=Two"), roots(write("both.pem", both)));
    assertEquals(
        List.of("CN=One"),
        roots(write("trusted.pem", pem(ONE).replace("CERTIFICATE", "TRUSTED CERTIFICATE"))));
    Path yubico = write(
        "yubico",
        "-----BEGIN CERTIFICATE-----"
            + Base64.getEncoder().encodeToString(Vectors.yubicoRoot().toArray())
            + "-----END CERTIFICATE-----");
    assertEquals(List.of("CN=Yubico U2F Root CA Serial 457200631"), roots(yubico));
  }

  @Test
  void aFolderIsReadByTheNamesOfItsFiles() throws Exception {
    write("b.CRT", ONE.der());
    write("a.pem", pem(TWO));
    write("readme.txt", "no certificate");
    Files.createDirectory(folder.resolve("more"));
    assertEquals(List.of("CN=Two", "CN=One"), roots(folder));
    write("c.cer", pem(ONE) + pem(TWO));
    write("d.der", ONE.der());
    assertEquals(5, roots(folder).size());
    IOException refusal = assertThrows(IOException.class, () -> roots(folder.resolve("more")));
    assertTrue(refusal.getMessage().contains("more"), refusal.getMessage());
  }

  @Test
  void oneCertificateThatDoesNotParseSpoilsTheFileAndTheFileIsNamed() throws Exception {
    String right = pem(TWO);
    List<String> spoilt = List.of(
        "",
        "no certificate",
        pem(ONE).replace("CERTIFICATE", "PUBLIC KEY"),
        pem(ONE).replace("\nMII", "\nMI*"),
        pem(ONE).replace("\nMII", "\nM-I"),
        pem(ONE).replace("\nMII", "\nProc-Type: 4\nMII"),
        pem(ONE).replace("\nMII", "\nAAA"),
        pem(ONE).replace("=", "").replace("\nMII", "\nMIIA"),
        pem(ONE).replace("-----END CERTIFICATE-----", ""),
        pem(ONE).replace("-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----"));
    for (String text : spoilt) {
      List<String> files = text.contains("BEGIN CERTIFICATE")
          ? List.of(text, right + text, text + right)
          : List.of(text);
      for (String content : files) {
        Path file = write("roots.pem", content);
        IOException refusal = assertThrows(IOException.class, () -> roots(file), content);
        assertTrue(refusal.getMessage().contains("roots.pem"), refusal.getMessage());
      }
    }
    for (Bytes der :
        List.of(ONE.der().slice(0, 200), Bytes.concat(ONE.der(), ONE.der()), Samples.hex("3000"))) {
      Path file = write("roots.der", der);
      assertThrows(IOException.class, () -> roots(file));
    }
  }

  @Test
  void aFileHas4MebibytesAtMost() throws Exception {
    Path file = write("large.pem", pem(ONE));
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.setLength(4 << 20);
      assertEquals(List.of("CN=One"), roots(file));
      content.setLength((4 << 20) + 1);
    }
    IOException refusal = assertThrows(IOException.class, () -> roots(file));
    assertTrue(refusal.getMessage().contains("large.pem is longer than 4 MiB"));
    assertThrows(IOException.class, () -> roots(folder.resolve("missing")));
  }

  private static Certificate jdk(TestCertificate certificate) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(certificate.der().toArray()));
  }

  @Test
  void aKeyStoresCertificatesAreRoots() throws Exception {
    KeyStore keyStore = KeyStore.getInstance("PKCS12");
    assertThrows(IOException.class, () -> AttestationTrust.rootsIn(keyStore)); // not loaded
    keyStore.load(null, null);
    assertThrows(IOException.class, () -> AttestationTrust.rootsIn(keyStore)); // empty
    keyStore.setCertificateEntry("one", jdk(ONE));
    keyStore.setKeyEntry("two", TWO.key(), new char[1], new Certificate[] {jdk(TWO)});
    assertEquals(2, RootFiles.read(keyStore).size());
    assertEquals(
        2,
        AttestationTrust.rootsIn(keyStore)
            .lookup(List.of(ONE.decoded()), null)
            .roots()
            .size());
  }
}
