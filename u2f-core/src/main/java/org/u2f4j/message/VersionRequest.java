package org.u2f4j.message;

import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;

/** Asks a key which version of U2F it speaks (FIDO U2F Raw Message Formats, section 6.1). */
public record VersionRequest() implements Request {
  /** The instruction byte, 03. */
  public static final int INS = 0x03;

  /** What a key of this protocol answers: "U2F_V2" in ASCII, 6 bytes. */
  public static final Bytes U2F_V2 = Bytes.utf8("U2F_V2");

  static VersionRequest decode(Bytes data) throws FormatException {
    if (data.length() != 0) {
      throw new FormatException("a version request has no data, not " + data.length() + " bytes");
    }
    return new VersionRequest();
  }

  @Override
  public CommandApdu toCommand() {
    return new CommandApdu(INS, 0, Bytes.EMPTY);
  }
}
