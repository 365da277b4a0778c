package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.u2f4j.verifier.Samples.assertRefused;
import static org.u2f4j.verifier.Samples.hex;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.Bytes;

class EcdsaSignatureTest {
  private static final String ORDER =
      "00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  private static final String ORDER_LESS_1 =
      "00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";

  private static String with(String numbers) {
    return numbers.replace("ORDER_LESS_1", "0221" + ORDER_LESS_1).replace("ORDER", "0221" + ORDER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3006 020101 020101",
        "3006 020101 02017f",
        "3007 020101 02020080",
        "3007 02020080 020101",
        "3026 ORDER_LESS_1 020101",
        "3026 020101 ORDER_LESS_1",
        "3046 ORDER_LESS_1 ORDER_LESS_1",
      })
  void theShortestFormOfTwoNumbersInRangePasses(String signature) throws Exception {
    EcdsaSignature.requireStrict(hex(with(signature)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30",
        "3000",
        "3003 020101",
        "3005 020101 0201",
        "3006 020101 0201", // ends in s
        "3106 020101 020101", // SET
        "3005 020101 020101", // shorter than it is
        "3007 020101 020101", // longer
        "3006 020101 020101 00", // a byte behind
        "3007 020101 020101 00", // a byte behind, inside
        "3009 020101 020101 020101", // three numbers
        "308106 020101 020101", // length in two bytes
        "3080 020101 020101 0000", // indefinite
        "3007 02810101 020101", // r's length in two bytes
        "3007 020101 02810101",
        "3006 030101 020101", // no INTEGER
        "3006 020101 030101",
        "3006 020001 020101",
        "3005 0200 020101", // no bytes
        "3005 020101 0200",
        "3006 020181 020101", // negative
        "3006 020180 020101",
        "3006 020101 020180",
        "3006 020101 0201ff",
        "3007 02020001 020101", // a zero too many
        "3007 020101 0202007f",
        "3006 020100 020101", // zero
        "3006 020101 020100",
        "3006 020101 020201", // s ends behind the end
        "3006 020501 020101", // r leaves no room
        "3026 ORDER 020101",
        "3026 020101 ORDER",
      })
  void everythingElseIsMalformed(String signature) {
    assertRefused(
        Reason.MALFORMED_SIGNATURE, () -> EcdsaSignature.requireStrict(hex(with(signature))));
  }

  @ParameterizedTest
  @CsvSource({
    "3007 020101 020101 00, has 1 bytes behind its two numbers",
    "3006 0201010205 01,    gives s a length of 5 at offset 6",
    "3006 020101 030101,    has no INTEGER for s at offset 5",
  })
  void theRefusalSaysWhere(String signature, String where) {
    VerificationException refusal = assertRefused(
        Reason.MALFORMED_SIGNATURE, () -> EcdsaSignature.requireStrict(hex(signature)));
    assertEquals("the signature " + where, refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 34, 64, 127, 128})
  void aNumberHas32BytesAtMostAndAZeroInFront(int length) {
    Bytes number = Bytes.concat(
        Bytes.of((byte) 2, (byte) length), Samples.with(Samples.repeat(length, 0x55), 0, 1));
    Bytes one = hex("020101");
    for (Bytes numbers : new Bytes[] {Bytes.concat(number, one), Bytes.concat(one, number)}) {
      Bytes signature = Bytes.concat(Bytes.of((byte) 0x30, (byte) numbers.length()), numbers);
      assertRefused(Reason.MALFORMED_SIGNATURE, () -> EcdsaSignature.requireStrict(signature));
    }
  }
}
