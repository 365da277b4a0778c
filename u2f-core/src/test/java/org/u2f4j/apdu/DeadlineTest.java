package org.u2f4j.apdu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  /** Time that passes when it is told to, and when someone sleeps. */
  private static final class HandClock implements Deadline.Clock {
    private long nanos = Long.MAX_VALUE - 3_000_000_000L; // passes through the overflow

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void sleep(Duration time) {
      nanos += time.toNanos();
    }
  }

  private final HandClock clock = new HandClock();

  @Test
  void timeRunsOut() throws InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(5), clock);
    assertEquals(Duration.ofSeconds(5), deadline.remaining());
    deadline.sleep(Duration.ofSeconds(4));
    assertEquals(Duration.ofSeconds(1), deadline.remaining());
    assertFalse(deadline.expired());
    deadline.sleep(Duration.ofSeconds(4)); // no longer than what is left
    assertEquals(Duration.ZERO, deadline.remaining());
    assertTrue(deadline.expired());
    clock.sleep(Duration.ofSeconds(1));
    assertEquals(Duration.ZERO, deadline.remaining());
    assertTrue(deadline.expired());
  }

  @Test
  void lessThanNothingIsNothingAndMoreThanACenturyIsACentury() {
    assertEquals(Duration.ZERO, Deadline.after(Duration.ofSeconds(-1), clock).remaining());
    assertTrue(Deadline.after(Duration.ZERO, clock).expired());
    assertEquals(
        Duration.ofDays(36_500),
        Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), clock).remaining());
    assertEquals(
        Duration.ZERO, Deadline.after(Duration.ofSeconds(Long.MIN_VALUE), clock).remaining());
  }

  @Test
  void theEarlierOfTwoCounts() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(5), clock);
    assertEquals(Duration.ofSeconds(2), deadline.atMost(Duration.ofSeconds(2)).remaining());
    assertSame(deadline, deadline.atMost(Duration.ofSeconds(5)));
    assertSame(deadline, deadline.atMost(Duration.ofSeconds(6)));
  }

  @Test
  void theClockOfTheMachineMovesOn() throws InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofMillis(20));
    assertTrue(deadline.remaining().compareTo(Duration.ofMillis(20)) <= 0);
    deadline.sleep(Duration.ofHours(1));
    assertTrue(deadline.expired());
  }
}
