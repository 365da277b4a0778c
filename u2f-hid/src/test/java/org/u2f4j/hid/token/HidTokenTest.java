package org.u2f4j.hid.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.hid.Samples.hex;
import static org.u2f4j.hid.token.HidChecks.CHANNEL_BUSY;
import static org.u2f4j.hid.token.HidChecks.INVALID_CHANNEL;
import static org.u2f4j.hid.token.HidChecks.INVALID_CMD;
import static org.u2f4j.hid.token.HidChecks.INVALID_LEN;
import static org.u2f4j.hid.token.HidChecks.INVALID_SEQ;
import static org.u2f4j.hid.token.HidChecks.MSG_TIMEOUT;
import static org.u2f4j.hid.token.HidChecks.data;
import static org.u2f4j.hid.token.RawHost.BROADCAST;
import static org.u2f4j.hid.token.RawHost.CANCEL;
import static org.u2f4j.hid.token.RawHost.INIT;
import static org.u2f4j.hid.token.RawHost.LOCK;
import static org.u2f4j.hid.token.RawHost.MSG;
import static org.u2f4j.hid.token.RawHost.PING;
import static org.u2f4j.hid.token.RawHost.WINK;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;
import org.u2f4j.hid.Channel;
import org.u2f4j.hid.DeviceInfo;
import org.u2f4j.hid.FakeClock;
import org.u2f4j.hid.ReportDescriptor;
import org.u2f4j.soft.SoftwareKey;

/** What a token does beyond what device tests check. */
class HidTokenTest {
  private static final int OTHER = 0x7F;
  private static final int INVALID_PAR = 0x02;
  private static final Bytes VERSION = hex("00030000000000");

  private final FakeClock clock = new FakeClock();
  private final HidToken token = new HidToken(SoftwareKey.create());

  private RawHost plugIn(HidToken plugged) throws IOException {
    return new RawHost(new TokenWire(plugged, clock).connect(), clock);
  }

  /** A key that answers every command in one way. */
  private interface Key extends Transport {
    ResponseApdu answer() throws IOException, InterruptedException;

    @Override
    default ResponseApdu exchange(CommandApdu command, Deadline deadline)
        throws IOException, InterruptedException {
      assertTrue(deadline.remaining().compareTo(Duration.ofSeconds(1)) <= 0);
      return answer();
    }

    @Override
    default void close() {}
  }

  private RawHost plugIn(Key key) throws IOException {
    return plugIn(new HidToken(key));
  }

  @Test
  void aCommandThatDoesNotParseHasTheWrongLength() throws Exception {
    RawHost host = plugIn(token);
    int channel = host.open();
    assertEquals(hex("6700"), host.ask(channel, MSG, hex("000300")));
    assertEquals(hex("6700"), host.ask(channel, MSG, hex("0003000000000501")));
  }

  @Test
  void aKeyThatFailsOrIsLateIsAnError() throws Exception {
    for (IOException failure : List.of(new IOException("gone"), new DeadlineException("late"))) {
      RawHost host = plugIn(() -> {
        throw failure;
      });
      int channel = host.open();
      host.send(channel, MSG, VERSION);
      host.expectError(channel, OTHER);
    }
  }

  @Test
  void anInterruptDuringTheKeysWorkIsKept() throws Exception {
    RawHost host = plugIn(() -> {
      throw new InterruptedException();
    });
    int channel = host.open();
    host.send(channel, MSG, VERSION);
    assertTrue(Thread.interrupted());
    host.expectError(channel, OTHER);
  }

  @Test
  void anAnswerThatNoPacketsCanCarryIsAnError() throws Exception {
    ResponseApdu[] answers = {
      new ResponseApdu(data(7_607), StatusWord.NO_ERROR),
      new ResponseApdu(data(7_608), StatusWord.NO_ERROR)
    };
    AtomicInteger next = new AtomicInteger();
    RawHost host = plugIn(() -> answers[next.getAndIncrement()]);
    int channel = host.open();
    assertEquals(answers[0].encode(), host.ask(channel, MSG, VERSION));
    host.send(channel, MSG, VERSION);
    host.expectError(channel, OTHER);
  }

  @Test
  void aTokenWithoutMsgDoesNotAskItsKey() throws Exception {
    HidToken off = token.withInfo(new DeviceInfo(2, 1, 0, 0, DeviceInfo.NO_MSG));
    RawHost host = plugIn(off);
    int channel = host.open();
    host.send(channel, MSG, VERSION);
    host.expectError(channel, INVALID_CMD);
  }

  @ParameterizedTest
  @CsvSource({"8, 8, 385", "8, 64, 385", "64, 8, 385", "16, 33, 1417", "64, 64, 7609"})
  void reportsOfEverySizeCarryInitAndPing(int input, int output, int longest) throws Exception {
    RawHost host = plugIn(token.withReports(new ReportDescriptor(input, output)));
    int channel = host.open();
    for (int length : new int[] {0, 1, longest}) {
      assertEquals(data(length), host.ask(channel, PING, data(length)));
    }
    if (output > input) {
      host.send(channel, PING, data(longest + 1)); // fits on the way there
      host.expectError(channel, OTHER);
    } else {
      host.first(channel, PING, longest + 1, data(1));
      host.expectError(channel, INVALID_LEN);
    }
  }

  @Test
  void initInSeveralPacketsPassesBetweenThoseOfAMessage() throws Exception {
    RawHost host = plugIn(token.withReports(new ReportDescriptor(8, 8)));
    int channel = host.open();
    int other = host.open();
    host.first(channel, PING, 2, hex("aa"));
    assertNotEquals(other, host.open());
    Bytes nonce = host.newNonce();
    assertEquals(nonce, host.ask(other, INIT, nonce).slice(0, 8));
    host.further(channel, 0, hex("bb"));
    assertEquals(hex("aabb"), host.expect(channel, PING));
  }

  @Test
  void initThatDoesNotGoOnIsGivenUp() throws Exception {
    RawHost host = plugIn(token.withReports(new ReportDescriptor(64, 8)));
    int channel = host.open();
    host.first(channel, INIT, 8, hex("01"));
    clock.advance(Duration.ofMillis(500));
    host.expectError(channel, MSG_TIMEOUT);
    host.first(channel, INIT, 8, hex("01"));
    host.further(channel, 1, hex("020304"));
    host.expectError(channel, INVALID_SEQ);
    host.first(channel, INIT, 8, hex("01"));
    host.send(channel, PING, Bytes.EMPTY);
    host.expectError(channel, INVALID_SEQ);
    assertEquals(Bytes.EMPTY, host.ask(channel, PING, Bytes.EMPTY));
  }

  @Test
  void initNeedsANonceOfEightBytes() throws Exception {
    RawHost host = plugIn(token);
    for (int length : new int[] {0, 7, 9, 7_609, 0xFFFF}) {
      host.first(BROADCAST, INIT, length, data(8));
      host.expectError(BROADCAST, INVALID_LEN);
    }
  }

  @Test
  void aChannelThatWasNotGivenOutIsRefused() throws Exception {
    RawHost host = plugIn(token);
    int channel = host.open();
    for (int command : new int[] {INIT, PING, MSG, LOCK, CANCEL}) {
      host.send(channel + 1, command, data(8));
      host.expectError(channel + 1, INVALID_CHANNEL);
    }
    host.further(channel + 1, 0, data(8));
    host.expectSilence(Duration.ofSeconds(1));
  }

  @Test
  void theChannelLongestOutOfUseIsForgotten() throws Exception {
    RawHost host = plugIn(token);
    int used = host.open();
    int unused = host.open();
    host.ask(used, PING, Bytes.EMPTY);
    for (int i = 2; i < Channels.MOST + 1; i++) {
      host.open();
    }
    assertEquals(Bytes.EMPTY, host.ask(used, PING, Bytes.EMPTY));
    host.send(unused, PING, Bytes.EMPTY);
    host.expectError(unused, INVALID_CHANNEL);
  }

  @Test
  void noReservedChannelIsGivenOut() {
    Channels channels = new Channels(-4);
    Set<Channel> given = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      given.add(channels.open());
    }
    assertEquals(Set.of(new Channel(-3), new Channel(-2), new Channel(1), new Channel(2)), given);
  }

  @Test
  void cancelHasNoAnswerAndDisturbsNothing() throws Exception {
    RawHost host = plugIn(token);
    int channel = host.open();
    host.send(channel, CANCEL, Bytes.EMPTY);
    host.expectSilence(Duration.ofSeconds(1));
    host.first(channel, PING, 58, data(57));
    host.send(channel, CANCEL, Bytes.EMPTY);
    host.further(channel, 0, data(1));
    assertEquals(Bytes.concat(data(57), data(1)), host.expect(channel, PING));
  }

  @Test
  void lockAndWinkNeedTheirValues() throws Exception {
    HidToken locking =
        token.withInfo(new DeviceInfo(2, 1, 0, 0, DeviceInfo.LOCK | DeviceInfo.WINK));
    RawHost host = plugIn(locking);
    int channel = host.open();
    host.send(channel, LOCK, hex("0b"));
    host.expectError(channel, INVALID_PAR);
    host.send(channel, LOCK, Bytes.EMPTY);
    host.expectError(channel, INVALID_LEN);
    host.send(channel, WINK, hex("00"));
    host.expectError(channel, INVALID_LEN);
  }

  @Test
  void onlyItsHolderEndsALock() throws Exception {
    RawHost host = plugIn(token.withInfo(new DeviceInfo(2, 1, 0, 0, DeviceInfo.LOCK)));
    int channel = host.open();
    int other = host.open();
    host.ask(channel, LOCK, hex("0a"));
    host.send(other, LOCK, hex("00"));
    host.expectError(other, CHANNEL_BUSY);
    host.ask(channel, INIT, host.newNonce()); // clears the channel, not the lock
    host.send(other, PING, Bytes.EMPTY);
    host.expectError(other, CHANNEL_BUSY);
  }

  @Test
  void winksToWhomeverItIsTold() throws Exception {
    AtomicInteger winks = new AtomicInteger();
    RawHost host = plugIn(token.withWink(winks::incrementAndGet));
    host.ask(host.open(), WINK, Bytes.EMPTY);
    assertEquals(1, winks.get());
  }

  @Test
  void aReportOfAnotherSizeIsPassedOver() {
    assertEquals(List.of(), token.receive(data(63), 0));
    assertEquals(List.of(), token.receive(data(65), 0));
    assertEquals(List.of(), token.receive(Bytes.EMPTY, 0));
  }

  @Test
  void saysWhenItHasSomethingToDo() {
    assertEquals(OptionalLong.empty(), token.nextEvent());
    Bytes ask = Bytes.concat(hex("ffffffff 86 0008 0102030405060708"), Bytes.of(new byte[49]));
    int channel = (int) token.receive(ask, 100).get(0).uint32(15);
    Bytes begin = Bytes.concat(hex("%08x 81 0040".formatted(channel)), Bytes.of(new byte[57]));
    assertEquals(List.of(), token.receive(begin, 100));
    assertEquals(OptionalLong.of(500_000_100), token.nextEvent());
    assertEquals(List.of(), token.elapse(500_000_099));
    assertEquals(1, token.elapse(500_000_100).size());
    assertEquals(OptionalLong.empty(), token.nextEvent());
  }

  @Test
  void aTokenThatIsTakenOutStaysSilent() throws Exception {
    RawHost host = plugIn(token);
    int channel = host.open();
    token.inject(Fault.unplugged(0));
    assertFalse(token.isPlugged());
    assertThrows(IOException.class, () -> host.send(channel, PING, Bytes.EMPTY));
    assertThrows(IOException.class, () -> host.receive(Duration.ZERO));
    assertThrows(IOException.class, () -> plugIn(token));
    assertEquals(List.of(), token.elapse(clock.nanos()));
    assertEquals(OptionalLong.empty(), token.nextEvent());
  }
}
