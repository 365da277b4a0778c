package org.u2f4j.hid.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.u2f4j.hid.token.RawHost.AT_ONCE;
import static org.u2f4j.hid.token.RawHost.INIT;
import static org.u2f4j.hid.token.RawHost.LOCK;
import static org.u2f4j.hid.token.RawHost.PING;

import java.time.Duration;
import org.u2f4j.Bytes;
import org.u2f4j.hid.DeviceInfo;

/** As the first keys were. */
class TokenWithLockTest extends HidChecks {
  TokenWithLockTest() {
    super(DeviceInfo.WINK | DeviceInfo.LOCK);
  }

  private void lock(int seconds) throws Exception {
    assertEquals(Bytes.EMPTY, host.ask(channel, LOCK, Bytes.of((byte) seconds)));
  }

  private void expectLocked(int other) throws Exception {
    host.send(other, PING, data(8));
    host.expectError(other, CHANNEL_BUSY);
  }

  @Check("GH08")
  void answersInitWhileItIsLocked() throws Exception {
    int other = host.open();
    lock(3);
    host.open();
    Bytes nonce = host.newNonce();
    assertEquals(nonce, host.ask(other, INIT, nonce).slice(0, 8));
    expectLocked(other);
    lock(0);
    assertEquals(data(8), host.ask(other, PING, data(8)));
  }

  @Check("GH12")
  void isBusyForOthersWhileItIsLocked() throws Exception {
    int other = host.open();
    lock(3);
    clock.advance(Duration.ofMillis(2_900));
    expectLocked(other);
    assertEquals(data(8), host.ask(channel, PING, data(8))); // begins the time anew
    clock.advance(Duration.ofMillis(2_900));
    expectLocked(other);
    clock.advance(AT_ONCE);
    assertEquals(data(8), host.ask(other, PING, data(8)));
  }
}
