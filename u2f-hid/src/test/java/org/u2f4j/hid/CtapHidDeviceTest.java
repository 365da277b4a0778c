package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.hid.ScriptedConnection.CHANNEL;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.hid.token.Fault;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.hid.token.TokenWire;

/** The host with a key that does as it should, and with answers that no fault of a token makes. */
class CtapHidDeviceTest {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final CommandApdu VERSION = new CommandApdu(3, 0, Bytes.EMPTY);

  private final FakeClock clock = new FakeClock();
  private final AtomicInteger winks = new AtomicInteger();
  private final HidToken token = new HidToken(new JournalKey(100))
      .withInfo(new DeviceInfo(2, 1, 2, 3, DeviceInfo.WINK | DeviceInfo.LOCK))
      .withWink(winks::incrementAndGet);

  private Deadline deadline() {
    return Deadline.after(TIME, clock);
  }

  private CtapHidDevice open(HidConnection connection) throws IOException, InterruptedException {
    return CtapHidDevice.open(connection, CtapHidDevice.SILENT, deadline());
  }

  private CtapHidDevice open() throws IOException, InterruptedException {
    return open(new TokenWire(token, clock).connect());
  }

  private static Bytes data(int length) {
    return Samples.random(new Random(length), length);
  }

  @Test
  void aKeyIsAskedEverythingThatItServes() throws Exception {
    CtapHidDevice device = open();
    assertEquals(new DeviceInfo(2, 1, 2, 3, 3), device.info());
    device.ping(Bytes.EMPTY, deadline());
    device.ping(data(7_609), deadline());
    device.wink(deadline());
    assertEquals(1, winks.get());
    assertEquals(data(9), device.call(CtapHidCommand.PING, data(9), deadline()));
  }

  @Test
  void aLockKeepsOthersOutUntilItEnds() throws Exception {
    TokenWire wire = new TokenWire(token, clock);
    CtapHidDevice device = open(wire.connect());
    CtapHidDevice other = open(wire.connect());
    device.lock(10, deadline());
    Deadline tooShort = Deadline.after(Duration.ofSeconds(9), clock);
    DeadlineException e =
        assertThrows(DeadlineException.class, () -> other.ping(Bytes.EMPTY, tooShort));
    assertEquals("another program is using this key", e.getMessage());
    device.lock(0, deadline());
    other.ping(Bytes.EMPTY, Deadline.after(Duration.ofMillis(1), clock));
  }

  @Test
  void whatIsNoQuestionIsNotAsked() throws Exception {
    CtapHidDevice device = open();
    for (CtapHidCommand command : List.of(
        CtapHidCommand.INIT,
        CtapHidCommand.CANCEL,
        CtapHidCommand.KEEPALIVE,
        CtapHidCommand.ERROR)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> device.call(command, Bytes.EMPTY, deadline()),
          command::toString);
    }
    assertThrows(IllegalArgumentException.class, () -> device.lock(-1, deadline()));
    assertThrows(IllegalArgumentException.class, () -> device.lock(11, deadline()));
  }

  @Test
  void aKeyWithoutU2fIsNotAskedForIt() throws Exception {
    HidToken off = token.withInfo(new DeviceInfo(2, 1, 2, 3, DeviceInfo.NO_MSG));
    CtapHidDevice device = open(new TokenWire(off, clock).connect());
    AccessException e =
        assertThrows(AccessException.class, () -> device.exchange(VERSION, deadline()));
    assertEquals(AccessProblem.U2F_OFF, e.problem());
    device.ping(data(9), deadline());
  }

  @Test
  void aMessageThatSmallReportsCannotCarryIsNotSent() throws Exception {
    HidToken small = token.withReports(new ReportDescriptor(64, 8));
    CtapHidDevice device = open(new TokenWire(small, clock).connect());
    device.ping(data(385), deadline());
    IOException e = assertThrows(IOException.class, () -> device.ping(data(386), deadline()));
    assertEquals("this key takes messages of at most 385 bytes, not 386", e.getMessage());
  }

  @Test
  void aForgottenChannelIsReplaced() throws Exception {
    CtapHidDevice device = open();
    Channel before = device.channel();
    token.inject(Fault.forgottenChannels());
    device.ping(data(9), deadline());
    assertNotEquals(before, device.channel());
  }

  @Test
  void cancelIsSentOnTheChannelAndWaitsForNothing() throws Exception {
    ScriptedConnection connection = new ScriptedConnection(packet -> List.of());
    CtapHidDevice device = open(connection);
    device.cancel();
    assertEquals(
        new Message(CHANNEL, CtapHidCommand.CANCEL, Bytes.EMPTY).split(64),
        connection.sent.subList(1, 2));
  }

  @Test
  void aDeviceIsClosedWithItsConnection() throws Exception {
    ScriptedConnection connection = new ScriptedConnection(packet -> List.of());
    open(connection).close();
    assertTrue(connection.closed);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void aReservedChannelIsNotTaken(int bits) {
    ScriptedConnection connection =
        new ScriptedConnection(packet -> List.of()).giving(new Channel(bits));
    assertThrows(FormatException.class, () -> open(connection));
    assertTrue(connection.closed);
  }

  /** Each time that it is asked in vain uses up a channel. */
  @Test
  void whatBrokeOffDoesNotHideTheChannel() throws Exception {
    ScriptedConnection connection = new ScriptedConnection(packet -> List.of());
    connection.unread.add(data(63)); // no packet
    Message broken = new Message(Channel.BROADCAST, CtapHidCommand.INIT, data(99));
    connection.unread.add(broken.split(64).get(0));
    open(connection);
    assertEquals(1, connection.sent.size());
  }

  /** After half a second, one and two, and then every four. */
  @Test
  void aKeyThatDoesNotAnswerIsAskedLessAndLessOften() {
    ScriptedConnection connection = new ScriptedConnection(packet -> List.of());
    connection.mute = true;
    assertThrows(DeadlineException.class, () -> open(connection));
    assertEquals(10, connection.sent.size());
  }

  @Test
  void anAnswerToInitWithoutANonceIsPassedOver() throws Exception {
    ScriptedConnection connection = new ScriptedConnection(packet -> List.of());
    Message short_ = new Message(Channel.BROADCAST, CtapHidCommand.INIT, data(7));
    connection.unread.addAll(short_.split(64));
    assertEquals(CHANNEL, open(connection).channel());
  }

  @Test
  void aLateAnswerBehindAReportThatIsNoPacketIsNotTakenForTheNextOne() throws Exception {
    Message answer = message(CtapHidCommand.PING, data(9));
    ScriptedConnection connection = new ScriptedConnection(packet -> List.of(answer));
    CtapHidDevice device = open(connection);
    connection.unread.add(data(63));
    connection.unread.addAll(message(CtapHidCommand.PING, data(8)).split(64));
    assertEquals(data(9), device.call(CtapHidCommand.PING, data(9), deadline()));
  }

  /** A device that is answered so, whatever it asks. */
  private CtapHidDevice answered(Message... answers) throws Exception {
    return open(new ScriptedConnection(packet -> List.of(answers)));
  }

  private static Message message(CtapHidCommand command, Bytes payload) {
    return new Message(CHANNEL, command, payload);
  }

  @Test
  void otherBytesThanThoseOfThePingAreNoticed() throws Exception {
    CtapHidDevice device = answered(message(CtapHidCommand.PING, data(8)));
    FormatException e = assertThrows(FormatException.class, () -> device.ping(data(9), deadline()));
    assertEquals("8 other bytes came back than the 9 that were sent", e.getMessage());
  }

  @Test
  void anAnswerToAnotherCommandIsRefused() throws Exception {
    CtapHidDevice device = answered(message(CtapHidCommand.PING, data(8)));
    FormatException e =
        assertThrows(FormatException.class, () -> device.exchange(VERSION, deadline()));
    assertEquals("the key answers MSG with 01 PING", e.getMessage());
  }

  @Test
  void anAnswerWithoutStatusIsRefused() throws Exception {
    CtapHidDevice device = answered(message(CtapHidCommand.MSG, data(1)));
    assertThrows(FormatException.class, () -> device.exchange(VERSION, deadline()));
  }

  @Test
  void aKeepaliveWithoutStatusIsOne() throws Exception {
    Message keepalive = message(CtapHidCommand.KEEPALIVE, Bytes.EMPTY);
    CtapHidDevice device = answered(keepalive, message(CtapHidCommand.PING, data(9)));
    device.ping(data(9), deadline());
  }

  @Test
  void anErrorWithoutCodeIsAnError() throws Exception {
    CtapHidDevice device = answered(message(CtapHidCommand.ERROR, Bytes.EMPTY));
    CtapHidException e = assertThrows(CtapHidException.class, () -> device.wink(deadline()));
    assertEquals(CtapHidError.OTHER, e.error());
  }

  @Test
  void anAnswerBetweenThoseToOthersIsFound() throws Exception {
    Message other = new Message(new Channel(1), CtapHidCommand.PING, data(200));
    CtapHidDevice device = answered(other, message(CtapHidCommand.PING, data(99)), other, other);
    device.ping(data(99), deadline());
    device.ping(data(99), deadline());
  }

  @Test
  void packetsForOthersDoNotMoveTheDeadline() throws Exception {
    FakeClock passing = new FakeClock();
    CtapHidDevice device = CtapHidDevice.open(
        new Flood(new ScriptedConnection(packet -> List.of()), passing),
        CtapHidDevice.SILENT,
        Deadline.after(TIME, passing));
    Deadline deadline = Deadline.after(TIME, passing);
    assertThrows(
        DeadlineException.class, () -> device.call(CtapHidCommand.PING, data(9), deadline));
    assertEquals(Duration.ZERO, deadline.remaining());
  }

  /** A key that once it was asked sends a packet to another program each millisecond, for ever. */
  private static final class Flood implements HidConnection {
    private final ScriptedConnection inner;
    private final FakeClock clock;

    Flood(ScriptedConnection inner, FakeClock clock) {
      this.inner = inner;
      this.clock = clock;
    }

    @Override
    public int inputReportSize() {
      return 64;
    }

    @Override
    public int outputReportSize() {
      return 64;
    }

    @Override
    public void write(byte[] report) throws IOException {
      inner.write(report);
    }

    @Override
    public int read(byte[] report, Deadline deadline) throws InterruptedException {
      if (inner.sent.size() < 2) {
        return inner.read(report, deadline);
      }
      clock.advance(Duration.ofMillis(1));
      return 64; // all zeros but for what was there: no channel of ours
    }

    @Override
    public void close() {}
  }

  @Test
  void closingEndsAQuestionOnAnotherThread() throws Exception {
    Throwable end = whileAsking(CtapHidDevice::close);
    assertEquals(IOException.class, end.getClass());
    assertEquals("the connection to the key is closed", end.getMessage());
  }

  @Test
  void anInterruptEndsAQuestion() throws Exception {
    Thread asking = Thread.currentThread();
    Throwable end = whileAsking(device -> asking.interrupt());
    assertEquals(InterruptedException.class, end.getClass());
    assertFalse(Thread.interrupted());
  }

  @Test
  void oneQuestionWaitsForAnotherNoLongerThanItsDeadline() throws Exception {
    Deadline passed = Deadline.after(Duration.ZERO);
    whileAsking(device -> {
      try (device) {
        DeadlineException e = assertThrows(DeadlineException.class, () -> device.wink(passed));
        assertEquals("another thread is asking this key", e.getMessage());
      }
    });
  }

  private interface Action {
    void run(CtapHidDevice device) throws Exception;
  }

  /** Asks a mute key for a day, while another thread does something; how the question ends. */
  private Throwable whileAsking(Action action) throws Exception {
    Deadline day = Deadline.after(Duration.ofDays(1));
    CtapHidDevice device =
        CtapHidDevice.open(new TokenWire(token).connect(), CtapHidDevice.SILENT, day);
    token.inject(Fault.mute());
    Thread asking = Thread.currentThread();
    FutureTask<Void> task = new FutureTask<>(() -> {
      while (asking.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      action.run(device);
      return null;
    });
    new Thread(task).start();
    Exception end =
        assertThrows(Exception.class, () -> device.call(CtapHidCommand.PING, data(9), day));
    task.get();
    return end;
  }

  /** A connection on which everything takes its time, and where CANCEL is refused. */
  private final class Odd implements HidConnection {
    private final HidConnection inner;
    private final Duration each;
    private CtapHidError why = CtapHidError.INVALID_CMD;
    private int pings;
    private @Nullable Bytes refusal;

    Odd(HidConnection inner, Duration each) {
      this.inner = inner;
      this.each = each;
    }

    @Override
    public int inputReportSize() {
      return inner.inputReportSize();
    }

    @Override
    public int outputReportSize() {
      return inner.outputReportSize();
    }

    @Override
    public void write(byte[] report) throws IOException {
      clock.advance(each);
      Packet packet = new Packet(report.length).fill(Bytes.of(report));
      if (packet.isFirst() && packet.command().equals(CtapHidCommand.CANCEL)) {
        Bytes code = Bytes.of((byte) why.code());
        refusal = new Message(packet.channel(), CtapHidCommand.ERROR, code)
            .split(report.length)
            .get(0);
        return;
      }
      pings += packet.isFirst() && packet.command().equals(CtapHidCommand.PING) ? 1 : 0;
      inner.write(report);
    }

    @Override
    public int read(byte[] report, Deadline deadline) throws IOException, InterruptedException {
      Bytes first = refusal;
      if (first != null) {
        refusal = null;
        first.copyTo(0, report, 0, first.length());
        return first.length();
      }
      int length = inner.read(report, deadline);
      if (length > 0) {
        clock.advance(each);
      }
      return length;
    }

    @Override
    public void close() throws IOException {
      inner.close();
    }
  }

  @Test
  void aKeyThatTakesReportsSlowlyEndsByTheDeadlineToo() throws Exception {
    Duration each = Duration.ofMillis(300);
    CtapHidDevice device = open(new Odd(new TokenWire(token, clock).connect(), each));
    long before = clock.nanos();
    Deadline short_ = Deadline.after(Duration.ofMillis(500), clock);
    assertThrows(DeadlineException.class, () -> device.ping(data(900), short_));
    assertTrue(clock.nanos() - before <= Duration.ofMillis(500).plus(each).toNanos());
    device.ping(data(9), deadline());
  }

  @Test
  void aLongAnswerThatHasBegunIsNotCutOff() throws Exception {
    Odd slow = new Odd(new TokenWire(token, clock).connect(), Duration.ofMillis(40));
    CtapHidDevice device = open(slow);
    device.ping(data(7_609), deadline());
    assertEquals(1, slow.pings);
  }

  /** With reports so small that an answer to INIT has two. */
  @Test
  void anAnswerThatIsPassedOverDoesNotShortenTheWait() throws Exception {
    HidToken small = token.withReports(new ReportDescriptor(16, 16));
    CtapHidDevice device = open(new TokenWire(small, clock).connect());
    small.inject(Fault.lostAnswer()); // so that the channel is cleared
    assertThrows(
        DeadlineException.class, () -> device.call(CtapHidCommand.PING, data(9), deadline()));
    small.inject(Fault.repeatedAnswer());
    small.inject(Fault.slow(Duration.ofSeconds(5)));
    assertEquals(data(9), device.call(CtapHidCommand.PING, data(9), deadline()));
  }

  @Test
  void withoutTimeNoKeyIsBlamed() {
    ScriptedConnection connection = new ScriptedConnection(packet -> List.of());
    Deadline passed = Deadline.after(Duration.ZERO);
    DeadlineException e = assertThrows(
        DeadlineException.class,
        () -> CtapHidDevice.open(connection, CtapHidDevice.SILENT, passed));
    assertEquals("no time is left to ask the key", e.getMessage());
    assertTrue(connection.closed);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x01, 0x06}) // unknown, or busy: that is no reason to ask again
  void anErrorForACancelIsNotTakenForTheAnswer(int code) throws Exception {
    Odd odd = new Odd(new TokenWire(token, clock).connect(), Duration.ZERO);
    odd.why = new CtapHidError(code);
    CtapHidDevice[] device = new CtapHidDevice[1];
    device[0] = CtapHidDevice.open(
        odd,
        new CtapHidDevice.Listener() {
          @Override
          public void keepalive(int status) {
            try {
              device[0].cancel();
            } catch (IOException | InterruptedException e) {
              throw new AssertionError(e);
            }
          }
        },
        deadline());
    token.inject(Fault.keepalive(Duration.ofMillis(150)));
    assertThrows(
        CtapHidException.class,
        () -> device[0].call(CtapHidCommand.PING, Bytes.utf8("first"), deadline()));
    clock.advance(Duration.ofSeconds(1));
    Bytes second = Bytes.utf8("second");
    assertEquals(second, device[0].call(CtapHidCommand.PING, second, deadline()));
  }

  @Test
  void aListenerMustNotAskTheKey() throws Exception {
    CtapHidDevice[] device = new CtapHidDevice[1];
    device[0] = CtapHidDevice.open(
        new TokenWire(token, clock).connect(),
        new CtapHidDevice.Listener() {
          @Override
          public void keepalive(int status) {
            assertThrows(IllegalStateException.class, () -> device[0].wink(deadline()));
          }
        },
        deadline());
    token.inject(Fault.keepalive(Duration.ofMillis(150)));
    assertEquals(data(9), device[0].call(CtapHidCommand.PING, data(9), deadline()));
    assertEquals(0, winks.get());
  }
}
