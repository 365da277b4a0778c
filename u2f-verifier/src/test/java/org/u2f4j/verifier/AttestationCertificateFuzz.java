package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.verifier.Samples.NOW;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.soft.Attestation;

class AttestationCertificateFuzz extends Fuzzing {
  private static final TrustAnswer ANSWER =
      TrustAnswer.ofRoots(List.of(new TestCertificate(Vectors.yubicoRoot(), "", null).decoded()));

  static Stream<byte[]> seeds() {
    Stream<Bytes> real = Vectors.registrations()
        .map(vector -> vector.text("registrationData"))
        .map(AttestationCertificateFuzz::certificate);
    TestCertificate root = TestCertificate.of("CN=Root,C=AT")
        .authority(1)
        .usage(4)
        .extension(
            "1.3.6.1.4.1.45724.1.1.4", Bytes.concat(Samples.hex("0410"), Samples.repeat(16, 1)))
        .selfSigned();
    Stream<Bytes> made =
        Stream.of(Vectors.yubicoRoot(), Attestation.test().certificate(), root.der());
    return Stream.concat(real, made).map(Bytes::toArray);
  }

  private static Bytes certificate(String registrationData) {
    try {
      return RegistrationResponse.decode(Bytes.fromBase64Url(registrationData)).certificate();
    } catch (FormatException e) {
      throw new IllegalStateException(e);
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    Bytes bytes = Bytes.of(input);
    AttestationCertificate certificate;
    try {
      certificate = AttestationCertificate.decode(bytes);
    } catch (FormatException e) {
      return; // the only way to refuse
    }
    assertEquals(bytes, certificate.der());
    assertEquals(40, certificate.keyIdentifier().length());
    assertTrue(certificate.version() > 0 && certificate.version() <= 3);
    assertTrue(certificate.aaguid().map(Bytes::length).orElse(16) == 16);
    List.of(
            certificate.subject(),
            certificate.issuer(),
            certificate.serialNumber(),
            certificate.notBefore(),
            certificate.notAfter(),
            certificate.transports(),
            certificate.ignored(),
            certificate.publicKey(),
            certificate.yubicoDevice(),
            certificate.isAuthority(0),
            certificate.signedBy(certificate),
            certificate.repaired())
        .forEach(value -> assertFalse(value.toString() == null));
    TrustCheck.verdict(List.of(certificate), ANSWER, NOW, false);
    TrustCheck.verdict(
        List.of(certificate, certificate), TrustAnswer.ofRoots(List.of(certificate)), NOW, true);
  }
}
