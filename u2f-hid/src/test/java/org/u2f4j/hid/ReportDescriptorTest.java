package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.u2f4j.hid.Samples.hex;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

class ReportDescriptorTest {
  /** That of a key, in node-hid/node-hid issue 431. */
  private static final Bytes USUAL = hex(
      "06d0f1 0901 a101 0920 1500 26ff00 7508 9540 8102" + " 0921 1500 26ff00 7508 9540 9102 c0");

  /** A boot keyboard (USB Device Class Definition for HID 1.11, appendix E.6). */
  private static final Bytes KEYBOARD = hex("0501 0906 a101 0507 19e0 29e7 1500 2501 7501 9508 8102"
      + " 9501 7508 8101 9505 7501 0508 1901 2905 9102 9501 7503 9101"
      + " 9506 7508 1500 2565 0507 1900 2965 8100 c0");

  @Test
  void theUsualDescriptorIsReadAndWritten() throws FormatException {
    assertEquals(new ReportDescriptor(64, 64), ReportDescriptor.decode(USUAL));
    assertEquals(USUAL, ReportDescriptor.USUAL.encode());
  }

  @Test
  void whatIsWrittenIsReadAgain() throws FormatException {
    for (int size = 8; size <= 64; size++) {
      ReportDescriptor sizes = new ReportDescriptor(size, 72 - size);
      assertEquals(sizes, ReportDescriptor.decode(sizes.encode()));
    }
  }

  @Test
  void otherInterfacesArePassedOver() throws FormatException {
    assertEquals(
        new ReportDescriptor(64, 64), ReportDescriptor.decode(Bytes.concat(KEYBOARD, USUAL)));
    assertEquals(
        new ReportDescriptor(64, 64), ReportDescriptor.decode(Bytes.concat(USUAL, KEYBOARD)));
  }

  @ParameterizedTest
  @CsvSource({
    // usage with its page in four bytes; items of 16 bits; a long item; sizes in two directions
    "0600ff 0b0100d0f1 a101 7508 9540 8102 9102 c0, 64, 64",
    "06d0f1 0901 a101 7510 9520 8102 9102 c0, 64, 64",
    "fe03aa 010203 06d0f1 0901 a101 7508 9540 8102 9102 c0, 64, 64",
    "06d0f1 0901 a101 7508 9508 8102 9520 9102 c0, 8, 32",
    // the size before the collection; the usage before its page; a collection within it; page and
    // size kept by push and pop
    "06d0f1 0901 7508 9540 a101 8102 9102 c0, 64, 64",
    "0901 06d0f1 a101 7508 9540 8102 9102 c0, 64, 64",
    "06d0f1 0901 a101 0905 a102 7508 9540 8102 c0 9102 c0, 64, 64",
    "06d0f1 7508 9540 a4 0501 9501 b4 0901 a101 8102 9102 c0, 64, 64",
  })
  void everyWayToWriteItIsUnderstood(String descriptor, int in, int out) throws FormatException {
    assertEquals(new ReportDescriptor(in, out), ReportDescriptor.decode(hex(descriptor)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "06d0f1 0902 a101 7508 9540 8102 9102 c0", // another usage
        "0501 0901 a101 7508 9540 8102 9102 c0", // another page
        "06d0f1 0901 a101 7508 9540 8102 c0", // no output
        "06d0f1 0901 a101 7508 9541 8102 9102 c0", // 65 bytes
        "06d0f1 0901 a101 7508 9507 8102 9102 c0", // 7 bytes
        "06d0f1 0901 a101 7501 9541 8102 9102 c0", // 65 bits
        "06d0f1 0901 a101 77ffffffff 97ffffffff 8102 9102 c0", // overflow
        "06d0f1 0901 a101 7508 95", // cut off
        "06d0f1 0901 a101 7508 9540 8102 27ffff", // cut off
      })
  void whatIsNoFidoInterfaceIsRefused(String descriptor) {
    assertThrows(FormatException.class, () -> ReportDescriptor.decode(hex(descriptor)));
  }

  @Test
  void noSizeIsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> new ReportDescriptor(7, 64));
    assertThrows(IllegalArgumentException.class, () -> new ReportDescriptor(64, 65));
  }
}
