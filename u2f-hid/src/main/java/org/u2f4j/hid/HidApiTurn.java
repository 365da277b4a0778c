package org.u2f4j.hid;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.u2f4j.apdu.Deadline;

/**
 * Whose turn it is: hidapi must not look for devices, open and close one on several threads at once.
 * A call that hangs there keeps its turn, but nobody waits for it beyond a deadline, and what could
 * not be closed meanwhile is closed once it comes back, on a thread of its own: closing may hang too,
 * and whoever has the turn has other things to do.
 */
final class HidApiTurn {
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Runnable> closings = new ConcurrentLinkedQueue<>();
  private final Duration patience;

  /** The patience is how long closing waits before it is left for later. */
  HidApiTurn(Duration patience) {
    this.patience = patience;
  }

  /**
   * Waits for a turn, which {@link #leave} ends.
   *
   * @throws AccessException if there was none in time
   */
  void enter(Deadline deadline) throws AccessException, InterruptedException {
    if (!lock.tryLock() && !lock.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AccessException(AccessProblem.SYSTEM_BUSY);
    }
  }

  void leave() {
    lock.unlock();
    closeApart();
  }

  /** Closes now, or once whoever has the turn has left, so that nobody waits for it. */
  void close(Runnable closing) {
    if (waited()) {
      try {
        closing.run();
      } finally {
        leave();
      }
    } else {
      closings.add(closing);
      closeApart(); // who had the turn may have looked just before
    }
  }

  private void closeApart() {
    if (!closings.isEmpty() && !lock.isLocked()) { // or whoever has the turn gets here
      Thread closer = new Thread(this::closeInTurn, "u2f4j closing");
      closer.setDaemon(true);
      closer.start();
    }
  }

  private void closeInTurn() {
    while (!closings.isEmpty() && lock.tryLock()) {
      try {
        for (Runnable next = closings.poll(); next != null; next = closings.poll()) {
          run(next);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private static void run(Runnable closing) {
    try {
      closing.run();
    } catch (RuntimeException e) {
      // nobody waits for it any more, and others are still to be closed
    }
  }

  /** Threads are often interrupted so that they close what they have. */
  private boolean waited() {
    boolean interrupted = Thread.interrupted();
    try {
      return lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
      return lock.tryLock();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
