package org.u2f4j.hid;

/**
 * Why a key refused a message (CTAP 2.1, section 11.2.9.1.6). Any value may come; one that has no
 * name is kept as it is.
 *
 * @param code 0 to 255
 */
public record CtapHidError(int code) {
  /** 01: the key does not know the command. */
  public static final CtapHidError INVALID_CMD = new CtapHidError(0x01);

  /** 02: a value in the message is out of range. */
  public static final CtapHidError INVALID_PAR = new CtapHidError(0x02);

  /** 03: the message is too long, or not as long as its command asks for. */
  public static final CtapHidError INVALID_LEN = new CtapHidError(0x03);

  /** 04: a packet came out of order. */
  public static final CtapHidError INVALID_SEQ = new CtapHidError(0x04);

  /** 05: the rest of a message did not come in time. */
  public static final CtapHidError MSG_TIMEOUT = new CtapHidError(0x05);

  /** 06: the key is busy with another channel. */
  public static final CtapHidError CHANNEL_BUSY = new CtapHidError(0x06);

  /** 0A: the command needs a LOCK. */
  public static final CtapHidError LOCK_REQUIRED = new CtapHidError(0x0A);

  /** 0B: the key has not given out this channel, or does not know it any more. */
  public static final CtapHidError INVALID_CHANNEL = new CtapHidError(0x0B);

  /** 7F: anything else. */
  public static final CtapHidError OTHER = new CtapHidError(0x7F);

  /**
   * Checks the range.
   *
   * @param code 0 to 255
   * @throws IllegalArgumentException if the code does not fit a byte
   */
  public CtapHidError {
    if (code >>> 8 != 0) {
      throw new IllegalArgumentException("a CTAPHID error is one byte, not the value " + code);
    }
  }

  /**
   * What the error is called.
   *
   * @return the name in the specification, or "unknown"
   */
  public String name() {
    return switch (code) {
      case 0x01 -> "INVALID_CMD";
      case 0x02 -> "INVALID_PAR";
      case 0x03 -> "INVALID_LEN";
      case 0x04 -> "INVALID_SEQ";
      case 0x05 -> "MSG_TIMEOUT";
      case 0x06 -> "CHANNEL_BUSY";
      case 0x0A -> "LOCK_REQUIRED";
      case 0x0B -> "INVALID_CHANNEL";
      case 0x7F -> "OTHER";
      default -> "unknown";
    };
  }

  /** Two digits and the name, such as "06 CHANNEL_BUSY". */
  @Override
  public String toString() {
    return "%02X %s".formatted(code, name());
  }
}
