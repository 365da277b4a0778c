package org.u2f4j.hid;

import java.io.IOException;

/** The key answered a message with an error. */
public final class CtapHidException extends IOException {
  private static final long serialVersionUID = 1;

  /** What the key said. */
  private final int code;

  CtapHidException(CtapHidCommand command, CtapHidError error) {
    super("the key refuses %s: %s".formatted(command.name(), meaning(error)));
    this.code = error.code();
  }

  private static String meaning(CtapHidError error) {
    String text = switch (error.code()) {
      case 0x01 -> "it does not know this command";
      case 0x02 -> "a value is out of range";
      case 0x03 -> "the length is wrong";
      case 0x04 -> "a packet came out of order";
      case 0x05 -> "the rest of the message came too late";
      case 0x06 -> "another program is using this key";
      case 0x0A -> "it needs a lock first";
      case 0x0B -> "it has forgotten this program, as after a reset; ask again";
      default -> "it does not say why";
    };
    return text + " (" + error + ")";
  }

  /**
   * What the key said.
   *
   * @return the error
   */
  public CtapHidError error() {
    return new CtapHidError(code);
  }
}
