package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.hid.Samples.hex;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/** Channels, commands, errors, and what a key says of itself. */
class ValuesTest {
  private static final Bytes NONCE = hex("80435640b14ed92d");

  /** A key's answer in Yubico/libfido2 (8ee8e5a), fuzz/wiredata_fido2.h. */
  private static final Bytes INIT = hex("80435640b14ed92d 00220002 02 02 05 02 01");

  @Test
  void anAnswerToInitIsReadAndWritten() throws FormatException {
    InitResponse response = InitResponse.decode(INIT);
    assertEquals(NONCE, response.nonce());
    assertEquals(new Channel(0x0022_0002), response.channel());
    assertEquals(new DeviceInfo(2, 2, 5, 2, 1), response.info());
    assertEquals(INIT, response.encode());
  }

  @Test
  void anAnswerToInitMayBeLongerAndNotShorter() throws FormatException {
    assertEquals(InitResponse.decode(INIT), InitResponse.decode(Bytes.concat(INIT, hex("aabbcc"))));
    FormatException e =
        assertThrows(FormatException.class, () -> InitResponse.decode(INIT.slice(0, 16)));
    assertEquals("the answer to INIT has at least 17 bytes, not 16", e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new InitResponse(hex("00"), Channel.BROADCAST, new DeviceInfo(2, 0, 0, 0, 0)));
  }

  @Test
  void aChannelIsFourOpaqueBytes() {
    assertEquals(hex("ff000001"), new Channel(0xFF00_0001).bytes());
    assertEquals(new Channel(0xFF00_0001), Channel.at(hex("aa ff000001"), 1));
    assertEquals("0100bc54", new Channel(0x0100_BC54).toString());
    assertThrows(IndexOutOfBoundsException.class, () -> Channel.at(hex("000000"), 0));
  }

  @ParameterizedTest
  @CsvSource({
    "01, PING",
    "03, MSG",
    "04, LOCK",
    "06, INIT",
    "08, WINK",
    "10, CBOR",
    "11, CANCEL",
    "3B, KEEPALIVE",
    "3F, ERROR",
    "40, VENDOR",
    "7F, VENDOR",
    "02, unknown",
    "3C, unknown",
  })
  void commandsHaveTheNamesOfTheSpecification(String code, String name) {
    assertEquals(code + " " + name, new CtapHidCommand(Integer.parseInt(code, 16)).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "01, INVALID_CMD", "02, INVALID_PAR", "03, INVALID_LEN", "04, INVALID_SEQ",
    "05, MSG_TIMEOUT", "06, CHANNEL_BUSY", "0A, LOCK_REQUIRED", "0B, INVALID_CHANNEL",
    "7F, OTHER", "00, unknown", "FF, unknown",
  })
  void errorsHaveTheNamesOfTheSpecification(String code, String name) {
    CtapHidError error = new CtapHidError(Integer.parseInt(code, 16));
    assertEquals(code + " " + name, error.toString());
    CtapHidException e = new CtapHidException(CtapHidCommand.MSG, error);
    assertEquals(error, e.error());
    assertTrue(e.getMessage().startsWith("the key refuses MSG: "), e.getMessage());
    assertTrue(e.getMessage().endsWith("(" + error + ")"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256})
  void codesHaveTheirRange(int code) {
    assertThrows(IllegalArgumentException.class, () -> new CtapHidCommand(code));
    assertThrows(IllegalArgumentException.class, () -> new CtapHidError(code));
    assertThrows(IllegalArgumentException.class, () -> new DeviceInfo(2, code, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new CtapHidCommand(128));
  }

  @Test
  void capabilitiesSayWhatTheKeyServes() {
    DeviceInfo plain = new DeviceInfo(2, 0, 0, 0, 0);
    assertFalse(plain.winks() || plain.locks() || plain.speaksCtap2());
    assertTrue(plain.speaksU2f());
    DeviceInfo all = new DeviceInfo(2, 0, 0, 0, 0x0F);
    assertTrue(all.winks() && all.locks() && all.speaksCtap2());
    assertFalse(all.speaksU2f());
    assertTrue(new DeviceInfo(2, 0, 0, 0, 0x05).speaksU2f()); // as many CTAP2 keys have it
  }

  @Test
  void aKeyIsCalledByItsProductOrItsNumbers() {
    assertEquals(
        "Key 5 (/dev/hidraw3)",
        new HidKey("/dev/hidraw3", 0x1050, 0x0407, 0, "Maker", "Key 5", "", "").name());
    assertEquals(
        "1050:0407 (/dev/hidraw3)",
        new HidKey("/dev/hidraw3", 0x1050, 0x0407, 0, "", "", "", "").name());
  }
}
