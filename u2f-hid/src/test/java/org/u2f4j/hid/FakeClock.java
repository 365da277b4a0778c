package org.u2f4j.hid;

import java.time.Duration;
import org.u2f4j.apdu.Deadline;

/** Time that passes only when somebody sleeps on it, or a test moves it. */
public final class FakeClock implements Deadline.Clock {
  /** Runs before each sleep. */
  public Runnable beforeSleep = () -> {};

  /** Close to where the number of nanoseconds turns negative. */
  private long nanos = Long.MAX_VALUE - 1_000;

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    beforeSleep.run();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    advance(time);
  }

  /** Moves the time. */
  public void advance(Duration time) {
    nanos += time.toNanos();
  }
}
