package org.u2f4j.hid;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/**
 * The sizes of a FIDO interface's reports, as its HID report descriptor gives them (USB Device Class
 * Definition for HID 1.11, section 6.2.2). Other interfaces in the same descriptor are passed over.
 *
 * @param inputSize bytes of the reports that come from the key
 * @param outputSize bytes of the reports that go to the key
 */
public record ReportDescriptor(int inputSize, int outputSize) {
  /** Reports of 64 bytes in both directions, as nearly all keys have them. */
  public static final ReportDescriptor USUAL = new ReportDescriptor(64, 64);

  /** Usage page F1D0, usage 01: a U2F or CTAP key. */
  static final int FIDO_PAGE = 0xF1D0;

  static final int FIDO_USAGE = 0x01;

  private static final int LONG_ITEM = 0xFE;
  private static final int INPUT = 0x80;
  private static final int OUTPUT = 0x90;
  private static final int COLLECTION = 0xA0;
  private static final int END_COLLECTION = 0xC0;
  private static final int USAGE_PAGE = 0x04;
  private static final int REPORT_SIZE = 0x74;
  private static final int REPORT_ID = 0x84;
  private static final int REPORT_COUNT = 0x94;
  private static final int PUSH = 0xA4;
  private static final int POP = 0xB4;
  private static final int USAGE = 0x08;
  private static final int MAX_PUSHED = 64;

  /**
   * Checks the sizes.
   *
   * @param inputSize 8 to 64
   * @param outputSize 8 to 64
   * @throws IllegalArgumentException if a size is out of range
   */
  public ReportDescriptor {
    if (!fits(inputSize) || !fits(outputSize)) {
      throw new IllegalArgumentException(
          "reports have 8 to 64 bytes, not %s in and %s out".formatted(inputSize, outputSize));
    }
  }

  private static boolean fits(long size) {
    return size >= Packet.MIN_SIZE && size <= Packet.MAX_SIZE;
  }

  private record Globals(long page, long bits, long count) {}

  /**
   * Reads a descriptor.
   *
   * @param bytes the whole descriptor
   * @return the sizes of the FIDO interface in it
   * @throws FormatException if an item is cut off, or there is no FIDO interface with reports of 8 to
   *     64 bytes
   */
  public static ReportDescriptor decode(Bytes bytes) throws FormatException {
    Deque<Globals> pushed = new ArrayDeque<>();
    Globals globals = new Globals(0, 0, 0);
    long usage = 0;
    boolean paged = false; // whether the usage brought its page, which else may come after it
    boolean fido = false;
    boolean numbered = false; // for the rest of the descriptor, whoever asked for it
    int depth = 0;
    long in = 0;
    long out = 0;
    for (int at = 0; at < bytes.length(); ) {
      int prefix = bytes.at(at);
      if (prefix == LONG_ITEM) {
        at += 3 + (at + 1 < bytes.length() ? bytes.at(at + 1) : 0);
        continue;
      }
      int size = (prefix & 3) == 3 ? 4 : prefix & 3;
      long value = value(bytes, at + 1, size);
      switch (prefix & 0xFC) {
        case USAGE_PAGE -> globals = new Globals(value, globals.bits, globals.count);
        case REPORT_ID -> numbered = true;
        case REPORT_SIZE -> globals = new Globals(globals.page, value, globals.count);
        case REPORT_COUNT -> globals = new Globals(globals.page, globals.bits, value);
        case PUSH -> {
          if (pushed.size() == MAX_PUSHED) {
            throw new FormatException("the report descriptor pushes too much", at);
          }
          pushed.push(globals);
        }
        case POP -> globals = pushed.isEmpty() ? globals : pushed.pop();
        case USAGE -> {
          usage = value;
          paged = size == 4;
        }
        case COLLECTION -> {
          if (depth++ == 0) {
            long whole = paged ? usage : (globals.page << 16) | usage;
            fido = whole == (((long) FIDO_PAGE << 16) | FIDO_USAGE);
          }
          usage = 0;
        }
        case END_COLLECTION -> {
          depth = Math.max(0, depth - 1);
          fido = fido && depth > 0;
          usage = 0;
        }
        case INPUT -> {
          requireUnnumbered(fido && numbered, at);
          in += fido ? globals.bits * globals.count : 0;
          usage = 0;
        }
        case OUTPUT -> {
          requireUnnumbered(fido && numbered, at);
          out += fido ? globals.bits * globals.count : 0;
          usage = 0;
        }
        default -> {}
      }
      at += 1 + size;
    }
    return new ReportDescriptor(bytesOf(in, "input"), bytesOf(out, "output"));
  }

  private static void requireUnnumbered(boolean numbered, int at) throws FormatException {
    if (numbered) {
      throw new FormatException("the FIDO reports have numbers, which CTAPHID does not know", at);
    }
  }

  private static long value(Bytes bytes, int at, int size) throws FormatException {
    if (at + size > bytes.length()) {
      throw new FormatException("an item of the report descriptor is cut off", at);
    }
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = (value << 8) | bytes.at(at + i);
    }
    return value;
  }

  private static int bytesOf(long bits, String what) throws FormatException {
    if (bits % 8 != 0 || !fits(bits / 8)) {
      throw new FormatException(
          "the FIDO %s reports have %s bits, not 8 to 64 bytes".formatted(what, bits));
    }
    return (int) (bits / 8);
  }

  /**
   * The descriptor of a device that has a FIDO interface only.
   *
   * @return 34 bytes
   */
  public Bytes encode() {
    // usage page and usage, an application; then usage, 0 to 255, 8 bits, how often, in or out
    String items = "06d0f1 0901 a101"
        + " 0920 1500 26ff00 7508 95%02x 8102".formatted(inputSize)
        + " 0921 1500 26ff00 7508 95%02x 9102".formatted(outputSize)
        + " c0";
    return Bytes.of(HexFormat.of().parseHex(items.replace(" ", "")));
  }
}
