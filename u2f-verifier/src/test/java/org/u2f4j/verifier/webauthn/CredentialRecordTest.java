package org.u2f4j.verifier.webauthn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.u2f4j.verifier.Samples.NOW;
import static org.u2f4j.verifier.Samples.hex;
import static org.u2f4j.verifier.Samples.repeat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.verifier.Registration;

class CredentialRecordTest {
  private static final AppId APP_ID = new AppId("https://example.com");

  /** The key of the example in CTAP 2.1, section 10.2. */
  private static final String X =
      "e87625896ee4e46dc032766e8087962f36df9dfe8b567f3763015b1990a60e14";

  private static final String Y =
      "27de612d66418bda1950581ebc5c8c1dad710cb14c22f8c97045f4612fb20c91";
  private static final Bytes COSE = hex("a5 0102 0326 2001 215820 " + X + " 225820 " + Y);

  private static Registration registration(KeyHandle id, Long counter, String... transports)
      throws FormatException {
    return new Registration(
        "alice",
        id,
        UserPublicKey.decode(hex("04" + X + Y)),
        APP_ID,
        counter,
        hex("3000"),
        List.of(transports),
        NOW,
        null,
        null);
  }

  @Test
  void aRegistrationIsTakenOutAndBroughtIn() throws Exception {
    Registration registration = registration(new KeyHandle(repeat(1_023, 7)), 0xffff_ffffL, "usb");
    CredentialRecord record = CredentialRecord.of(registration);
    assertEquals(
        new CredentialRecord(registration.keyHandle(), COSE, 0xffff_ffffL, List.of("usb"), APP_ID),
        record);
    assertEquals(registration, record.toRegistration("alice", hex("3000"), NOW));
  }

  @Test
  void aCounterThatWasNeverSeenIsZeroThere() throws Exception {
    Registration registration = registration(new KeyHandle(hex("01")), null);
    CredentialRecord record = CredentialRecord.of(registration);
    assertEquals(0, record.signCount());
    assertEquals(registration, record.toRegistration("alice", hex("3000"), NOW));
  }

  @ParameterizedTest
  @CsvSource({"usb, usb", "nfc, nfc", "ble, ble", "usb-internal, internal", "bt, ", "lightning, "})
  void transportsHaveOtherNamesThere(String u2f, String webAuthn) throws Exception {
    assertEquals(
        webAuthn == null ? List.of() : List.of(webAuthn),
        CredentialRecord.of(registration(new KeyHandle(hex("01")), null, u2f)).transports());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a4 0102 0326 2001 215820 " + X,
        "a5 0102 0327 2001 215820 " + X + " 225820 " + Y,
        "a5 0102 0326 2001 215820 " + X + " 225820 " + X,
        "a3 0101 0327 2006",
        "00",
        "",
      })
  void anotherKeyIsNotBroughtIn(String cose) {
    CredentialRecord record =
        new CredentialRecord(new KeyHandle(hex("01")), hex(cose), 1, List.of(), APP_ID);
    assertThrows(FormatException.class, () -> record.toRegistration("alice", Bytes.EMPTY, NOW));
  }
}
