package org.u2f4j.apdu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.u2f4j.Samples.assertRefused;
import static org.u2f4j.Samples.hex;
import static org.u2f4j.Samples.repeat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.Samples;
import org.u2f4j.apdu.CommandApdu.Form;

class CommandApduTest {
  /** What stands behind the header, by its length: the cases of ISO 7816-4 and their neighbours. */
  @ParameterizedTest
  @CsvSource({
    "'',                   EXTENDED, '', 0", // case 1
    "00,                   SHORT, '', 256", // case 2 short
    "01,                   SHORT, '', 1",
    "ff,                   SHORT, '', 255",
    "01 aa,                SHORT, aa, 0", // case 3 short
    "02 aabb,              SHORT, aabb, 0",
    "05 aabbccddee,        SHORT, aabbccddee, 0",
    "01 aa 00,             SHORT, aa, 256", // case 4 short
    "01 aa 05,             SHORT, aa, 5",
    "02 aabb 01,           SHORT, aabb, 1",
    "04 aabbccdd 00,       SHORT, aabbccdd, 256",
    "00 0000,              EXTENDED, '', 65536", // case 2 extended
    "00 0001,              EXTENDED, '', 1",
    "00 0100,              EXTENDED, '', 256",
    "00 ffff,              EXTENDED, '', 65535",
    "00 0001 aa,           EXTENDED, aa, 0", // case 3 extended
    "00 0002 aabb,         EXTENDED, aabb, 0",
    "00 0003 aabbcc,       EXTENDED, aabbcc, 0",
    "00 0001 aa 0000,      EXTENDED, aa, 65536", // case 4 extended
    "00 0001 aa 0102,      EXTENDED, aa, 258",
    "00 0002 aabb 0001,    EXTENDED, aabb, 1",
    "00 0000 0000,         EXTENDED_EMPTY_LC, '', 65536", // drafts of U2F
    "00 0000 0001,         EXTENDED_EMPTY_LC, '', 1",
    "00 0000 0100,         EXTENDED_EMPTY_LC, '', 256",
  })
  void everyCaseIsReadAndWritten(String behind, Form form, String data, int le)
      throws FormatException {
    Bytes bytes = hex("80 a1 b2 c3" + behind);
    CommandApdu expected = new CommandApdu(0x80, 0xA1, 0xB2, 0xC3, hex(data), le, form);
    assertEquals(expected, CommandApdu.decode(bytes));
    assertEquals(bytes, expected.encode());
  }

  @ParameterizedTest
  @CsvSource({
    "'',                      -1",
    "00,                      -1",
    "00 03,                   -1",
    "00 03 00,                -1",
    "00030000 00 00,           4", // cut off in an extended length
    "00030000 00 01,           4",
    "00030000 02 aa,           4", // Lc is one more than there is
    "00030000 01 aa 00 00,     4", // one byte behind Le
    "00030000 03 aabb,         4",
    "00030000 ff aabbcc,       4",
    "00030000 01 aabbccdd,     4",
    "00030000 03 aabbccddee,   4",
    "00030000 00 0000 00,      5", // neither Le nor data
    "00030000 00 0002 aa,      5",
    "00030000 00 0001 aa 00,   5", // half of an Le
    "00030000 00 0003 aabb,    5",
    "00030000 00 0000 000000,  5",
    "00030000 00 0002 aabbcc,  5",
    "00030000 00 0004 aabbcc,  5",
    "00030000 00 0001 aa 000000, 5",
    "00030000 00 ffff aabbcc,  5",
  })
  void lengthsThatDoNotAddUpAreRefused(String bytes, int offset) {
    assertRefused(offset, () -> CommandApdu.decode(hex(bytes)));
  }

  @ParameterizedTest
  @CsvSource({"1", "254", "255", "256", "257", "65534", "65535"})
  void lcIsExact(int length) throws FormatException {
    Bytes data = repeat(length, 0xAA);
    for (Form form : length < 256 ? Form.values() : new Form[] {Form.EXTENDED}) {
      if (form == Form.EXTENDED_EMPTY_LC) {
        continue;
      }
      int header = form == Form.SHORT ? 5 : 7;
      int leLength = form == Form.SHORT ? 1 : 2;
      for (int le : new int[] {0, 1, 255, 256}) {
        Bytes bytes = new CommandApdu(0, 1, 2, 3, data, le, form).encode();
        assertEquals(header + length + (le == 0 ? 0 : leLength), bytes.length());
        assertEquals(data, CommandApdu.decode(bytes).data());
        assertEquals(le, CommandApdu.decode(bytes).le());
        assertRefused(
            header == 5 ? 4 : 5, () -> CommandApdu.decode(Bytes.concat(bytes, hex("000000"))));
      }
    }
  }

  @Test
  void aMessageNamesBothNumbers() {
    assertRefused(
        "Lc says 3 bytes of data, 2 bytes follow at offset 4",
        () -> CommandApdu.decode(hex("00010000 03 aabb")));
    assertRefused(
        "Lc says 258 bytes of data, 1 bytes follow at offset 5",
        () -> CommandApdu.decode(hex("00010000 00 0102 aa")));
    assertRefused(
        "an extended length is cut off after 6 bytes at offset 4",
        () -> CommandApdu.decode(hex("00010000 0001")));
    assertRefused("a command has at least 4 bytes, not 3", () -> CommandApdu.decode(hex("000100")));
  }

  @Test
  void everyPlaceHasItsRange() {
    int[] bad = {-1, 256, 1 << 31};
    for (int value : bad) {
      refused(() -> new CommandApdu(value, 0, 0, 0, Bytes.EMPTY, 0, Form.SHORT));
      refused(() -> new CommandApdu(0, value, 0, 0, Bytes.EMPTY, 0, Form.SHORT));
      refused(() -> new CommandApdu(0, 0, value, 0, Bytes.EMPTY, 0, Form.SHORT));
      refused(() -> new CommandApdu(0, 0, 0, value, Bytes.EMPTY, 0, Form.SHORT));
    }
    refused(() -> new CommandApdu(0, 1, 0, 0, repeat(256, 0), 0, Form.SHORT));
    refused(() -> new CommandApdu(0, 1, 0, 0, repeat(65_536, 0), 0, Form.EXTENDED));
    refused(() -> new CommandApdu(0, 1, 0, 0, Bytes.EMPTY, -1, Form.EXTENDED));
    refused(() -> new CommandApdu(0, 1, 0, 0, Bytes.EMPTY, 65_537, Form.EXTENDED));
    refused(() -> new CommandApdu(0, 1, 0, 0, Bytes.EMPTY, 257, Form.SHORT));
    refused(() -> new CommandApdu(0, 1, 0, 0, hex("aa"), 1, Form.EXTENDED_EMPTY_LC));
    refused(() -> new CommandApdu(0, 1, 0, 0, Bytes.EMPTY, 0, Form.EXTENDED_EMPTY_LC));
  }

  private static void refused(org.junit.jupiter.api.function.Executable constructor) {
    assertThrows(IllegalArgumentException.class, constructor);
  }

  @Test
  void fourBytesHaveOneForm() {
    CommandApdu extended = new CommandApdu(0, 1, 2, 3, Bytes.EMPTY, 0, Form.EXTENDED);
    assertEquals(extended, new CommandApdu(0, 1, 2, 3, Bytes.EMPTY, 0, Form.SHORT));
    assertEquals(hex("00010203"), extended.encode());
  }

  @Test
  void theLongestAnswerIsAskedForInEitherForm() {
    CommandApdu command = new CommandApdu(1, 3, hex("aa"));
    assertEquals(hex("00010300 000001 aa 0000"), command.encode());
    assertEquals(hex("00010300 01 aa 00"), command.withForm(Form.SHORT).encode());
    assertEquals(
        new CommandApdu(0, 1, 3, 0, hex("aa"), 256, Form.EXTENDED),
        command.withForm(Form.SHORT).withForm(Form.EXTENDED));
    CommandApdu few = new CommandApdu(0, 1, 3, 0, Bytes.EMPTY, 6, Form.EXTENDED);
    assertEquals(hex("00010300 06"), few.withForm(Form.SHORT).encode());
    CommandApdu many = new CommandApdu(0, 1, 3, 0, Bytes.EMPTY, 257, Form.EXTENDED);
    refused(() -> many.withForm(Form.SHORT));
  }

  @Test
  void toStringShowsNoMoreThanFourBytesOfTheData() {
    assertEquals(
        "00 01 03 00 data aaaaaaaa\u2026 (64 bytes) le 65536 EXTENDED",
        new CommandApdu(1, 3, repeat(64, 0xAA)).toString());
  }

  @Test
  void decodeReturnsWhatWasEncoded() throws FormatException {
    for (int seed = 0; seed < 5_000; seed++) {
      CommandApdu command = random(new Random(seed));
      assertEquals(command, CommandApdu.decode(command.encode()), "seed " + seed);
    }
  }

  static CommandApdu random(Random random) {
    Form form = Samples.pick(random, Form.values());
    boolean isShort = form == Form.SHORT;
    boolean emptyLc = form == Form.EXTENDED_EMPTY_LC;
    int maxData = random.nextInt(20) == 0 && !isShort ? 65_536 : 256;
    return new CommandApdu(
        random.nextInt(256),
        random.nextInt(256),
        random.nextInt(256),
        random.nextInt(256),
        emptyLc ? Bytes.EMPTY : Samples.random(random, random.nextInt(maxData)),
        emptyLc ? 1 + random.nextInt(65_536) : random.nextInt(isShort ? 257 : 65_537),
        form);
  }

  @Test
  void encodeReturnsWhatWasDecoded() {
    int decoded = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(14)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (random.nextBoolean() ? random.nextInt(7) : 0);
      }
      try {
        CommandApdu command = CommandApdu.decode(Bytes.of(bytes));
        assertEquals(Bytes.of(bytes), command.encode(), "seed " + seed);
        decoded++;
      } catch (FormatException e) {
        // refused is as good
      }
    }
    Samples.assertBetween(2_000, 18_000, decoded);
  }
}
