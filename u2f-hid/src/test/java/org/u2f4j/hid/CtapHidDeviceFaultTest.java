package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.hid.token.Fault;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.hid.token.TokenWire;

/** What the host makes of everything that a key, a cable or another program can do wrong. */
class CtapHidDeviceFaultTest {
  private static final Duration TIME = Duration.ofSeconds(30);

  /** The right answer came. */
  private static final Class<?> OK = ResponseApdu.class;

  private static final Class<?> LATE = DeadlineException.class;
  private static final Class<?> BROKEN = FormatException.class;
  private static final Class<?> REFUSED = CtapHidException.class;
  private static final Class<?> GONE = AccessException.class;

  private final FakeClock clock = new FakeClock();
  private final JournalKey key = new JournalKey(600);
  private final HidToken token = new HidToken(key);
  private final TokenWire wire = new TokenWire(token, clock);
  private final Random random = new Random(4);
  private final List<String> told = new ArrayList<>();
  private final CtapHidDevice.Listener listener = new CtapHidDevice.Listener() {
    @Override
    public void busy() {
      told.add("busy");
    }

    @Override
    public void keepalive(int status) {
      told.add("keepalive " + status);
    }
  };

  private Deadline deadline() {
    return Deadline.after(TIME, clock);
  }

  private CtapHidDevice open() throws IOException, InterruptedException {
    return CtapHidDevice.open(wire.connect(), listener, deadline());
  }

  /** Each fault, and what comes of a question that may be asked twice and of one that may not. */
  static Stream<Arguments> faults() {
    Duration two = Duration.ofSeconds(2);
    Duration five = Duration.ofSeconds(5);
    return Stream.of(
        Arguments.of(Fault.busy(3), OK, OK),
        Arguments.of(Fault.busy(1_000), LATE, LATE),
        Arguments.of(Fault.error(CtapHidError.INVALID_CMD), REFUSED, REFUSED),
        Arguments.of(Fault.error(CtapHidError.INVALID_LEN), REFUSED, REFUSED),
        Arguments.of(Fault.error(CtapHidError.LOCK_REQUIRED), REFUSED, REFUSED),
        Arguments.of(Fault.error(CtapHidError.OTHER), REFUSED, REFUSED),
        Arguments.of(Fault.error(new CtapHidError(0xEE)), REFUSED, REFUSED),
        Arguments.of(Fault.error(CtapHidError.INVALID_SEQ), OK, REFUSED),
        Arguments.of(Fault.error(CtapHidError.MSG_TIMEOUT), OK, REFUSED),
        Arguments.of(Fault.error(CtapHidError.INVALID_CHANNEL), OK, REFUSED),
        Arguments.of(Fault.forgottenChannels(), OK, REFUSED),
        Arguments.of(Fault.ignored(1), OK, LATE),
        Arguments.of(Fault.ignored(2), OK, LATE), // INIT between is lost too
        Arguments.of(Fault.mute(), LATE, LATE),
        Arguments.of(Fault.keepaliveForEver(), OK, LATE),
        Arguments.of(Fault.keepalive(two), OK, OK),
        Arguments.of(Fault.keepalive(five), OK, OK),
        Arguments.of(Fault.slow(two), OK, OK),
        Arguments.of(Fault.slow(five), OK, OK),
        Arguments.of(Fault.slow(TIME), OK, LATE),
        Arguments.of(Fault.slow(two, 1), OK, OK),
        Arguments.of(Fault.slow(five, 1), OK, LATE),
        Arguments.of(Fault.lostAnswer(), OK, LATE),
        Arguments.of(Fault.repeatedAnswer(), OK, OK),
        Arguments.of(Fault.missingPacket(0), OK, LATE),
        Arguments.of(Fault.missingPacket(1), OK, BROKEN),
        Arguments.of(Fault.missingPacket(128), OK, LATE),
        Arguments.of(Fault.repeatedPacket(0), OK, BROKEN),
        Arguments.of(Fault.repeatedPacket(1), OK, BROKEN),
        Arguments.of(Fault.repeatedPacket(128), OK, OK),
        Arguments.of(Fault.wrongSequence(0), OK, LATE),
        Arguments.of(Fault.wrongSequence(1), OK, BROKEN),
        Arguments.of(Fault.shortReport(0), OK, BROKEN),
        Arguments.of(Fault.shortReport(128), OK, BROKEN),
        Arguments.of(Fault.longReport(0), OK, BROKEN),
        Arguments.of(Fault.longReport(1), OK, BROKEN),
        Arguments.of(Fault.overDeclared(0), OK, LATE),
        Arguments.of(Fault.overDeclared(7_610), OK, BROKEN),
        Arguments.of(Fault.overDeclared(0xFFFF), OK, BROKEN),
        Arguments.of(Fault.longInit(), OK, OK),
        Arguments.of(Fault.foreignPackets(), OK, OK),
        Arguments.of(Fault.foreignNonce(), OK, OK),
        Arguments.of(Fault.unplugged(0), GONE, GONE),
        Arguments.of(Fault.unplugged(1), GONE, GONE),
        Arguments.of(Fault.unplugged(4), GONE, GONE));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aQuestionThatMayBeAskedTwiceIs(Fault fault, Class<?> expected, Class<?> other)
      throws Exception {
    CommandApdu question = JournalKey.repeatable(random);
    CtapHidDevice device = open();
    token.inject(fault);
    assertOutcome(expected, ask(device, question), question);
    assertTrue(key.answersTo(question).size() <= 2);
    assertGoesOn(device);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aQuestionThatMayNotBeAskedTwiceIsNot(Fault fault, Class<?> other, Class<?> expected)
      throws Exception {
    CommandApdu question = JournalKey.unrepeatable(random);
    CtapHidDevice device = open();
    token.inject(fault);
    assertOutcome(expected, ask(device, question), question);
    assertTrue(key.answersTo(question).size() <= 1);
    assertGoesOn(device);
  }

  /** The answer, or why there is none. */
  private Object ask(CtapHidDevice device, CommandApdu question) throws InterruptedException {
    long start = clock.nanos();
    try {
      return device.exchange(question, deadline());
    } catch (IOException e) {
      return e;
    } finally {
      assertTrue(clock.nanos() - start <= TIME.toNanos());
    }
  }

  private void assertOutcome(Class<?> expected, Object outcome, CommandApdu question) {
    assertInstanceOf(expected, outcome);
    if (outcome instanceof ResponseApdu response) {
      assertTrue(key.answersTo(question).contains(response));
    }
  }

  /** Once nothing goes wrong any more, the same device serves again. */
  private void assertGoesOn(CtapHidDevice device) throws InterruptedException {
    if (token.isPlugged()) {
      token.clearFaults();
      CommandApdu next = JournalKey.unrepeatable(random);
      assertOutcome(OK, ask(device, next), next);
      assertEquals(1, key.answersTo(next).size());
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aKeyIsOpenedInSpiteOfAllThatPasses(Fault fault) throws Exception {
    token.inject(fault);
    IOException failure = null;
    try {
      assertGoesOn(open());
    } catch (IOException e) {
      failure = e;
    }
    boolean forEver = fault.toString().equals("mute") || fault.toString().equals("busy 1000");
    Class<?> expected = forEver ? LATE : token.isPlugged() ? null : GONE;
    assertEquals(expected, failure == null ? null : failure.getClass());
  }

  @Test
  void theListenerHearsOfOtherProgramsAndOfAKeyThatIsAtIt() throws Exception {
    CtapHidDevice device = open();
    token.inject(Fault.busy(2));
    token.inject(Fault.keepalive(Duration.ofMillis(250)));
    device.exchange(JournalKey.unrepeatable(random), deadline());
    assertEquals(List.of("busy", "busy", "keepalive 2", "keepalive 2"), told);
  }

  @Test
  void anErrorSaysWhatTheKeySaid() throws Exception {
    CtapHidDevice device = open();
    token.inject(Fault.error(CtapHidError.LOCK_REQUIRED));
    CtapHidException e =
        assertInstanceOf(CtapHidException.class, ask(device, JournalKey.repeatable(random)));
    assertEquals(CtapHidError.LOCK_REQUIRED, e.error());
    assertEquals("the key refuses MSG: it needs a lock first (0A LOCK_REQUIRED)", e.getMessage());
  }

  /** The key answers the first INIT late, and the second one too. */
  @Test
  void initThatWasAskedTwiceMayBeAnsweredTwice() throws Exception {
    CtapHidDevice device = open();
    token.inject(Fault.lostAnswer()); // so that the channel is cleared
    ask(device, JournalKey.unrepeatable(random));
    token.inject(Fault.repeatedAnswer());
    CommandApdu question = JournalKey.unrepeatable(random);
    assertOutcome(OK, ask(device, question), question);
  }

  @Test
  void whatAnotherProgramIsToldIsNoReasonToAskAgain() throws Exception {
    HidConnection connection = wire.connect();
    token.inject(Fault.busy(100));
    CtapHidDevice.Listener counting = new CtapHidDevice.Listener() {
      @Override
      public void busy() {
        if (told.size() == 20) {
          token.clearFaults();
        }
        told.add("busy");
      }
    };
    CtapHidDevice second = CtapHidDevice.open(wire.connect(), counting, deadline());
    assertEquals(21, told.size());
    told.clear();
    CtapHidDevice first = CtapHidDevice.open(connection, listener, deadline());
    assertEquals(List.of("busy"), told);
    assertEquals(second.channel().bits() + 1, first.channel().bits());
  }
}
