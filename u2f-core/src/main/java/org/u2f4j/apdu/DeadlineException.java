package org.u2f4j.apdu;

import java.io.IOException;

/** Time ran out before the key had answered. */
public final class DeadlineException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * Names what was waited for.
   *
   * @param message what did not happen in time
   */
  public DeadlineException(String message) {
    super(message);
  }
}
