package org.u2f4j.client;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.Transport;

/**
 * One key in a race, and what happens on its thread. Any thread may let go of it.
 *
 * @param <T> what it answers
 */
final class Contender<T> implements Runnable {
  /** A key that was just plugged in may be refused until the system has given out the rights. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Race<T> race;
  private final KeySource.Key key;
  private final boolean mayRecover;
  private final Deadline deadline;
  private volatile @Nullable Transport transport;
  private volatile @Nullable Exception problem;
  private volatile boolean lasting;
  private volatile boolean ended;

  // these two guarded by this
  private boolean wanted = true;
  private @Nullable Thread thread;

  Contender(Race<T> race, KeySource.Key key, boolean mayRecover, Deadline deadline) {
    this.race = race;
    this.key = key;
    this.mayRecover = mayRecover;
    this.deadline = deadline;
  }

  KeySource.Key key() {
    return key;
  }

  /** What was opened last; null before. */
  @Nullable
  Transport transport() {
    return transport;
  }

  /** What went wrong; null if nothing did, or it is being asked again. */
  @Nullable
  Exception problem() {
    return problem;
  }

  /** Whether that is more than that it could not be reached once, or not in time. */
  boolean lasting() {
    return lasting;
  }

  boolean ended() {
    return ended;
  }

  /** Has the thread leave, now or when it comes. */
  synchronized void letGo() {
    wanted = false;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private synchronized boolean wanted() {
    return wanted;
  }

  private synchronized void enter() {
    thread = Thread.currentThread();
  }

  private synchronized void leave() {
    thread = null;
    Thread.interrupted(); // it was meant for us, not for what the executor does next
  }

  @Override
  public void run() {
    enter();
    try {
      compete();
    } catch (InterruptedException e) {
      if (wanted()) { // by somebody else: an executor that is shut down
        problem = e;
        lasting = true;
      }
    } catch (RuntimeException | Error e) {
      mistaken(e);
    } finally {
      leave();
      ended = true;
      race.post(() -> race.ended(this));
    }
  }

  private void mistaken(Throwable thrown) {
    if (wanted()) { // or it may come of being closed
      race.post(() -> race.mistaken(thrown));
    }
  }

  private void compete() throws InterruptedException {
    boolean again = false;
    while (wanted() && !deadline.expired() && !attempt(again)) {
      deadline.sleep(again ? PAUSE : FIRST_PAUSE);
      again = true;
    }
  }

  /** Asks the key; false if it is worth another try. What came of it is known before it is closed. */
  private boolean attempt(boolean again) throws InterruptedException {
    Transport opened = null;
    try {
      opened = key.open(deadline);
      transport = opened;
      ask(opened);
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      mistaken(e);
      return true;
    } catch (Exception e) {
      return failed(e, again);
    } finally {
      if (opened != null) {
        close(opened); // which may hang
      }
    }
  }

  private void ask(Transport opened) throws Exception {
    if (wanted()) {
      problem = null;
      lasting = false;
      T answer = race.ask(opened);
      race.post(() -> race.answered(answer));
    }
  }

  /** False if it is worth another try. */
  private boolean failed(Exception e, boolean again) {
    if (e instanceof DeadlineException && deadline.expired()) {
      problem = problem == null ? e : problem;
      return true;
    }
    if (!wanted()) {
      return true; // that comes of letting go of it
    }
    boolean reached = !(e instanceof IOException) || e instanceof FormatException;
    boolean last = reached || !mayRecover;
    problem = e;
    lasting = last || again;
    return last;
  }

  static void close(Transport opened) {
    try {
      opened.close();
    } catch (IOException | RuntimeException e) {
      // it is of no use any more, and there is nobody to tell
    }
  }
}
