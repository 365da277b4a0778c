package org.u2f4j.apdu;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The moment at which an operation gives up. One is made at the top and handed down; everything
 * below asks it what is left, and waits on its clock.
 */
public final class Deadline {
  private static final Duration CENTURY = Duration.ofDays(36_500);
  private static final Duration SLICE = Duration.ofMillis(20);

  /** Where time comes from; a test brings its own. Several threads may use it at once. */
  public interface Clock {
    /** The time of this machine. */
    Clock SYSTEM = new Clock() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
      }

      @Override
      public <E> @Nullable E poll(BlockingQueue<E> queue, Duration time)
          throws InterruptedException {
        return queue.poll(time.toNanos(), TimeUnit.NANOSECONDS);
      }
    };

    /**
     * The present moment.
     *
     * @return nanoseconds from any fixed point
     */
    long nanos();

    /**
     * Lets time pass.
     *
     * @param time how much
     * @throws InterruptedException if the thread is interrupted, at once
     */
    void sleep(Duration time) throws InterruptedException;

    /**
     * Lets time pass until a queue has an element. Unless a clock knows better, it sleeps for 20 ms
     * at a time.
     *
     * @param <E> what is in the queue
     * @param queue what another thread puts elements into
     * @param time how long to wait for one
     * @return the first, which is taken out; null if none came in time
     * @throws InterruptedException if the thread is interrupted, at once
     */
    default <E> @Nullable E poll(BlockingQueue<E> queue, Duration time)
        throws InterruptedException {
      long end = nanos() + time.toNanos();
      while (true) {
        E first = queue.poll();
        long left = end - nanos();
        if (first != null || left <= 0) {
          return first;
        }
        sleep(Duration.ofNanos(Math.min(left, SLICE.toNanos())));
      }
    }
  }

  private final Clock clock;
  private final long end;

  private Deadline(Clock clock, long end) {
    this.clock = clock;
    this.end = end;
  }

  /**
   * A deadline from now.
   *
   * @param time how long from now; less than nothing counts as nothing, more than a century as a
   *     century
   * @return the deadline
   */
  public static Deadline after(Duration time) {
    return after(time, Clock.SYSTEM);
  }

  /**
   * A deadline by a given clock.
   *
   * @param time how long from now; less than nothing counts as nothing, more than a century as a
   *     century
   * @param clock where time comes from
   * @return the deadline
   */
  public static Deadline after(Duration time, Clock clock) {
    Duration bounded = time.compareTo(CENTURY) > 0 ? CENTURY : time;
    return new Deadline(clock, clock.nanos() + (time.isNegative() ? 0 : bounded.toNanos()));
  }

  /**
   * The earlier of this deadline and another.
   *
   * @param time how long from now the other one is
   * @return a deadline by the same clock
   */
  public Deadline atMost(Duration time) {
    return time.compareTo(remaining()) < 0 ? after(time, clock) : this;
  }

  /**
   * What is left.
   *
   * @return the time left, zero when it has passed
   */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, end - clock.nanos()));
  }

  /**
   * Whether it has passed.
   *
   * @return true if nothing is left
   */
  public boolean expired() {
    return end - clock.nanos() <= 0;
  }

  /**
   * Waits, but not beyond the deadline.
   *
   * @param time how long to wait if the deadline allows
   * @throws InterruptedException if the thread is interrupted, at once
   */
  public void sleep(Duration time) throws InterruptedException {
    Duration left = remaining();
    clock.sleep(time.compareTo(left) < 0 ? time : left);
  }

  /**
   * Waits for an element of a queue, but not beyond the deadline.
   *
   * @param <E> what is in the queue
   * @param queue what another thread puts elements into
   * @param time how long to wait if the deadline allows
   * @return the first, which is taken out; null if none came in time
   * @throws InterruptedException if the thread is interrupted, at once
   */
  public <E> @Nullable E poll(BlockingQueue<E> queue, Duration time) throws InterruptedException {
    Duration left = remaining();
    return clock.poll(queue, time.compareTo(left) < 0 ? time : left);
  }
}
