package org.u2f4j.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.client.SimulatedKey.NEVER;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.u2f4j.client.SimulatedKey.Fault;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;

/**
 * Random races: keys come and go, hang, lie and are touched, and the threads run in a random order.
 * -Du2f4j.schedules=N runs N of them.
 */
class TokenRaceScheduleTest {
  private static final Integer ASKED_FOR = Integer.getInteger("u2f4j.schedules");
  private static final int SCHEDULES = ASKED_FOR == null ? 2_000 : ASKED_FOR;

  /** A key that is there this long after its touch has been asked by then. */
  private static final long ENOUGH = 1_500;

  private final Map<String, Integer> outcomes = new TreeMap<>();

  @Test
  void whateverHappensATouchedKeyIsUsedAndNothingIsLeft() throws Exception {
    for (int seed = 0; seed < SCHEDULES; seed++) {
      VirtualTime.run(seed, time -> new Schedule(time).run());
    }
    if (ASKED_FOR != null) {
      System.out.println(SCHEDULES + " schedules: " + outcomes);
    }
    Set<String> all = Set.of(
        "a key", "one of two touched", "ineligible", "time ran out", "no key left", "interrupted");
    assertEquals(all, outcomes.keySet());
  }

  private final class Schedule {
    private final VirtualTime time;
    private final Random random;
    private final SimulatedSource source;
    private final boolean registering;
    private final long timeout;
    private final long asking;
    private long interrupted = NEVER;

    Schedule(VirtualTime time) {
      this.time = time;
      this.random = time.random();
      this.source = new SimulatedSource(time);
      registering = random.nextBoolean();
      timeout = random.nextInt(random.nextInt(4) == 0 ? 1_000 : 8_000);
      asking = timeout - Math.min(500, (timeout + 3) / 4);
      source.slowness = random.nextInt(2) * 10;
      source.changes = random.nextInt(5) > 0;
      int keys = random.nextInt(7);
      for (int i = 0; i < keys; i++) {
        plan(source.add());
      }
      if (random.nextInt(8) == 0) {
        interrupted = random.nextInt(8_000);
        time.interruptCallerAt(interrupted, () -> source.over);
      }
    }

    private void plan(SimulatedKey key) {
      if (source.changes) {
        key.pluggedIn = random.nextInt(3) > 0 ? 0 : random.nextInt(5_000);
        key.pulledOut = random.nextInt(4) == 0 ? key.pluggedIn + random.nextInt(4_000) : NEVER;
      }
      if (random.nextInt(3) > 0) {
        key.touched = key.pluggedIn + random.nextInt(random.nextInt(4) == 0 ? 1 : 4_000);
      }
      long other = key.id == 1 ? NEVER : source.get(key.id - 1).touched;
      if (random.nextInt(3) == 0 && other != NEVER) {
        key.touched = other; // with two hands
      }
      Fault[] faults = Fault.values();
      key.fault = random.nextInt(3) > 0 ? Fault.NONE : faults[random.nextInt(faults.length)];
      key.registered = random.nextBoolean();
    }

    void run() {
      String plan = "%s for %s ms, interrupted at %s, %s keys %s"
          .formatted(
              registering ? "register" : "sign",
              timeout,
              interrupted,
              source.changes ? "" : "fixed",
              source.keys);
      try {
        String outcome = outcome(source.keys.stream().filter(this::mustWin).toList());
        outcomes.merge(outcome, 1, Integer::sum);
        checkLooks();
      } catch (Exception | AssertionError e) {
        throw new AssertionError(plan + " told " + source.told, e);
      }
    }

    /** Whether nothing but another touch can keep it from being used. */
    private boolean mustWin(SimulatedKey key) {
      boolean recovers = key.fault == Fault.LOCKED_AT_FIRST || key.fault == Fault.LOST_AT_FIRST;
      boolean works = key.fault == Fault.NONE
          || key.fault == Fault.RUDE
          || key.fault == Fault.STUCK_CLOSING
          || (recovers && source.changes);
      return works
          && key.registered != registering
          && Math.max(key.pluggedIn, key.touched)
              <= Math.min(key.pulledOut, Math.min(asking, interrupted)) - ENOUGH;
    }

    private String outcome(List<SimulatedKey> mustWin) throws Exception {
      try {
        Duration patience = Duration.ofMillis(timeout);
        SimulatedKey key = registering ? source.register(patience) : source.sign(patience);
        assertTrue(key.used, "it was touched");
        assertEquals(registering, !key.registered, "it has a key handle");
        long used = source.keys.stream().filter(other -> other.used).count();
        return used > 1 ? "one of two touched" : "a key";
      } catch (InterruptedException e) {
        assertTrue(interrupted <= time.millis());
        return "interrupted";
      } catch (ErrorCodeException e) {
        return failure(e, mustWin);
      } finally {
        boolean tooLate = Thread.interrupted(); // when the outcome was known already
        assertTrue(!tooLate || interrupted <= time.millis());
      }
    }

    private String failure(ErrorCodeException e, List<SimulatedKey> mustWin) {
      boolean excluded = source.keys.stream().anyMatch(key -> key.blinked && registering);
      if (e.code() == ErrorCode.DEVICE_INELIGIBLE && excluded) {
        return "ineligible";
      }
      assertEquals(List.of(), mustWin, e.getMessage());
      if (e.code() == ErrorCode.TIMEOUT) {
        assertTrue(time.millis() >= asking, "too early");
        return "time ran out";
      }
      assertFalse(source.changes, e.getMessage());
      return "no key left";
    }

    private void checkLooks() {
      for (int i = 1; i < source.looks.size(); i++) {
        long since = source.looks.get(i) - source.looks.get(i - 1);
        assertTrue(since >= SimulatedSource.PACE.toMillis(), "looked again after " + since);
      }
    }
  }
}
