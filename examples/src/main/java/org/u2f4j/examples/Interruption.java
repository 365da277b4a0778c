package org.u2f4j.examples;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C into an interruption of the thread that works, and gives it a moment to put the
 * terminal in order. The machine then ends with the exit code of the signal: 130 for Ctrl-C.
 */
final class Interruption {
  private static final int PATIENCE_SECONDS = 2;

  /** What is to be interrupted. */
  interface Work<T> {
    T run() throws Failure, InterruptedException;
  }

  private Interruption() {}

  /** Does the work; Ctrl-C ends it with an InterruptedException. */
  static <T> T interruptible(Work<T> work) throws Failure, InterruptedException {
    Thread worker = Thread.currentThread();
    CountDownLatch finished = new CountDownLatch(1);
    Thread hook = new Thread(() -> stop(worker, finished), "interruption");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      throw new InterruptedException("the machine is going down already");
    }
    try {
      return work.run();
    } finally {
      finished.countDown();
      remove(hook);
    }
  }

  private static void stop(Thread worker, CountDownLatch finished) {
    worker.interrupt();
    try {
      finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS); // then the machine goes down anyway
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the machine is going down, which is what the hook was for
    }
  }
}
