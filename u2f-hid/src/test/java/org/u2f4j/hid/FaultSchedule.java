package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.hid.token.Fault;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.hid.token.TokenWire;

/**
 * One or two programs on one key of some report size, with random questions, random deadlines and
 * random faults, all from one seed. Programs come between each other's packets and waits.
 *
 * <p>A question must be answered rightly, by what the key did for this very question, or end with a
 * declared error before its deadline. Once nothing goes wrong any more, each program must be served.
 */
final class FaultSchedule {
  /** What came of the questions of all schedules. */
  static final class Tally {
    int answered;
    int failed;
    int nested;

    void add(Tally other) {
      answered += other.answered;
      failed += other.failed;
      nested += other.nested;
    }
  }

  private static final Set<Class<?>> DECLARED = Set.of(
      CtapHidException.class,
      FormatException.class,
      DeadlineException.class,
      AccessException.class);

  /** More than any question needs; a host in an endless loop would go beyond. */
  private static final int MOST_REPORTS = 100_000;

  private final Random random;
  private final FakeClock clock = new FakeClock();
  private final JournalKey key;
  private final HidToken token;
  private final TokenWire wire;
  private final List<Program> programs = new ArrayList<>();
  private final StringBuilder story = new StringBuilder();
  private final Tally tally = new Tally();
  private final int longest;
  private int winks;

  /** Whether nothing goes wrong any more. */
  private boolean quiet;

  /** How many questions are under way, one within the other. */
  private int depth;

  /** Time that questions within others took. */
  private long nestedNanos;

  FaultSchedule(long seed) {
    random = new Random(seed);
    ReportDescriptor sizes = random.nextInt(3) == 0
        ? new ReportDescriptor(8 + random.nextInt(57), 8 + random.nextInt(57))
        : ReportDescriptor.USUAL;
    longest = Packet.maxPayload(Math.min(sizes.inputSize(), sizes.outputSize()));
    key = new JournalKey(random.nextInt(Math.min(1_200, longest - 2)));
    int lock = random.nextBoolean() ? DeviceInfo.LOCK : 0;
    token = new HidToken(key)
        .withReports(sizes)
        .withInfo(new DeviceInfo(2, 1, 0, 0, DeviceInfo.WINK | lock))
        .withWink(() -> winks++);
    wire = new TokenWire(token, clock);
    clock.beforeSleep = this::mayInterleave;
    programs.add(new Program("A"));
    if (random.nextBoolean()) {
      programs.add(new Program("B"));
    }
  }

  Tally run() throws InterruptedException {
    try {
      int steps = 1 + random.nextInt(6);
      for (int i = 0; i < steps; i++) {
        int faults = random.nextInt(4);
        for (int j = 0; j < faults; j++) {
          inject();
        }
        pick(programs).step();
      }
      token.clearFaults();
      quiet = true;
      for (Program program : programs) {
        program.clear();
      }
      for (Program program : programs) {
        program.mustBeServed();
      }
      return tally;
    } catch (RuntimeException | Error | InterruptedException e) {
      throw new AssertionError(story.toString(), e);
    }
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private Duration time(int mostMillis) {
    return Duration.ofMillis(random.nextInt(mostMillis));
  }

  private void inject() {
    // mostly near the beginning, at times in the middle, at times behind the end
    int packet = random.nextInt(random.nextBoolean() ? 4 : 140);
    Fault fault = switch (random.nextInt(21)) {
      case 0 -> Fault.busy(1 + random.nextInt(30));
      case 1 -> Fault.error(new CtapHidError(random.nextInt(random.nextBoolean() ? 12 : 256)));
      case 2 -> Fault.ignored(1 + random.nextInt(3));
      case 3 -> random.nextInt(4) == 0 ? Fault.mute() : Fault.ignored(1);
      case 4 -> Fault.keepaliveForEver();
      case 5 -> Fault.keepalive(time(10_000));
      case 6 -> Fault.slow(time(10_000));
      case 7 -> Fault.slow(time(5_000), packet);
      case 8 -> Fault.lostAnswer();
      case 9 -> Fault.repeatedAnswer();
      case 10 -> Fault.missingPacket(packet);
      case 11 -> Fault.repeatedPacket(packet);
      case 12 -> Fault.wrongSequence(packet);
      case 13 -> Fault.shortReport(packet);
      case 14 -> Fault.longReport(packet);
      case 15 -> Fault.overDeclared(random.nextInt(0x10000));
      case 16 -> Fault.longInit();
      case 17 -> Fault.foreignPackets();
      case 18 -> Fault.foreignNonce();
      case 19 -> Fault.forgottenChannels();
      default -> random.nextInt(4) == 0 ? Fault.unplugged(random.nextInt(200)) : Fault.busy(1);
    };
    story.append("  fault ").append(fault).append('\n');
    token.inject(fault);
  }

  /** Lets the other program ask something, at times, while one is at it. */
  private void mayInterleave() {
    if (quiet || depth != 1 || programs.size() == 1 || random.nextInt(8) != 0) {
      return;
    }
    long start = clock.nanos();
    Program other = programs.get(programs.get(0).asking ? 1 : 0);
    try {
      other.step();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    tally.nested++;
    nestedNanos += clock.nanos() - start;
  }

  /** A question, and the judgement of the answer to it. */
  private interface Question {
    void ask(CtapHidDevice device, Deadline deadline) throws IOException, InterruptedException;
  }

  private Question question() {
    return switch (random.nextInt(8)) {
      case 0, 1 -> exchange(JournalKey.unrepeatable(random), 1);
      case 2, 3 -> exchange(JournalKey.repeatable(random), 2);
      case 4 -> ping();
      case 5 ->
        (device, deadline) -> {
          int before = winks;
          device.wink(deadline);
          assertTrue(winks > before);
        };
      case 6 -> (device, deadline) -> device.lock(random.nextInt(11), deadline);
      default ->
        (device, deadline) -> {
          CtapHidCommand vendor = new CtapHidCommand(0x40 + random.nextInt(0x40));
          Bytes answer = device.call(vendor, Samples.random(random, 8), deadline);
          throw new AssertionError("the token has no vendor command, and answered " + answer);
        };
    };
  }

  private Question ping() {
    Bytes bytes = Samples.random(random, random.nextInt(longest + 1));
    return random.nextBoolean()
        ? (device, deadline) -> device.ping(bytes, deadline)
        : (device, deadline) ->
            assertEquals(bytes, device.call(CtapHidCommand.PING, bytes, deadline));
  }

  /** A command is carried out no more often than it may be, whether or not its answer comes. */
  private Question exchange(CommandApdu command, int most) {
    return (device, deadline) -> {
      try {
        ResponseApdu response = device.exchange(command, deadline);
        assertTrue(key.answersTo(command).contains(response), "the answer to another question");
      } finally {
        int times = key.answersTo(command).size();
        assertTrue(times <= most, () -> "carried out " + times + " times");
      }
    };
  }

  /** A program that has the key open, most of the time. */
  private final class Program {
    private final String name;
    private @Nullable CtapHidDevice device;
    private boolean asking;
    private boolean late;
    private int reports;

    Program(String name) {
      this.name = name;
    }

    /** Asks something, and judges what comes of it; opens the key first, if need be. */
    void step() throws InterruptedException {
      // if it goes without clearing its channel, the key is lost to others as long as it likes
      boolean reopen = device == null || (!late && random.nextInt(20) == 0);
      Duration budget = time(random.nextBoolean() ? 1_000 : 30_000);
      tell("step", budget);
      judge(budget, reopen ? this::open : question());
    }

    /** Gives up what is under way, for which the other one would wait in vain. */
    void clear() throws InterruptedException {
      if (device != null) {
        tell("clears", Duration.ofSeconds(9));
        judge(Duration.ofSeconds(9), exchange(JournalKey.repeatable(random), 2));
      }
    }

    void mustBeServed() throws InterruptedException {
      Duration budget = Duration.ofMinutes(1);
      tell("must be served", budget);
      boolean served = device != null || judge(budget, this::open);
      // the key may have forgotten its channel, which ends a question that must not be repeated
      served = served && judge(budget, exchange(JournalKey.repeatable(random), 2));
      served = served && judge(budget, exchange(JournalKey.unrepeatable(random), 1));
      assertEquals(token.isPlugged(), served);
    }

    private void tell(String what, Duration budget) {
      story
          .append("  ".repeat(depth))
          .append(name)
          .append(' ')
          .append(what)
          .append(" within ")
          .append(budget)
          .append('\n');
    }

    private void open(@Nullable CtapHidDevice old, Deadline deadline)
        throws IOException, InterruptedException {
      if (old != null) {
        old.close();
      }
      device = null;
      device = CtapHidDevice.open(watched(wire.connect()), CtapHidDevice.SILENT, deadline);
    }

    /** Whether there was an answer. */
    private boolean judge(Duration budget, Question question) throws InterruptedException {
      long start = clock.nanos();
      long nestedBefore = nestedNanos;
      reports = 0;
      asking = true;
      depth++;
      boolean answered = false;
      late = false;
      try {
        question.ask(device, Deadline.after(budget, clock));
        answered = true;
        tally.answered++;
      } catch (IOException e) {
        tally.failed++;
        late = e instanceof DeadlineException;
        story.append("  ".repeat(depth)).append(name).append(": ").append(e).append('\n');
        assertTrue(DECLARED.contains(e.getClass()), e::toString);
        assertTrue(!(e instanceof AccessException) || !token.isPlugged(), e::toString);
        assertFalse(String.valueOf(e.getMessage()).contains("other bytes came back"));
      } finally {
        depth--;
        asking = false;
      }
      long took = clock.nanos() - start - (nestedNanos - nestedBefore);
      assertTrue(took <= budget.toNanos(), () -> "took " + took + " ns");
      return answered;
    }

    /** The connection, with the other program coming between reports. */
    private HidConnection watched(HidConnection connection) {
      return new HidConnection() {
        @Override
        public int inputReportSize() {
          return connection.inputReportSize();
        }

        @Override
        public int outputReportSize() {
          return connection.outputReportSize();
        }

        @Override
        public void write(byte[] report) throws IOException {
          countReport();
          if (random.nextInt(8) == 0) {
            mayInterleave();
          }
          connection.write(report);
        }

        @Override
        public int read(byte[] report, Deadline deadline) throws IOException, InterruptedException {
          countReport();
          return connection.read(report, deadline);
        }

        @Override
        public void close() throws IOException {
          connection.close();
        }
      };
    }

    private void countReport() {
      assertTrue(++reports < MOST_REPORTS, "so many reports for one question");
    }
  }
}
