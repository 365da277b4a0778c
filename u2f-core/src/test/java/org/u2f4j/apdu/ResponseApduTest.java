package org.u2f4j.apdu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.Samples.assertRefused;
import static org.u2f4j.Samples.hex;
import static org.u2f4j.Samples.repeat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.Samples;

class ResponseApduTest {
  @Test
  void dataComeFirstThenTheStatus() throws FormatException {
    ResponseApdu response = new ResponseApdu(hex("aabb"), new StatusWord(0x6A81));
    assertEquals(hex("aabb6a81"), response.encode());
    assertEquals(response, ResponseApdu.decode(hex("aabb6a81")));
    assertEquals(hex("9000"), new ResponseApdu(StatusWord.NO_ERROR).encode());
    assertEquals(new ResponseApdu(StatusWord.NO_ERROR), ResponseApdu.decode(hex("9000")));
  }

  @Test
  void anAnswerHas2To65538Bytes() throws FormatException {
    assertRefused("a response has 2 to 65538 bytes, not 0", () -> ResponseApdu.decode(Bytes.EMPTY));
    assertRefused("a response has 2 to 65538 bytes, not 1", () -> ResponseApdu.decode(hex("90")));
    Bytes longest = repeat(65_538, 1);
    assertEquals(longest, ResponseApdu.decode(longest).encode());
    assertRefused(-1, () -> ResponseApdu.decode(repeat(65_539, 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ResponseApdu(repeat(65_537, 1), StatusWord.NO_ERROR));
  }

  @Test
  void everyStatusGoesBothWays() throws FormatException {
    for (int value = 0; value <= 0xFFFF; value++) {
      ResponseApdu response = new ResponseApdu(new StatusWord(value));
      assertEquals(response, ResponseApdu.decode(response.encode()));
      assertEquals(value, response.status().value());
    }
    assertThrows(IllegalArgumentException.class, () -> new StatusWord(-1));
    assertThrows(IllegalArgumentException.class, () -> new StatusWord(0x10000));
  }

  @ParameterizedTest
  @CsvSource({
    "9000, NO_ERROR",
    "6985, CONDITIONS_NOT_SATISFIED",
    "6A80, WRONG_DATA",
    "6700, WRONG_LENGTH",
    "6E00, CLA_NOT_SUPPORTED",
    "6D00, INS_NOT_SUPPORTED",
    "6986, COMMAND_NOT_ALLOWED",
    "6984, INVALID_DATA",
    "63C0, unknown",
    "0040, unknown"
  })
  void aStatusHasItsName(String digits, String name) throws ReflectiveOperationException {
    StatusWord status = new StatusWord(Integer.parseInt(digits, 16));
    assertEquals(name, status.name());
    assertEquals(digits + " " + name, status.toString());
    if (!name.equals("unknown")) {
      assertEquals(StatusWord.class.getField(name).get(null), status);
    }
  }

  @Test
  void only6985AsksForATouch() {
    for (int value = 0; value <= 0xFFFF; value++) {
      StatusException e = new StatusException(new StatusWord(value), 64);
      assertEquals(value == 0x6985, e.touchRequired());
      assertEquals(new StatusWord(value), e.status());
    }
    assertEquals(
        "the key answered 6A80 WRONG_DATA",
        new StatusException(StatusWord.WRONG_DATA).getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x6A80, 0x6700, 0x6984, 0x63C0, 64})
  void fiveAnswersMeanThatTheKeyHandleIsNotMine(int value) {
    assertTrue(new StatusException(new StatusWord(value), 64).unknownKeyHandle());
    assertFalse(new StatusException(new StatusWord(value)).unknownKeyHandle());
  }

  @Test
  void noOtherAnswerMeansThatTheKeyHandleIsNotMine() {
    long count = java.util.stream.IntStream.rangeClosed(0, 0xFFFF)
        .filter(value -> new StatusException(new StatusWord(value), 64).unknownKeyHandle())
        .count();
    assertEquals(5, count);
    assertTrue(new StatusException(new StatusWord(0), 0).unknownKeyHandle());
  }

  @Test
  void whatIsWrittenIsRead() throws FormatException {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      ResponseApdu response = new ResponseApdu(
          Samples.random(random, random.nextInt(300)), new StatusWord(random.nextInt(0x10000)));
      assertEquals(response, ResponseApdu.decode(response.encode()), "seed " + seed);
    }
  }
}
