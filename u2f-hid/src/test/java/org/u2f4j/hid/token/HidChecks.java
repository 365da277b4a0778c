package org.u2f4j.hid.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.hid.Samples.hex;
import static org.u2f4j.hid.token.RawHost.BROADCAST;
import static org.u2f4j.hid.token.RawHost.CBOR;
import static org.u2f4j.hid.token.RawHost.ERROR;
import static org.u2f4j.hid.token.RawHost.INIT;
import static org.u2f4j.hid.token.RawHost.MSG;
import static org.u2f4j.hid.token.RawHost.PING;
import static org.u2f4j.hid.token.RawHost.WINK;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.u2f4j.Bytes;
import org.u2f4j.hid.DeviceInfo;
import org.u2f4j.hid.FakeClock;
import org.u2f4j.hid.Samples;
import org.u2f4j.soft.SoftwareKey;

/** What device test programs check of any token, after device-checks.txt. */
abstract class HidChecks {
  static final int INVALID_CMD = 0x01;
  static final int INVALID_LEN = 0x03;
  static final int INVALID_SEQ = 0x04;
  static final int MSG_TIMEOUT = 0x05;
  static final int CHANNEL_BUSY = 0x06;
  static final int INVALID_CHANNEL = 0x0B;

  final FakeClock clock = new FakeClock();
  final int capabilities;
  RawHost host;
  int channel;

  HidChecks(int capabilities) {
    this.capabilities = capabilities;
  }

  HidToken token() {
    return new HidToken(SoftwareKey.create()).withInfo(new DeviceInfo(2, 1, 2, 3, capabilities));
  }

  @BeforeEach
  void plugIn() throws Exception {
    host = new RawHost(new TokenWire(token(), clock).connect(), clock);
    channel = host.open();
  }

  static Bytes data(int length) {
    return Samples.random(new Random(length), length);
  }

  /** Begins a ping of 99 bytes, which takes another packet. */
  void beginPing(int whose) throws Exception {
    host.first(whose, PING, 99, data(57));
  }

  /** The message that was begun first is given up, not long before or after half a second. */
  void expectTimeout(int whose, int leastMillis) throws Exception {
    RawHost.Answer answer = host.receive(Duration.ofSeconds(2));
    assertNotNull(answer);
    assertEquals(whose, answer.channel());
    assertEquals(ERROR, answer.command());
    assertEquals(Bytes.of((byte) MSG_TIMEOUT), answer.payload());
    long millis = answer.after().toMillis();
    assertTrue(leastMillis <= millis && millis <= 1_000, () -> "after " + millis + " ms");
  }

  @Check({"GH01", "GH23"})
  void sendsNothingUnasked() throws Exception {
    host.expectSilence(Duration.ofMillis(500));
    assertEquals(data(99), host.ask(channel, PING, data(99)));
    host.expectSilence(Duration.ofSeconds(2));
  }

  @Check({"GH02", "SH02"})
  void answersInitOnBroadcast() throws Exception {
    Bytes nonce = host.newNonce();
    Bytes answer = host.ask(BROADCAST, INIT, nonce);
    assertEquals(17, answer.length());
    assertEquals(nonce, answer.slice(0, 8));
  }

  @Check("GH03")
  void givesOutAnotherChannelEachTime() throws Exception {
    assertNotEquals(channel, host.open());
  }

  @Check("GH04")
  void answersInitOnAChannelOfItsOwn() throws Exception {
    Bytes nonce = host.newNonce();
    Bytes answer = host.ask(channel, INIT, nonce);
    assertEquals(
        Bytes.concat(nonce, hex("%08x".formatted(channel)), Bytes.of(new byte[] {
          2, 1, 2, 3, (byte) capabilities
        })),
        answer);
  }

  @Check("GH05")
  void doesNotKnowTheOldCommandSync() throws Exception {
    host.send(channel, 0xBC, Bytes.EMPTY);
    host.expectError(channel, INVALID_CMD);
  }

  @Check({"GH09", "SH11", "SH10"})
  void initDropsWhatWasBegunOnItsChannel() throws Exception {
    beginPing(channel);
    Bytes nonce = host.newNonce();
    assertEquals(nonce, host.ask(channel, INIT, nonce).slice(0, 8));
    host.further(channel, 0, data(42));
    host.expectSilence(Duration.ofSeconds(1));
    assertEquals(data(100), host.ask(channel, PING, data(100)));
  }

  @Check({"GH10", "SH12"})
  void initOnAnotherChannelDisturbsNothing() throws Exception {
    int other = host.open();
    beginPing(channel);
    Bytes nonce = host.newNonce();
    assertEquals(nonce, host.ask(other, INIT, nonce).slice(0, 8));
    host.open();
    expectTimeout(channel, 400);
  }

  @Check({"GH11", "SH04"})
  void winksIfItSaysSo() throws Exception {
    assertTrue((capabilities & DeviceInfo.WINK) != 0); // SH04 takes it for granted
    assertEquals(Bytes.EMPTY, host.ask(channel, WINK, Bytes.EMPTY));
    HidToken still = token().withInfo(new DeviceInfo(2, 1, 2, 3, 0));
    host = new RawHost(new TokenWire(still, clock).connect(), clock);
    channel = host.open();
    host.send(channel, WINK, Bytes.EMPTY);
    host.expectError(channel, INVALID_CMD);
  }

  @Check({"GH13", "GH14", "SH01", "SH03"})
  void sendsPingsBack() throws Exception {
    for (int length : new int[] {0, 1, 8, 57, 58, 100, 1000, 1024, 7609}) {
      assertEquals(data(length), host.ask(channel, PING, data(length)));
    }
  }

  @Check({"GH15", "SH13"})
  void givesUpAMessageThatDoesNotGoOn() throws Exception {
    beginPing(channel);
    expectTimeout(channel, 400);
    host.further(channel, 0, data(42));
    host.expectSilence(Duration.ofSeconds(1));
  }

  @Check("GH16")
  void refusesAWrongSequence() throws Exception {
    beginPing(channel);
    host.further(channel, 1, data(42));
    host.expectError(channel, INVALID_SEQ);
    host.expectSilence(Duration.ofMillis(600));
  }

  @Check("SH09")
  void refusesAGapInTheSequence() throws Exception {
    host.first(channel, PING, 1000, data(57));
    host.further(channel, 0, data(59));
    host.further(channel, 1, data(59));
    host.further(channel, 3, data(59));
    host.expectError(channel, INVALID_SEQ);
  }

  @Check({"GH17", "SH14"})
  void refusesANewMessageWithinAnother() throws Exception {
    beginPing(channel);
    beginPing(channel);
    host.expectError(channel, INVALID_SEQ);
    host.expectSilence(Duration.ofMillis(600));
  }

  @Check({"GH18", "SH15"})
  void passesOverAPacketThatContinuesNothing() throws Exception {
    host.further(channel, 0, data(59));
    host.expectSilence(Duration.ofSeconds(1));
  }

  @Check({"GH19", "SH08"})
  void refusesALengthThatPacketsCannotCarry() throws Exception {
    host.first(channel, PING, 7610, data(57));
    host.expectError(channel, INVALID_LEN);
  }

  @Check({"GH20", "SH16"})
  void isBusyForOthersWhileAMessageComesIn() throws Exception {
    int other = host.open();
    beginPing(channel);
    host.send(other, PING, data(8));
    host.expectError(other, CHANNEL_BUSY);
    expectTimeout(channel, 450);
  }

  @Check({"GH21", "SH17"})
  void finishesTheFirstOfTwoInterleavedMessages() throws Exception {
    int other = host.open();
    beginPing(channel);
    beginPing(other);
    host.further(channel, 0, data(99).slice(57));
    host.further(other, 0, data(99).slice(57));
    host.expectError(other, CHANNEL_BUSY);
    Bytes back = host.expect(channel, PING);
    assertEquals(Bytes.concat(data(57), data(99).slice(57)), back);
    host.expectSilence(Duration.ofSeconds(1));
  }

  @Check({"GH24", "SH18"})
  void refusesInitOnTheReservedChannel() throws Exception {
    host.send(0, INIT, host.newNonce());
    host.expectError(0, INVALID_CHANNEL);
  }

  @Check({"GH25", "SH19"})
  void refusesAllButInitOnBroadcast() throws Exception {
    host.send(BROADCAST, PING, data(8));
    host.expectError(BROADCAST, INVALID_CHANNEL);
  }

  @Check("GH26")
  void describesItselfAsAFidoDevice() {
    assertEquals(hex("06d0f1 0901"), token().reportDescriptor().encode().slice(0, 5));
  }

  @Check({"SH05", "SH06"})
  void refusesCommandsWithoutTheirPayload() throws Exception {
    for (int command : new int[] {CBOR, MSG}) {
      host.send(channel, command, Bytes.EMPTY);
      host.expectError(channel, INVALID_LEN);
    }
  }

  @Check("SH07")
  void refusesAVendorCommand() throws Exception {
    host.send(channel, 0x80 | 0x66, Bytes.EMPTY);
    host.expectError(channel, INVALID_CMD);
  }
}
