package org.u2f4j.examples;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.examples.Field.Section;
import org.u2f4j.verifier.AttestationCertificate;

/** What an attestation certificate says. */
final class CertificateLayout {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
          "uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);

  private CertificateLayout() {}

  static Section of(Bytes der) throws FormatException {
    if (der.length() == 0 || der.at(0) != 0x30) {
      throw new FormatException("a certificate in DER begins with 30", 0);
    }
    AttestationCertificate certificate = AttestationCertificate.decode(der);
    String subject = certificate.subject();
    List<Field> fields = new ArrayList<>();
    fields.add(new Field(
        0, der.length(), "certificate", der.hex(), "X.509 version " + certificate.version()));
    fact(fields, "subject", subject.isEmpty() ? "empty" : subject);
    String issuer = certificate.issuer().isEmpty() ? "empty" : certificate.issuer();
    fact(fields, "issuer", certificate.issuer().equals(subject) ? issuer + ", itself" : issuer);
    fact(fields, "serial number", certificate.serialNumber());
    fact(fields, "valid from", time(certificate.notBefore()));
    fact(fields, "valid to", time(certificate.notAfter()));
    fact(
        fields,
        "public key",
        certificate
            .publicKey()
            .map(key -> "on P-256, " + key.bytes().hex())
            .orElse("not on P-256: no U2F signature can be verified with it"));
    fact(fields, "key identifier", certificate.keyIdentifier());
    fact(
        fields,
        "U2F transports",
        certificate.transports().isEmpty()
            ? "not said"
            : String.join(", ", certificate.transports()));
    certificate.aaguid().ifPresent(aaguid -> fact(fields, "AAGUID", aaguid.hex()));
    certificate
        .yubicoDevice()
        .ifPresent(device -> fact(
            fields,
            "Yubico device",
            device + certificate.yubicoModel().map(model -> ", " + model).orElse("")));
    if (certificate.repaired()) {
      fact(
          fields,
          "repaired",
          "the count of unused bits of its signature, wrong in six of Yubico's");
    }
    certificate.ignored().ifPresent(what -> fact(fields, "ignored", what));
    return new Section("attestation certificate", fields);
  }

  private static void fact(List<Field> fields, String name, String value) {
    fields.add(Field.fact(name, value));
  }

  private static String time(Optional<Instant> time) {
    return time.map(TIME::format).orElse("not a time");
  }
}
