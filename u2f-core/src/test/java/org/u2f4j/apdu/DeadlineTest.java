package org.u2f4j.apdu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private final FakeClock clock = new FakeClock();

  @Test
  void whatIsLeftGoesDownToNothing() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(3), clock);
    assertFalse(deadline.expired());
    clock.advance(Duration.ofSeconds(2)); // the clock's number turns negative on the way
    assertEquals(Duration.ofSeconds(1), deadline.remaining());
    assertFalse(deadline.expired());
    clock.advance(Duration.ofSeconds(1));
    assertTrue(deadline.expired());
    clock.advance(Duration.ofDays(9_000));
    assertEquals(Duration.ZERO, deadline.remaining());
    assertTrue(deadline.expired());
  }

  @Test
  void anyDurationMakesADeadline() {
    assertTrue(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE), clock).expired());
    assertTrue(Deadline.after(Duration.ZERO, clock).expired());
    assertEquals(
        Duration.ofDays(36_500),
        Deadline.after(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999), clock).remaining());
  }

  @Test
  void theEarlierOfTwoCounts() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(3), clock);
    assertSame(deadline, deadline.atMost(Duration.ofSeconds(3)));
    assertSame(deadline, deadline.atMost(Duration.ofSeconds(Long.MAX_VALUE)));
    assertEquals(Duration.ofSeconds(2), deadline.atMost(Duration.ofSeconds(2)).remaining());
    assertTrue(deadline.atMost(Duration.ofSeconds(-1)).expired());
  }

  @Test
  void aSleepEndsAtTheDeadline() throws Exception {
    Deadline deadline = Deadline.after(Duration.ofSeconds(3), clock);
    deadline.sleep(Duration.ofSeconds(2));
    deadline.sleep(Duration.ofSeconds(Long.MAX_VALUE));
    deadline.sleep(Duration.ofSeconds(2));
    assertEquals(
        List.of(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ZERO), clock.sleeps);
  }

  @Test
  void anInterruptEndsASleepAtOnce() {
    Thread.currentThread().interrupt();
    Deadline century = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE));
    assertThrows(InterruptedException.class, () -> century.sleep(century.remaining()));
  }
}
