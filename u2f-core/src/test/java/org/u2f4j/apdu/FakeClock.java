package org.u2f4j.apdu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only when somebody sleeps on it, or a test moves it. */
public final class FakeClock implements Deadline.Clock {
  /** What each sleeper asked for. */
  public final List<Duration> sleeps = new ArrayList<>();

  /** Runs in each sleep. */
  public Runnable whileAsleep = () -> {};

  /** Close to where the number of nanoseconds turns negative. */
  private long nanos = Long.MAX_VALUE - 1_000;

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    sleeps.add(time);
    whileAsleep.run();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    advance(time);
  }

  /** Moves the time, backwards too. */
  public void advance(Duration time) {
    nanos += time.toNanos();
  }
}
