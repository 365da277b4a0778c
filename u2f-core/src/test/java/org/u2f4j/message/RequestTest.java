package org.u2f4j.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.u2f4j.Samples.assertRefused;
import static org.u2f4j.Samples.hex;
import static org.u2f4j.Samples.repeat;
import static org.u2f4j.Samples.with;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.CommandApdu.Form;

class RequestTest {
  private static final ChallengeParameter CHALLENGE = new ChallengeParameter(repeat(32, 0xCC));
  private static final ApplicationParameter APPLICATION =
      new ApplicationParameter(repeat(32, 0xAA));
  private static final Bytes PARAMETERS = Bytes.concat(repeat(32, 0xCC), repeat(32, 0xAA));
  private static final Bytes AUTHENTICATION = Bytes.concat(PARAMETERS, hex("03 010203"));

  @Test
  void theChallengeComesFirst() throws FormatException {
    RegistrationRequest registration = new RegistrationRequest(CHALLENGE, APPLICATION);
    assertEquals(PARAMETERS, registration.encode());
    assertEquals(registration, RegistrationRequest.decode(PARAMETERS));
    AuthenticationRequest authentication = new AuthenticationRequest(
        Control.DONT_ENFORCE_USER_PRESENCE_AND_SIGN,
        CHALLENGE,
        APPLICATION,
        new KeyHandle(hex("010203")));
    assertEquals(AUTHENTICATION, authentication.encode());
    assertEquals(authentication, AuthenticationRequest.decode(0x08, AUTHENTICATION));
  }

  @ParameterizedTest
  @CsvSource({
    "ENFORCE_USER_PRESENCE_AND_SIGN, 03",
    "CHECK_ONLY, 07",
    "DONT_ENFORCE_USER_PRESENCE_AND_SIGN, 08"
  })
  void p1IsTheControlByte(Control control, String digits) throws FormatException {
    AuthenticationRequest request =
        new AuthenticationRequest(control, CHALLENGE, APPLICATION, new KeyHandle(hex("010203")));
    assertEquals(Integer.parseInt(digits, 16), control.value());
    assertEquals(
        Bytes.concat(hex("0002" + digits + "00 000044"), AUTHENTICATION, hex("0000")),
        request.toCommand().encode());
    assertEquals(request, Request.decode(request.toCommand()));
    assertEquals(
        request, AuthenticationRequest.decodeDraft(Bytes.concat(hex(digits), AUTHENTICATION)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x01, 0x02, 0x04, 0x06, 0x09, 0x83, 0xFF})
  void otherControlBytesAreRefused(int control) {
    assertRefused(
        "the control byte is 03, 07 or 08, not %02x at offset 2".formatted(control),
        () -> AuthenticationRequest.decode(control, AUTHENTICATION));
    assertRefused(
        2, () -> Request.decode(new CommandApdu(AuthenticationRequest.INS, control, PARAMETERS)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x03, 0x83, 0xFF})
  void p1AndP2OfARegistrationAreNotLookedAt(int p1) throws FormatException {
    assertEquals(
        new RegistrationRequest(CHALLENGE, APPLICATION),
        Request.decode(new CommandApdu(0, 1, p1, p1, PARAMETERS, 256, Form.SHORT)));
  }

  @Test
  void lengthsThatDoNotAddUpAreRefused() {
    assertRefused(
        "a registration request has 64 bytes, not 63",
        () -> RegistrationRequest.decode(PARAMETERS.slice(1)));
    assertRefused(-1, () -> RegistrationRequest.decode(Bytes.concat(PARAMETERS, hex("00"))));
    assertRefused(
        "an authentication request has at least 65 bytes, not 64",
        () -> AuthenticationRequest.decode(3, PARAMETERS));
    assertRefused(
        "the key handle has 3 bytes by its length byte, 2 follow at offset 64",
        () ->
            AuthenticationRequest.decode(3, AUTHENTICATION.slice(0, AUTHENTICATION.length() - 1)));
    assertRefused(
        64, () -> AuthenticationRequest.decode(3, Bytes.concat(AUTHENTICATION, hex("00"))));
    assertRefused(64, () -> AuthenticationRequest.decode(3, with(AUTHENTICATION, 64, 0)));
    assertRefused(-1, () -> AuthenticationRequest.decodeDraft(Bytes.EMPTY));
    assertRefused(-1, () -> AuthenticationRequest.decodeDraft(hex("03")));
    assertRefused(2, () -> AuthenticationRequest.decodeDraft(hex("04")));
    assertRefused(
        "a version request has no data, not 3 bytes",
        () -> Request.decode(new CommandApdu(3, 0, hex("010203"))));
  }

  @Test
  void keyHandlesOf0And255BytesAreCarried() throws FormatException {
    for (int length : new int[] {0, 255}) {
      AuthenticationRequest request = new AuthenticationRequest(
          Control.CHECK_ONLY, CHALLENGE, APPLICATION, new KeyHandle(repeat(length, 9)));
      assertEquals(
          Bytes.concat(PARAMETERS, hex("%02x".formatted(length)), repeat(length, 9)),
          request.encode());
      assertEquals(request, AuthenticationRequest.decode(7, request.encode()));
    }
    KeyHandle tooLong = new KeyHandle(repeat(256, 9));
    assertThrows(
        IllegalArgumentException.class,
        () -> new AuthenticationRequest(Control.CHECK_ONLY, CHALLENGE, APPLICATION, tooLong));
  }

  @Test
  void otherClassesAndInstructionsAreRefused() {
    assertRefused(
        "the class is 00, not 01 at offset 0",
        () -> Request.decode(new CommandApdu(1, 3, 0, 0, Bytes.EMPTY, 0, Form.EXTENDED)));
    for (int ins : new int[] {0x00, 0x04, 0x40, 0xC0}) {
      assertRefused(
          "instruction %02x is none of U2F's 01, 02, 03 at offset 1".formatted(ins),
          () -> Request.decode(new CommandApdu(ins, 3, PARAMETERS)));
    }
  }
}
