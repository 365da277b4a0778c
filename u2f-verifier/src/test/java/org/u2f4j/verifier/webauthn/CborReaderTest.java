package org.u2f4j.verifier.webauthn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.verifier.Samples.hex;
import static org.u2f4j.verifier.Samples.repeat;

import co.nstant.in.cbor.CborDecoder;
import co.nstant.in.cbor.CborEncoder;
import co.nstant.in.cbor.CborException;
import co.nstant.in.cbor.model.DataItem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

class CborReaderTest {
  private static Object value(String hex) throws FormatException {
    return CborReader.decode(Bytes.concat(hex("a100"), hex(hex))).numbers().get(0L);
  }

  /** Of RFC 8949, appendix A. */
  @ParameterizedTest
  @CsvSource({
    "00, 0",
    "17, 23",
    "1818, 24",
    "1903e8, 1000",
    "1a000f4240, 1000000",
    "1b000000e8d4a51000, 1000000000000",
    "1b7fffffffffffffff, 9223372036854775807",
    "20, -1",
    "3863, -100",
    "3903e7, -1000",
    "3b7fffffffffffffff, -9223372036854775808",
    "f4, false",
    "f5, true",
    "60, ''",
    "6161, a",
    "62c3bc, \u00fc",
    "64f0908591, \ud800\udd51",
    "80, []",
    "83010203, '[1, 2, 3]'",
    "8301820203820405, '[1, [2, 3], [4, 5]]'",
    "a0, 'CborMap[numbers={}, texts={}]'",
    "a201020304, 'CborMap[numbers={1=2, 3=4}, texts={}]'",
    "a26161016162820203, 'CborMap[numbers={}, texts={a=1, b=[2, 3]}]'",
    "4401020304, 01020304",
  })
  void itemsAreRead(String hex, String value) throws Exception {
    assertEquals(value, value(hex).toString());
  }

  @ParameterizedTest
  @CsvSource({
    // not in the shortest form
    "1817, a CBOR number is not in its shortest form at offset 2",
    "1900ff, a CBOR number is not in its shortest form at offset 2",
    "1a0000ffff, a CBOR number is not in its shortest form at offset 2",
    "1b00000000ffffffff, a CBOR number is not in its shortest form at offset 2",
    "580100, a CBOR number is not in its shortest form at offset 2",
    "b80100, a CBOR number is not in its shortest form at offset 2",
    // of no definite length, or reserved
    "5f4100ff, CBOR of no definite length at offset 2",
    "7f6161ff, CBOR of no definite length at offset 2",
    "9fff, CBOR of no definite length at offset 2",
    "bfff, CBOR of no definite length at offset 2",
    "1c, CBOR of no definite length at offset 2",
    "ff, a CBOR value ff has no place here at offset 2",
    // too great
    "1bffffffffffffffff, a CBOR number has more than 63 bits at offset 2",
    "3b8000000000000000, a CBOR number has more than 63 bits at offset 2",
    "5bffffffffffffffff, a CBOR number has more than 63 bits at offset 2",
    // fractions, tags, simple values
    "f93c00, a CBOR value f9 has no place here at offset 2",
    "fa47c35000, a CBOR value fa has no place here at offset 2",
    "fb3ff199999999999a, a CBOR value fb has no place here at offset 2",
    "f0, a CBOR value f0 has no place here at offset 2",
    "f818, a CBOR value f8 has no place here at offset 2",
    "c100, a CBOR tag has no place here at offset 2",
    // cut off
    "'', 'CBOR announces 1 elements, 1 bytes follow at offset 0'",
    "18, 'CBOR wants 1 more bytes, 0 follow at offset 3'",
    "420a, 'CBOR wants 2 more bytes, 1 follow at offset 3'",
    "5a7fffffff00, 'CBOR wants 2147483647 more bytes, 1 follow at offset 7'",
    "5b7fffffffffffffff00, 'CBOR wants 9223372036854775807 more bytes, 1 follow at offset 11'",
    "820a, 'CBOR announces 2 elements, 1 bytes follow at offset 2'",
    "9b7fffffffffffffff00, 'CBOR announces 9223372036854775807 elements, 1 bytes follow at offset 2'",
    "ba7fffffff0000, 'CBOR announces 2147483647 elements, 2 bytes follow at offset 2'",
    "a201020a, 'CBOR announces 2 elements, 3 bytes follow at offset 2'",
    // too much
    "0000, 1 bytes follow the CBOR at offset 3",
    // no text, and keys that are none or not new
    "62c328, a CBOR text is not UTF-8 at offset 2",
    "61ed, a CBOR text is not UTF-8 at offset 2",
    "63eda080, a CBOR text is not UTF-8 at offset 2",
    "a14100f5, a key of a CBOR map is neither number nor text at offset 3",
    "a1f5f5, a key of a CBOR map is neither number nor text at offset 3",
    "a201000101, a key of a CBOR map stands twice at offset 5",
    "a2616100616100, a key of a CBOR map stands twice at offset 6",
    "a201f60100, a key of a CBOR map stands twice at offset 5",
  })
  void whatIsNotStrictIsRefused(String hex, String message) {
    FormatException refusal = assertThrows(FormatException.class, () -> value(hex));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void anItemThatIsNoMapIsRefused() {
    assertThrows(FormatException.class, () -> CborReader.decode(hex("80")));
    assertThrows(FormatException.class, () -> CborReader.decode(Bytes.EMPTY));
  }

  @Test
  void membersStandInAnyOrder() throws Exception {
    assertEquals(
        new CborMap(Map.of(7L, 3L, -1L, 4L), Map.of("b", 1L, "a", 2L)),
        CborReader.decode(hex("a4 616201 616102 0703 2004")));
  }

  @ParameterizedTest
  @CsvSource({"81", "a100"})
  void nestingIsBounded(String opening) throws Exception {
    assertEquals(7, levels(value(opening.repeat(7) + "00")));
    FormatException refusal =
        assertThrows(FormatException.class, () -> value(opening.repeat(60_000)));
    assertTrue(refusal.getMessage().startsWith("CBOR of more than 8 levels"), refusal.getMessage());
  }

  private static int levels(Object value) {
    if (value instanceof List<?> list) {
      return 1 + levels(list.get(0));
    }
    return value instanceof CborMap map ? 1 + levels(map.numbers().get(0L)) : 0;
  }

  @Test
  void itIsReadWhatStandsNextAndNoMore() throws Exception {
    Bytes bytes = hex("ffff a10102 a0");
    CborReader reader = new CborReader(bytes, 2);
    assertEquals(Map.of(1L, 2L), reader.map().numbers());
    assertEquals(5, reader.at());
    assertEquals(Map.of(), reader.map().numbers());
    reader.requireEnd();
  }

  /** Another library reads whatever is read here, as the same, and writes the same bytes again. */
  @Test
  void aLibraryReadsTheSame() throws Exception {
    Random random = new Random(5);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = Cbor.map(members(random, 0)).toArray();
      if (i % 4 != 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      CborMap map;
      try {
        map = CborReader.decode(Bytes.of(bytes));
      } catch (FormatException e) {
        refused++;
        continue;
      }
      read++;
      List<DataItem> items = new CborDecoder(new ByteArrayInputStream(bytes)).decode();
      assertEquals(1, items.size());
      assertEquals(
          map.numbers().size() + map.texts().size(),
          ((co.nstant.in.cbor.model.Map) items.get(0)).getKeys().size());
      assertArrayEquals(bytes, encoded(items));
    }
    assertTrue(read > 10_000 && refused > 5_000, read + " read, " + refused + " refused");
  }

  private static List<Object> members(Random random, int depth) {
    List<Object> members = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      members.add(random.nextBoolean() ? (Object) (i * 300 - 400) : "k" + i);
      members.add(value(random, depth));
    }
    return members;
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth < 3 ? 6 : 4)) {
      case 0 -> random.nextInt() >> random.nextInt(32);
      case 1 -> repeat(random.nextInt(300), 0xa0);
      case 2 -> "\u00fc".repeat(random.nextInt(20));
      case 3 -> random.nextBoolean();
      case 4 -> List.of(value(random, depth + 1), value(random, depth + 1));
      default -> new Cbor.Raw(Cbor.map(members(random, depth + 1)));
    };
  }

  private static byte[] encoded(List<DataItem> items) throws CborException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CborEncoder(out).nonCanonical().encode(items);
    return out.toByteArray();
  }

  @Test
  void aMemberHasItsType() throws Exception {
    CborMap map =
        CborReader.decode(hex("a6 6162 4101 6174 6178 616e 07 616d a0 616c 814102 617a f6"));
    assertEquals(hex("01"), map.bytes("b"));
    assertEquals("x", map.text("t"));
    assertEquals(7, map.number("n"));
    assertEquals(Map.of(), map.map("m").texts());
    assertEquals(List.of(hex("02")), map.list("l"));
    assertTrue(map.has("z"));
    for (String name : List.of("t", "n", "m", "l", "z", "none")) {
      assertThrows(FormatException.class, () -> map.bytes(name), name);
    }
    for (String name : List.of("b", "n", "m", "l", "z", "none")) {
      assertThrows(FormatException.class, () -> map.text(name), name);
    }
    for (String name : List.of("b", "t", "m", "l", "z", "none")) {
      assertThrows(FormatException.class, () -> map.number(name), name);
    }
    for (String name : List.of("b", "t", "n", "l", "z", "none")) {
      assertThrows(FormatException.class, () -> map.map(name), name);
    }
    for (String name : List.of("b", "t", "n", "m", "z", "none")) {
      assertThrows(FormatException.class, () -> map.list(name), name);
    }
    CborMap mixed = CborReader.decode(hex("a1 616c 82410201"));
    assertThrows(FormatException.class, () -> mixed.list("l"));
  }

  @Test
  void aLongListCostsNoMoreThanItsBytes() throws Exception {
    Bytes list = Bytes.concat(hex("a100 99c000"), repeat(0xc000, 0));
    assertEquals(0xc000, ((List<?>) CborReader.decode(list).numbers().get(0L)).size());
  }

  /** Numbers and texts that share one hash; in a hash table of both, a search looks at half of them. */
  @Test
  @Timeout(
      value = 2,
      unit = TimeUnit.MINUTES,
      threadMode = ThreadMode.SEPARATE_THREAD) // against hanging
  void keysThatAStrangerChoseToCollideDoNoHarm() throws Exception {
    int bits = 16;
    List<Object> members = new ArrayList<>();
    for (int i = 0; i < 1 << bits; i++) {
      StringBuilder text = new StringBuilder();
      for (int bit = 0; bit < bits; bit++) {
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      members.addAll(List.of(text.toString(), 0));
    }
    int hash = members.get(0).hashCode();
    for (long high = 1; high <= 1 << bits; high++) {
      long number = high << 32 | ((high ^ hash) & 0xffff_ffffL);
      assertEquals(hash, Long.hashCode(number));
      members.addAll(List.of(new Cbor.Raw(hex("1b%016x".formatted(number))), 0));
    }
    CborMap map = CborReader.decode(Cbor.map(members));
    assertEquals(2 << bits, map.numbers().size() + map.texts().size());
  }
}
