package org.u2f4j.hid.token;

import static org.u2f4j.hid.token.RawHost.LOCK;

import org.u2f4j.Bytes;
import org.u2f4j.hid.DeviceInfo;

/** As most keys are. */
class TokenWithoutLockTest extends HidChecks {
  TokenWithoutLockTest() {
    super(DeviceInfo.WINK);
  }

  @Check("GH07")
  void refusesLock() throws Exception {
    host.send(channel, LOCK, Bytes.of((byte) 0));
    host.expectError(channel, INVALID_CMD);
  }
}
