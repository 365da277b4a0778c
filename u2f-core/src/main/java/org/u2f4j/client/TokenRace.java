package org.u2f4j.client;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.Transport;

/**
 * Asks all keys of a source at once, and lets the person choose one by touching it.
 *
 * <p>Each key is asked on a thread of its own. The first answer is the one that counts, and the other
 * keys are let go of. Keys that are plugged in meanwhile are asked too, and those that are pulled out
 * are forgotten. A key that fails does not end the race, as another one may be touched or plugged in:
 * it is told of. If it could not be reached, it is tried again as long as it is there.
 *
 * <p>If two keys are touched at the same moment, the later answer is dropped: that key has then made a
 * registration or a signature that nobody gets, and its counter may have gone up.
 *
 * <p>The caller's thread looks at the source and waits, and both listeners are told on it. When the
 * call returns, every transport is closed and every thread has left, with one exception: what hangs
 * in native code, and comes back neither by an interrupt nor when its transport is closed from
 * another thread, is left behind half a second after the first answer, or at the deadline. Nothing
 * that happens there later is heard of, and if it ever comes back it closes what it has opened.
 *
 * <p>Instances are immutable.
 */
public final class TokenRace {
  private static final Duration PACE = Duration.ofMillis(400);

  /** What it may take to let go of the keys. */
  private static final Duration LETTING_GO = Duration.ofMillis(500);

  private static final Executor THREADS = task -> {
    Thread thread = new Thread(task, "u2f4j key");
    thread.setDaemon(true);
    thread.start();
  };

  /** Told about keys, on the thread that called. */
  public interface Listener {
    /** No key is plugged in: one has to be. Told again if that becomes so again. */
    default void noKey() {}

    /**
     * A key does not take part, at least for the moment. Told once for each key.
     *
     * @param key which
     * @param problem what was thrown when it was opened or asked
     */
    default void unusable(KeySource.Key key, Exception problem) {}
  }

  /** Tells nobody. */
  public static final Listener SILENT = new Listener() {};

  /**
   * What each key is asked. What this returns ends the race; what it throws takes this one key out of
   * it, or back to its start if that is an {@link IOException} other than {@link
   * org.u2f4j.FormatException} and the source may change.
   *
   * @param <T> what it answers
   */
  public interface Operation<T> {
    /**
     * Asks one key.
     *
     * @param key what reaches it; closed by the race
     * @param polling how to wait for its touch
     * @param deadline when to give up
     * @return the answer
     * @throws Exception if there will be no answer; a {@link RuntimeException} is taken for a mistake
     *     in the program and ends the race
     */
    T run(Transport key, TouchPolling polling, Deadline deadline) throws Exception;
  }

  final KeySource source;
  final Listener listener;
  final Executor executor;
  final Executor closers;
  final Duration pace;

  /**
   * A race on threads that live as long as it does, and that looks for keys two or three times a
   * second.
   *
   * @param source where the keys come from
   * @param listener told about keys
   */
  public TokenRace(KeySource source, Listener listener) {
    this(source, listener, THREADS, PACE);
  }

  /**
   * A race.
   *
   * @param source where the keys come from
   * @param listener told about keys
   * @param executor gives a thread for each key, never the caller's own; a key waits for as long as
   *     there is none. What hangs is closed on another one, which the race starts itself
   * @param pace how long to wait before looking for keys again; much less than 250 ms may disturb
   *     other devices
   * @throws IllegalArgumentException if the pace is not positive
   */
  public TokenRace(KeySource source, Listener listener, Executor executor, Duration pace) {
    this(source, listener, executor, THREADS, pace);
  }

  /** With threads of a test's own for closing what hangs. */
  TokenRace(
      KeySource source, Listener listener, Executor executor, Executor closers, Duration pace) {
    if (pace.isNegative() || pace.isZero()) {
      throw new IllegalArgumentException("the pace is not positive: " + pace);
    }
    this.source = source;
    this.listener = listener;
    this.executor = executor;
    this.closers = closers;
    this.pace = pace;
  }

  /**
   * Asks all keys until one has answered. Keys are asked until half a second before the deadline, or
   * three quarters of a shorter time: the rest is for letting go of them.
   *
   * @param <T> what a key answers
   * @param polling how to wait for a touch, and whom to tell: of all keys that wait as if they were
   *     one
   * @param operation what each key is asked
   * @param deadline when to give up
   * @return the first answer
   * @throws DeadlineException if none came in time; the message says whether no key is plugged in, or
   *     none can be used, or none was touched
   * @throws IOException if the source cannot be looked at, or no key is left and the source does not
   *     change. Like the exception above it says what was wrong with each key, and what was thrown
   *     there is suppressed
   * @throws IllegalStateException if the executor refuses a key, as one does that was shut down or
   *     has too few threads, or runs it on the caller's thread, which would keep the caller from the
   *     other keys and from the deadline; everything is let go of first
   * @throws InterruptedException if the thread is interrupted; everything is let go of first
   */
  public <T> T run(TouchPolling polling, Operation<T> operation, Deadline deadline)
      throws IOException, InterruptedException {
    Duration left = deadline.remaining();
    Duration rest = left.dividedBy(4);
    rest = rest.compareTo(LETTING_GO) < 0 ? rest : LETTING_GO;
    Deadline end = deadline.atMost(left.minus(rest));
    Race<T> race = new Race<>(this, polling, operation, end);
    try {
      race.waitForAnswer();
    } finally {
      race.letGo(deadline.atMost(LETTING_GO));
    }
    return race.answer();
  }
}
