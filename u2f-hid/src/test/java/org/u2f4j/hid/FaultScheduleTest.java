package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Random fault schedules: 2,000 of them, or as many as the property u2f4j.schedules says, from the
 * seed 1 on or from that of the property u2f4j.seed.
 */
class FaultScheduleTest {
  @Test
  void aQuestionIsAnsweredRightlyOrEndsBeforeItsDeadline() throws InterruptedException {
    long first = Long.getLong("u2f4j.seed", 1);
    long count = Long.getLong("u2f4j.schedules", 2_000);
    FaultSchedule.Tally all = new FaultSchedule.Tally();
    long start = System.nanoTime();
    for (long seed = first; seed < first + count; seed++) {
      try {
        all.add(new FaultSchedule(seed).run());
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    System.out.printf(
        "%d fault schedules in %d s: %d questions answered, %d failed, %d of all within another%n",
        count, time.toSeconds(), all.answered, all.failed, all.nested);
    // otherwise the test would not show much
    assertTrue(all.answered > all.failed && all.failed > count / 10 && all.nested > count / 10);
  }
}
