package org.u2f4j.apdu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
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

  @Test
  void whatIsInAQueueIsTakenWithoutWaitingEvenWhenTimeIsUp() throws Exception {
    BlockingQueue<String> queue = new LinkedBlockingQueue<>(List.of("first", "second"));
    Duration century = Duration.ofSeconds(Long.MAX_VALUE);
    assertEquals("first", Deadline.after(century, clock).poll(queue, century));
    assertEquals("second", Deadline.after(Duration.ZERO, clock).poll(queue, century));
    assertEquals(List.of(), clock.sleeps);

    queue.addAll(List.of("third", "fourth"));
    assertEquals("third", Deadline.after(century).poll(queue, century));
    assertEquals("fourth", Deadline.after(Duration.ZERO).poll(queue, century));
    assertNull(Deadline.after(century).poll(queue, Duration.ZERO));
  }

  @Test
  void anEmptyQueueIsWaitedForButNotBeyondTheDeadline() throws Exception {
    Deadline deadline = Deadline.after(Duration.ofMillis(50), clock);
    assertNull(deadline.poll(new LinkedBlockingQueue<>(), Duration.ofSeconds(Long.MAX_VALUE)));
    assertEquals(
        List.of(Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofMillis(10)), clock.sleeps);
  }

  @Test
  void aWaitEndsWhenAnotherThreadHasPutSomethingIntoTheQueue() throws Exception {
    Duration century = Duration.ofSeconds(Long.MAX_VALUE);
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    clock.whileAsleep = () -> queue.add("here");
    assertEquals("here", Deadline.after(century, clock).poll(queue, century));
    assertEquals(List.of(Duration.ofMillis(20)), clock.sleeps);

    Thread other = new Thread(() -> queue.add("there"));
    other.start();
    assertEquals("there", Deadline.after(century).poll(queue, century));
    other.join();
  }

  @Test
  void anInterruptEndsAWaitAtOnce() {
    Thread.currentThread().interrupt();
    Deadline century = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE));
    assertThrows(
        InterruptedException.class,
        () -> century.poll(new LinkedBlockingQueue<>(), century.remaining()));
  }
}
