package org.u2f4j.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.u2f4j.Samples.POINT;
import static org.u2f4j.Samples.assertRefused;
import static org.u2f4j.Samples.hex;
import static org.u2f4j.Samples.repeat;
import static org.u2f4j.Samples.with;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;

class RegistrationResponseTest {
  private static final Bytes START = Bytes.concat(hex("05"), POINT, hex("04 a1a2a3a4"));
  private static final int CERTIFICATE_AT = 71;
  private static final Bytes CERTIFICATE = hex("3003 020107");
  private static final int SIGNATURE_AT = 76;
  private static final Bytes SIGNATURE = hex("3006 020101 020102");
  private static final Bytes WHOLE = Bytes.concat(START, CERTIFICATE, SIGNATURE);

  @Test
  void thePartsAreCutByTheirLengths() throws FormatException {
    RegistrationResponse registration = RegistrationResponse.decode(WHOLE);
    assertEquals(POINT, registration.userPublicKey().bytes());
    assertEquals(hex("a1a2a3a4"), registration.keyHandle().bytes());
    assertEquals(CERTIFICATE, registration.certificate());
    assertEquals(SIGNATURE, registration.signature());
    assertEquals(WHOLE, registration.encode());
  }

  @Test
  void theSignedBytesAreTheirFivePartsInOrder() throws FormatException {
    ApplicationParameter application = new ApplicationParameter(repeat(32, 0xAA));
    ChallengeParameter challenge = new ChallengeParameter(repeat(32, 0xCC));
    assertEquals(
        Bytes.concat(hex("00"), repeat(32, 0xAA), repeat(32, 0xCC), hex("a1a2a3a4"), POINT),
        RegistrationResponse.decode(WHOLE).signedBytes(application, challenge));
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "66"})
  void whatEndsBeforeTheKeyHandleIsRefusedAtItsEnd(int length) {
    assertRefused(length, () -> RegistrationResponse.decode(WHOLE.slice(0, length)));
  }

  @ParameterizedTest
  @CsvSource({"00", "04", "06", "ff"})
  void aRegistrationBeginsWith05(String first) {
    int value = Integer.parseInt(first, 16);
    assertRefused(0, () -> RegistrationResponse.decode(with(WHOLE, 0, value)));
  }

  @Test
  void aKeyHandleLongerThanTheRestIsRefusedAtItsLength() {
    assertRefused(66, () -> RegistrationResponse.decode(with(WHOLE, 66, 0xFF)));
    assertRefused(66, () -> RegistrationResponse.decode(with(WHOLE, 66, WHOLE.length() - 66)));
    assertRefused(
        "the key handle has 4 bytes by its length byte, 3 follow at offset 66",
        () -> RegistrationResponse.decode(WHOLE.slice(0, 70)));
    assertRefused(66, () -> RegistrationResponse.decode(WHOLE.slice(0, 67)));
    assertRefused( // nothing is left for the certificate
        WHOLE.length(), () -> RegistrationResponse.decode(with(WHOLE, 66, WHOLE.length() - 67)));
  }

  @Test
  void keyHandlesOf0And255BytesAreRead() throws FormatException {
    for (int length : new int[] {0, 255}) {
      Bytes data = Bytes.concat(
          hex("05"),
          POINT,
          hex("%02x".formatted(length)),
          repeat(length, 7),
          CERTIFICATE,
          SIGNATURE);
      RegistrationResponse registration = RegistrationResponse.decode(data);
      assertEquals(repeat(length, 7), registration.keyHandle().bytes());
      assertEquals(data, registration.encode());
    }
    UserPublicKey key = UserPublicKey.decode(POINT);
    assertThrows(
        IllegalArgumentException.class,
        () -> new RegistrationResponse(key, new KeyHandle(repeat(256, 7)), CERTIFICATE, SIGNATURE));
  }

  @ParameterizedTest
  @CsvSource({
    "'',                71", // no certificate
    "30,                71", // cut off in its header
    "31 03 020107,      71", // no SEQUENCE
    "00 00,             71",
    "30 00,             72", // zero length
    "30 81 00,          72",
    "30 80 0201070000,  72", // indefinite
    "30 83 000003 02,   72", // a length of three bytes
    "30 84 00000003 02, 72",
    "30 ff 020107,      72",
    "30 81,             72", // cut off in its length
    "30 82 01,          72",
    "30 81 03 020107,   72", // not the shortest form
    "30 81 7f,          72",
    "30 82 0003 020107, 72",
    "30 82 00ff,        72",
    "30 04 020107,      72", // longer than the rest
    "30 7f 020107,      72",
    "30 81 80 020107,   72",
    "30 82 0100 020107, 72",
    "30 82 ffff 020107, 72",
  })
  void aCertificateThatIsNotCutByItsOwnLengthIsRefused(String certificate, int offset) {
    Bytes data = Bytes.concat(START, hex(certificate));
    assertEquals(CERTIFICATE_AT, START.length());
    assertRefused(offset, () -> RegistrationResponse.decode(data));
  }

  @ParameterizedTest
  @CsvSource({"3080, 128", "3080, 0", "3083010000, 256", "308300000100, 0"})
  void aLengthOfAnotherFormIsRefusedEvenIfEnoughBytesFollow(String header, int length) {
    Bytes data = Bytes.concat(START, hex(header), repeat(length, 7), SIGNATURE);
    String message =
        "the certificate has the length byte %s; DER allows 00 to 82 here at offset 72";
    assertRefused(
        message.formatted(header.substring(2, 4)), () -> RegistrationResponse.decode(data));
  }

  @ParameterizedTest
  @CsvSource({"127, 307f", "128, 308180", "255, 3081ff", "256, 30820100", "65535, 3082ffff"})
  void everyLengthOfACertificateHasOneForm(int length, String header) throws FormatException {
    Bytes certificate = Bytes.concat(hex(header), repeat(length, 7));
    Bytes data = Bytes.concat(START, certificate, SIGNATURE);
    assertEquals(certificate, RegistrationResponse.decode(data).certificate());
    assertEquals(SIGNATURE, RegistrationResponse.decode(data).signature());
    assertEquals(data, RegistrationResponse.decode(data).encode());
    assertRefused(
        CERTIFICATE_AT + certificate.length(),
        () -> RegistrationResponse.decode(Bytes.concat(START, certificate)));
    assertRefused(
        CERTIFICATE_AT + 1,
        () -> RegistrationResponse.decode(
            Bytes.concat(START, certificate.slice(0, certificate.length() - 1))));
  }

  @ParameterizedTest
  @CsvSource({
    "'',              76", // missing
    "30,              76",
    "31 06 020101020102, 76",
    "30 00,           77",
    "30 80 020101,    77",
    "30 07 020101020102, 77", // longer than the rest
    "30 05 020101020102, 83", // one byte behind it
    "30 06 020101020102 00, 84",
    "30 06 020101020102 9000, 84", // the status word, not cut off
  })
  void theSignatureIsTheRestAndNothingElse(String signature, int offset) {
    Bytes data = Bytes.concat(START, CERTIFICATE, hex(signature));
    assertEquals(SIGNATURE_AT, START.length() + CERTIFICATE.length());
    assertRefused(offset, () -> RegistrationResponse.decode(data));
  }

  @Test
  void aUserPublicKeyBesideTheCurveIsRefusedWhereItStands() {
    assertRefused(
        "the user public key is not a point on the curve P-256 at offset 1",
        () -> RegistrationResponse.decode(with(WHOLE, 65, WHOLE.at(65) ^ 1)));
    assertRefused(
        "a user public key begins with 04, not 02 at offset 1",
        () -> RegistrationResponse.decode(with(WHOLE, 1, 2)));
  }

  @Test
  void messagesSayWhatCame() {
    assertRefused(
        "a registration has more than 67 bytes, not 3 at offset 3",
        () -> RegistrationResponse.decode(hex("050403")));
    assertRefused(
        "the certificate has 3 bytes by its own length, 2 follow at offset 72",
        () -> RegistrationResponse.decode(Bytes.concat(START, hex("30030201"))));
    assertRefused(
        "the certificate has 5 bytes by its own length, 0 follow at offset 72",
        () -> RegistrationResponse.decode(Bytes.concat(START, hex("3005"))));
    assertRefused(
        "the certificate is a SEQUENCE and begins with 30, not 02 at offset 71",
        () -> RegistrationResponse.decode(Bytes.concat(START, hex("02030201"))));
    assertRefused(
        "the certificate has the length byte 83; DER allows 00 to 82 here at offset 72",
        () -> RegistrationResponse.decode(Bytes.concat(START, hex("3083000000"))));
    assertRefused(
        "the signature is missing or cut off at offset 76",
        () -> RegistrationResponse.decode(Bytes.concat(START, CERTIFICATE)));
    assertRefused(
        "2 bytes follow the end of the signature at offset 84",
        () -> RegistrationResponse.decode(Bytes.concat(WHOLE, hex("9000"))));
  }
}
