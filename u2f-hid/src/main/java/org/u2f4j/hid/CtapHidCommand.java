package org.u2f4j.hid;

/**
 * What a CTAPHID message is (CTAP 2.1, section 11.2.9). Any value may come; one that has no name is
 * kept as it is.
 *
 * @param code 0 to 127, without the bit 80 that marks the first packet of a message
 */
public record CtapHidCommand(int code) {
  /** 01: the key sends the same bytes back. */
  public static final CtapHidCommand PING = new CtapHidCommand(0x01);

  /** 03: a U2F command and its answer. */
  public static final CtapHidCommand MSG = new CtapHidCommand(0x03);

  /** 04: keeps other channels out for a while. */
  public static final CtapHidCommand LOCK = new CtapHidCommand(0x04);

  /** 06: asks for a channel, or aborts what goes on in one. */
  public static final CtapHidCommand INIT = new CtapHidCommand(0x06);

  /** 08: the key shows itself. */
  public static final CtapHidCommand WINK = new CtapHidCommand(0x08);

  /** 10: a CTAP2 command and its answer. */
  public static final CtapHidCommand CBOR = new CtapHidCommand(0x10);

  /** 11: ends a CTAP2 command; has no answer of its own. */
  public static final CtapHidCommand CANCEL = new CtapHidCommand(0x11);

  /** 3B: the key is still busy with the command, or waits for a touch. */
  public static final CtapHidCommand KEEPALIVE = new CtapHidCommand(0x3B);

  /** 3F: the key refuses; a {@link CtapHidError} follows. */
  public static final CtapHidCommand ERROR = new CtapHidCommand(0x3F);

  /** 40: the first of the commands that makers define. */
  public static final int FIRST_VENDOR = 0x40;

  /**
   * Checks the range.
   *
   * @param code 0 to 127
   * @throws IllegalArgumentException if the code does not fit seven bits
   */
  public CtapHidCommand {
    if (code >>> 7 != 0) {
      throw new IllegalArgumentException("a CTAPHID command has 7 bits, not the value " + code);
    }
  }

  /**
   * What the command is called.
   *
   * @return the name in the specification, "VENDOR", or "unknown"
   */
  public String name() {
    return switch (code) {
      case 0x01 -> "PING";
      case 0x03 -> "MSG";
      case 0x04 -> "LOCK";
      case 0x06 -> "INIT";
      case 0x08 -> "WINK";
      case 0x10 -> "CBOR";
      case 0x11 -> "CANCEL";
      case 0x3B -> "KEEPALIVE";
      case 0x3F -> "ERROR";
      default -> code >= FIRST_VENDOR ? "VENDOR" : "unknown";
    };
  }

  /** Two digits and the name, such as "06 INIT". */
  @Override
  public String toString() {
    return "%02X %s".formatted(code, name());
  }
}
