package org.u2f4j.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.u2f4j.Samples.assertRefused;
import static org.u2f4j.Samples.hex;
import static org.u2f4j.Samples.repeat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;

class AuthenticationResponseTest {
  private static final Bytes SIGNATURE = hex("3006 020101 020102");

  @ParameterizedTest
  @CsvSource({
    "01 00000000, 1, 0, true",
    "00 00000001, 0, 1, false",
    "01 01020304, 1, 16909060, true",
    "01 7fffffff, 1, 2147483647, true",
    "01 80000000, 1, 2147483648, true",
    "01 ffffffff, 1, 4294967295, true",
    "fe 00000100, 254, 256, false", // other bits are kept as they are
    "ff 00010000, 255, 65536, true",
  })
  void presenceAndCounterAreUnsigned(String start, int presence, long counter, boolean present)
      throws FormatException {
    Bytes data = Bytes.concat(hex(start), SIGNATURE);
    AuthenticationResponse authentication = AuthenticationResponse.decode(data);
    assertEquals(new AuthenticationResponse(presence, counter, SIGNATURE), authentication);
    assertEquals(present, authentication.userPresent());
    assertEquals(data, authentication.encode());

    ApplicationParameter application = new ApplicationParameter(repeat(32, 0xAA));
    ChallengeParameter challenge = new ChallengeParameter(repeat(32, 0xCC));
    assertEquals(
        Bytes.concat(repeat(32, 0xAA), hex(start), repeat(32, 0xCC)),
        authentication.signedBytes(application, challenge));
  }

  @ParameterizedTest
  @CsvSource({
    "'',           0", // cut off before the signature
    "01,           1",
    "01 000000,    4",
    "01 00000001,  5", // no signature
    "01 00000001 30,  5",
    "01 00000001 31 06 020101020102, 5", // no SEQUENCE
    "01 00000001 30 00, 6", // empty
    "01 00000001 30 80 02010102010200, 6", // indefinite
    "01 00000001 30 81 06 020101020102, 6", // not the shortest form
    "01 00000001 30 83 000006 020101020102, 6",
    "01 00000001 30 07 020101020102, 6", // longer than the rest
    "01 00000001 30 05 020101020102, 12", // one byte behind it
    "01 00000001 30 06 020101020102 9000, 13",
  })
  void whatIsNoAuthenticationIsRefused(String data, int offset) {
    assertRefused(offset, () -> AuthenticationResponse.decode(hex(data)));
  }

  @Test
  void aMessageSaysWhatCame() {
    assertRefused(
        "an authentication has more than 5 bytes, not 4 at offset 4",
        () -> AuthenticationResponse.decode(hex("01000000")));
    assertRefused(
        "the signature is missing or cut off at offset 5",
        () -> AuthenticationResponse.decode(hex("0100000001")));
  }

  @Test
  void presenceHas8BitsAndTheCounter32() {
    for (int presence : new int[] {-1, 256}) {
      assertThrows(
          IllegalArgumentException.class, () -> new AuthenticationResponse(presence, 0, SIGNATURE));
    }
    for (long counter : new long[] {-1, 1L << 32}) {
      assertThrows(
          IllegalArgumentException.class, () -> new AuthenticationResponse(1, counter, SIGNATURE));
    }
  }
}
