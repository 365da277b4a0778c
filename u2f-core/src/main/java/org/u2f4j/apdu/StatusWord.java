package org.u2f4j.apdu;

/**
 * The two bytes that end every answer of a key (FIDO U2F Raw Message Formats, section 3.3).
 *
 * <p>Any value may come; one that U2F does not know is kept as it is.
 *
 * @param value 0 to 65,535
 */
public record StatusWord(int value) {
  /** 9000: done. */
  public static final StatusWord NO_ERROR = new StatusWord(0x9000);

  /** 6985: touch needed; to a check-only request: this key handle is mine. */
  public static final StatusWord CONDITIONS_NOT_SATISFIED = new StatusWord(0x6985);

  /** 6A80: the key handle is not this key's, or belongs to another application. */
  public static final StatusWord WRONG_DATA = new StatusWord(0x6A80);

  /** 6700: the length of the request is wrong. */
  public static final StatusWord WRONG_LENGTH = new StatusWord(0x6700);

  /** 6E00: the class byte is not 0. */
  public static final StatusWord CLA_NOT_SUPPORTED = new StatusWord(0x6E00);

  /** 6D00: the key does not know this instruction. */
  public static final StatusWord INS_NOT_SUPPORTED = new StatusWord(0x6D00);

  /** 6986: the key refuses U2F in its present state. */
  public static final StatusWord COMMAND_NOT_ALLOWED = new StatusWord(0x6986);

  /** 6984: what drafts of U2F answered to a key handle of another key. */
  public static final StatusWord INVALID_DATA = new StatusWord(0x6984);

  /**
   * Checks the range.
   *
   * @param value 0 to 65,535
   * @throws IllegalArgumentException if the value does not fit two bytes
   */
  public StatusWord {
    if (value >>> 16 != 0) {
      throw new IllegalArgumentException("a status word has 16 bits, not the value " + value);
    }
  }

  /**
   * What the value is called.
   *
   * @return the name in the specification, or "unknown"
   */
  public String name() {
    return switch (value) {
      case 0x9000 -> "NO_ERROR";
      case 0x6985 -> "CONDITIONS_NOT_SATISFIED";
      case 0x6A80 -> "WRONG_DATA";
      case 0x6700 -> "WRONG_LENGTH";
      case 0x6E00 -> "CLA_NOT_SUPPORTED";
      case 0x6D00 -> "INS_NOT_SUPPORTED";
      case 0x6986 -> "COMMAND_NOT_ALLOWED";
      case 0x6984 -> "INVALID_DATA";
      default -> "unknown";
    };
  }

  /** Four digits and the name, such as "6985 CONDITIONS_NOT_SATISFIED". */
  @Override
  public String toString() {
    return "%04X %s".formatted(value, name());
  }
}
