package org.u2f4j.apdu;

/** A key answered, but not with 9000. */
public final class StatusException extends Exception {
  private static final long serialVersionUID = 1;
  private static final int NO_HANDLE = -1;

  /** A status that one model was seen to answer when asked about a foreign key handle. */
  private static final int FOREIGN_HANDLE_QUIRK = 0x63C0;

  /** Sixteen bits: a plain number, so that the exception can be serialised. */
  private final int status;

  /** Bytes, or {@link #NO_HANDLE}. */
  private final int keyHandleLength;

  /**
   * An answer to a request that carries no key handle.
   *
   * @param status what the key answered
   */
  public StatusException(StatusWord status) {
    this(status, NO_HANDLE);
  }

  /**
   * An answer to a request that carries a key handle.
   *
   * @param status what the key answered
   * @param keyHandleLength how many bytes the key handle has; some old keys answer just that number
   *     when the handle is not theirs
   */
  public StatusException(StatusWord status, int keyHandleLength) {
    super("the key answered " + status);
    this.status = status.value();
    this.keyHandleLength = keyHandleLength;
  }

  /**
   * What the key answered.
   *
   * @return any status but 9000
   */
  public StatusWord status() {
    return new StatusWord(status);
  }

  /**
   * Whether the key waits for a touch; ask it again until the person has touched it.
   *
   * @return true for 6985
   */
  public boolean touchRequired() {
    return status == StatusWord.CONDITIONS_NOT_SATISFIED.value();
  }

  /**
   * Whether this is one of the ways to say that the key handle is not this key's: 6A80, but also
   * 6700 and 6984, 63C0, and the length of the key handle itself, which some keys answer.
   *
   * @return true if another key, or another key handle, should be tried
   */
  public boolean unknownKeyHandle() {
    if (keyHandleLength == NO_HANDLE) {
      return false;
    }
    return status == StatusWord.WRONG_DATA.value()
        || status == StatusWord.WRONG_LENGTH.value()
        || status == StatusWord.INVALID_DATA.value()
        || status == FOREIGN_HANDLE_QUIRK
        || status == keyHandleLength;
  }
}
