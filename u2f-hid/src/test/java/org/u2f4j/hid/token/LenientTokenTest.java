package org.u2f4j.hid.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.u2f4j.hid.Samples.hex;
import static org.u2f4j.hid.token.RawHost.INIT;
import static org.u2f4j.hid.token.RawHost.PING;

import org.u2f4j.Bytes;
import org.u2f4j.hid.DeviceInfo;

/** As some early keys were. */
class LenientTokenTest extends HidChecks {
  LenientTokenTest() {
    super(DeviceInfo.WINK);
  }

  @Override
  HidToken token() {
    return super.token().lenient();
  }

  @Check("GH06")
  void answersInitOnAChannelThatItDidNotGiveOut() throws Exception {
    Bytes nonce = host.newNonce();
    Bytes answer = host.ask(0xDEADBEEF, INIT, nonce);
    assertEquals(17, answer.length());
    assertEquals(Bytes.concat(nonce, hex("deadbeef")), answer.slice(0, 12));
  }

  @Check("GH22")
  void sendsAPingBackOnAChannelThatItDidNotGiveOut() throws Exception {
    assertEquals(data(10), host.ask(0x100, PING, data(10)));
  }
}
