package org.u2f4j.json;

/** How a client says that it could not do what was asked (FIDO U2F JavaScript API, section 3). */
public enum ErrorCode {
  /** 0: no error. */
  OK(0),
  /** 1: an error that no other code names. */
  OTHER_ERROR(1),
  /** 2: the request is malformed, or the caller may not use its AppID. */
  BAD_REQUEST(2),
  /** 3: the client cannot do what is asked. */
  CONFIGURATION_UNSUPPORTED(3),
  /** 4: registering, the key is registered already; signing, it is not. */
  DEVICE_INELIGIBLE(4),
  /** 5: time ran out. */
  TIMEOUT(5);

  private final int value;

  ErrorCode(int value) {
    this.value = value;
  }

  /**
   * The number in JSON.
   *
   * @return 0 to 5
   */
  public int value() {
    return value;
  }

  /**
   * The code for a number.
   *
   * @param value the number in JSON
   * @return the code; {@link #OTHER_ERROR} for a number that has none
   */
  public static ErrorCode of(int value) {
    for (ErrorCode code : values()) {
      if (code.value == value) {
        return code;
      }
    }
    return OTHER_ERROR;
  }
}
