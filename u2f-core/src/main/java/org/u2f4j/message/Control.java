package org.u2f4j.message;

/** What an authentication request asks for: its P1 (FIDO U2F Raw Message Formats, section 5.1). */
public enum Control {
  /** 03: sign once the person has touched the key. */
  ENFORCE_USER_PRESENCE_AND_SIGN(0x03),
  /** 07: only say whether the key handle is the key's own; never sign. */
  CHECK_ONLY(0x07),
  /** 08: sign with or without a touch; the answer tells which. */
  DONT_ENFORCE_USER_PRESENCE_AND_SIGN(0x08);

  private final int value;

  Control(int value) {
    this.value = value;
  }

  /**
   * The byte on the wire.
   *
   * @return P1
   */
  public int value() {
    return value;
  }
}
