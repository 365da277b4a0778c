package org.u2f4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.Samples.assertRefused;
import static org.u2f4j.Samples.hex;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {
  @Test
  void changingTheArrayAfterwardsChangesNothing() {
    byte[] array = {1, 2, 3};
    Bytes bytes = Bytes.of(array);
    array[0] = 9;
    bytes.toArray()[1] = 9;
    assertArrayEquals(new byte[] {1, 2, 3}, bytes.toArray());
  }

  @Test
  void noBytesAreOneInstance() throws FormatException {
    assertSame(Bytes.EMPTY, Bytes.of());
    assertSame(Bytes.EMPTY, Bytes.utf8(""));
    assertSame(Bytes.EMPTY, Bytes.concat());
    assertSame(Bytes.EMPTY, Bytes.fromHex(""));
    assertSame(Bytes.EMPTY, hex("0102").slice(2));
    assertSame(Bytes.EMPTY, hex("0102").slice(1, 1));
  }

  @Test
  void bytesAndNumbersAreUnsigned() {
    Bytes bytes = hex("00 ff fe fd fc 01");
    assertEquals(0xFF, bytes.at(1));
    assertEquals(0xFFFE, bytes.uint16(1));
    assertEquals(0xFFFEFDFCL, bytes.uint32(1));
    assertEquals(0xFDFCL << 8 | 1, bytes.uint32(2) & 0xFFFFFF);
    assertEquals(0x00FF, bytes.uint16(0));
  }

  @Test
  void aSliceSeesItsOwnBytesOnly() {
    Bytes slice = hex("00 11 22 33 44").slice(1, 4);
    assertEquals(3, slice.length());
    assertEquals(0x11, slice.at(0));
    assertEquals("112233", slice.hex());
    assertEquals("ESIz", slice.base64Url());
    assertEquals(hex("2233"), slice.slice(1));
    assertEquals(hex("22"), slice.slice(1, 2));
    assertEquals(hex("112233").sha256(), slice.sha256());
    assertEquals(hex("112233").hashCode(), slice.hashCode());
    assertEquals(hex("aa112233bb"), Bytes.concat(hex("aa"), slice, Bytes.EMPTY, hex("bb")));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.at(3));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.at(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.uint16(2));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.uint32(0));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.slice(4));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.slice(2, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.slice(0, 4));
  }

  @Test
  void aBufferIsReadOnlyAndHidesItsSurroundings() {
    ByteBuffer buffer = hex("00 11 22 33").slice(1, 3).toBuffer();
    assertTrue(buffer.isReadOnly());
    assertEquals(2, buffer.remaining());
    assertEquals(2, buffer.capacity());
    assertEquals(0x11, buffer.get(0));
  }

  @Test
  void equalsLooksAtEveryByte() {
    Bytes bytes = hex("00 11 22 33");
    assertEquals(hex("112233"), bytes.slice(1));
    assertNotEquals(hex("112234"), bytes.slice(1));
    assertNotEquals(hex("012233"), bytes.slice(1));
    assertNotEquals(hex("1122"), bytes.slice(1));
    assertNotEquals(hex("11223344"), bytes.slice(1));
    assertNotEquals(bytes, new Object());
    assertEquals(java.util.Arrays.hashCode(bytes.toArray()), bytes.hashCode());
  }

  @Test
  void sha256IsTheOneOfFips180() {
    assertEquals(
        hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        Bytes.utf8("abc").sha256());
  }

  @Test
  void utf8IsNotThePlatformsCharset() {
    assertEquals(hex("c3a4e282ac"), Bytes.utf8("\u00e4\u20ac"));
  }

  @Test
  void toStringShowsNoMoreThanFourBytes() {
    assertEquals("00112233", hex("00112233").toString());
    assertEquals("00112233\u2026 (5 bytes)", hex("0011223344").toString());
    assertEquals("", Bytes.EMPTY.toString());
  }

  @Test
  void hexadecimalDigitsComeInEitherCase() throws FormatException {
    assertEquals(hex("0af9"), Bytes.fromHex("0aF9"));
    assertEquals("0af9", hex("0af9").hex());
  }

  @ParameterizedTest
  @CsvSource({"abc,-1", "ag,1", "0x00,1", "' 00',0", "'00 ',2", "a\u0661,1", "ab-1,2", "@0,0"})
  void otherCharactersAreNoHexadecimalDigits(String text, int offset) {
    assertRefused(offset, () -> Bytes.fromHex(text));
  }

  @ParameterizedTest
  @CsvSource({
    "'',''",
    "66,Zg",
    "666f,Zm8",
    "666f6f,Zm9v",
    "666f6f62,Zm9vYg",
    "666f6f6261,Zm9vYmE",
    "666f6f626172,Zm9vYmFy",
    "fbff,-_8",
    "ffffff,____",
    "00108310,ABCDEA",
    "69b71d79f8218a39,abcdefghijk"
  })
  void base64IsTheWebsafeOneOfRfc4648(String digits, String text) throws FormatException {
    Bytes bytes = hex(digits);
    String padded = Base64.getUrlEncoder().encodeToString(bytes.toArray());
    assertEquals(text, bytes.base64Url());
    assertEquals(bytes, Bytes.fromBase64Url(text));
    assertEquals(bytes, Bytes.fromBase64Url(padded));
  }

  @ParameterizedTest
  @CsvSource({
    "A,-1",
    "AAAAA,-1", // no number of bytes has so many characters
    "AA=,2",
    "AAA==,3",
    "AAAA=,4",
    "AAAA==,4",
    "AAAA====,4",
    "AA===,2",
    "AA====,2",
    "=,0",
    "====,0",
    "A===,-1",
    "AA=A,2",
    "=AAA,0",
    "AA==AA,2", // padding of the wrong length, or inside
    "AB,1",
    "AAB,2",
    "AAAAAP,5",
    "A_==,1",
    "AAD=,2",
    "AC,1",
    "AE,1",
    "AI,1",
    "AAC,2", // bits lost
    "A+AA,1",
    "A/AA,1",
    "A AA,1",
    "'AA\n',2",
    "'\u00c4AAA',0",
    "AA.A,2",
    "AA~A,2",
    "A@AA,1",
    "A[AA,1",
    "A`AA,1",
    "A{AA,1",
    "A:AA,1" // neighbours of the ranges in ASCII
  })
  void whatIsNotBase64IsRefused(String text, int offset) {
    assertRefused(offset, () -> Bytes.fromBase64Url(text));
  }

  @Test
  void everyCharacterOfBase64HasItsValue() throws FormatException {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    assertArrayEquals(
        Base64.getUrlDecoder().decode(alphabet), Bytes.fromBase64Url(alphabet).toArray());
    for (int value = 0; value < 64; value++) {
      String text = "A" + alphabet.charAt(value);
      if (value % 16 == 0) {
        assertEquals(value >> 4, Bytes.fromBase64Url(text).at(0));
      } else {
        assertRefused(1, () -> Bytes.fromBase64Url(text));
      }
      String three = "AA" + alphabet.charAt(value);
      if (value % 4 == 0) {
        assertEquals(value >> 2, Bytes.fromBase64Url(three).at(1));
      } else {
        assertRefused(2, () -> Bytes.fromBase64Url(three));
      }
    }
  }

  @Test
  void whatIsWrittenIsRead() throws FormatException {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      Bytes bytes = Samples.random(random, random.nextInt(300));
      assertEquals(bytes, Bytes.fromHex(bytes.hex()), "seed " + seed);
      assertEquals(bytes, Bytes.fromBase64Url(bytes.base64Url()), "seed " + seed);
      assertEquals(HexFormat.of().formatHex(bytes.toArray()), bytes.hex(), "seed " + seed);
      assertEquals(
          Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toArray()),
          bytes.base64Url(),
          "seed " + seed);
    }
  }
}
