package org.u2f4j.client;

import java.io.IOException;
import java.time.Duration;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.StatusException;

/**
 * Asks a key again until the person has touched it. A U2F key does not wait itself: it answers 6985
 * at once, and forgets the request.
 */
public final class TouchPolling {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  static final String UNTOUCHED = "the key was not touched in time";

  /** Told what to tell the person, each at most once while one touch is awaited. */
  public interface Listener {
    /** The key is ready: it is to be touched now. */
    default void touchNow() {}

    /**
     * Ten seconds have gone by. A key without a button has to be taken out and put in again.
     *
     * @param remaining what is left until the deadline
     */
    default void stillWaiting(Duration remaining) {}

    /** The wait is over, with a touch or without. Follows every {@link #touchNow()}. */
    default void done() {}
  }

  /** Tells nobody. */
  public static final Listener SILENT = new Listener() {};

  private final Duration interval;
  private final Listener listener;

  /**
   * One question to a key.
   *
   * @param <T> what it answers
   */
  public interface Question<T> {
    /**
     * Asks once.
     *
     * @param deadline when to give up
     * @return the answer
     * @throws IOException if the key cannot be reached
     * @throws StatusException if it refuses, or waits for a touch
     * @throws InterruptedException if the thread is interrupted
     */
    T ask(Deadline deadline) throws IOException, StatusException, InterruptedException;
  }

  /**
   * Asks at a pace.
   *
   * @param interval how long to wait between two questions; some keys with a screen drop their
   *     prompt if it is much more than 200 ms
   * @param listener told what to tell the person
   * @throws IllegalArgumentException if the interval is not positive
   */
  public TouchPolling(Duration interval, Listener listener) {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("the interval is not positive: " + interval);
    }
    this.interval = interval;
    this.listener = listener;
  }

  /**
   * Asks five times a second.
   *
   * @param listener told what to tell the person
   */
  public TouchPolling(Listener listener) {
    this(INTERVAL, listener);
  }

  /** At the same pace, but somebody else is told. */
  TouchPolling withListener(Listener other) {
    return new TouchPolling(interval, other);
  }

  Listener listener() {
    return listener;
  }

  /**
   * Asks until the answer is not "touch me".
   *
   * @param <T> what the key answers
   * @param question what is asked each time
   * @param deadline when to give up
   * @return the answer
   * @throws DeadlineException if nobody touched the key in time
   * @throws IOException if the key cannot be reached
   * @throws StatusException if it refuses for another reason than a missing touch
   * @throws InterruptedException if the thread is interrupted, at once
   */
  public <T> T poll(Question<T> question, Deadline deadline)
      throws IOException, StatusException, InterruptedException {
    Duration atTouch = null;
    boolean reminded = false;
    try {
      while (true) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        try {
          return question.ask(deadline);
        } catch (StatusException e) {
          if (!e.touchRequired()) {
            throw e;
          }
        }
        Duration left = deadline.remaining();
        if (atTouch == null) {
          atTouch = left;
          listener.touchNow();
        } else if (!reminded && atTouch.minus(left).compareTo(PATIENCE) >= 0) {
          reminded = true;
          listener.stillWaiting(left);
        }
        deadline.sleep(interval);
        if (deadline.expired()) {
          throw new DeadlineException(UNTOUCHED);
        }
      }
    } finally {
      if (atTouch != null) {
        listener.done();
      }
    }
  }
}
