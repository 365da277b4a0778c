package org.u2f4j.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.u2f4j.apdu.Deadline;

/**
 * Time and threads in a test's hand. One thread runs at a time, hands over to another one wherever it
 * waits or looks at the clock, and a seed says to which; time passes only when none can run.
 */
final class VirtualTime implements Deadline.Clock, Executor {
  private static final long NEVER = Long.MAX_VALUE;
  private static final int TOO_MANY_TURNS = 1_000_000;

  /** A body of a thread that may fail. */
  interface Body {
    void run() throws Exception;
  }

  /** A thread, and what it waits for when it is not its turn. */
  private final class Strand extends Thread {
    final Semaphore turn = new Semaphore(0);
    BooleanSupplier ready = () -> true;
    long wake = NEVER;
    boolean interruptible;
    boolean interruptAsked;

    Strand(String name, Runnable body) {
      super(body, name);
      setDaemon(true);
    }

    @Override
    public void interrupt() {
      interruptAsked = true;
      super.interrupt();
    }

    boolean canRun() {
      return ready.getAsBoolean() || wake <= now || (interruptible && interruptAsked);
    }

    @Override
    public String toString() {
      return getName();
    }
  }

  private final Random random;
  private final List<Strand> strands = new ArrayList<>();
  private final Strand caller;
  private final List<Throwable> failures = new ArrayList<>();
  private long now;
  private int turns;
  private boolean dead;

  private VirtualTime(long seed, Scenario scenario) {
    random = new Random(seed);
    caller = new Strand("caller", () -> inTurn(() -> scenario.run(this)));
  }

  /** What a test does on the thread of the caller. */
  interface Scenario {
    void run(VirtualTime time) throws Exception;
  }

  /** Runs a scenario and whatever it starts, in the order that belongs to the seed. */
  static void run(long seed, Scenario scenario) throws Exception {
    VirtualTime time = new VirtualTime(seed, scenario);
    time.strands.add(time.caller);
    time.caller.start();
    time.caller.turn.release();
    time.caller.join();
    for (Throwable failure : time.failures) {
      throw new AssertionError("with the seed " + seed, failure);
    }
  }

  /** The body of each strand. */
  private void inTurn(Body body) {
    Strand self = (Strand) Thread.currentThread();
    self.turn.acquireUninterruptibly();
    try {
      body.run();
      if (Thread.interrupted()) {
        throw new AssertionError(self + " is left interrupted");
      }
    } catch (Exception | Error e) {
      failures.add(e);
    }
    strands.remove(self);
    if (!strands.isEmpty() && !dead) {
      next().turn.release();
    }
  }

  /** Each task gets a thread of its own. */
  @Override
  public void execute(Runnable task) {
    start("key", task::run);
    pass();
  }

  private void start(String name, Body body) {
    Strand added = new Strand(name, () -> inTurn(body));
    strands.add(added);
    added.start();
  }

  private Strand next() {
    while (true) {
      if (++turns > TOO_MANY_TURNS) {
        dead = true;
        return caller;
      }
      List<Strand> able = strands.stream().filter(Strand::canRun).toList();
      if (!able.isEmpty()) {
        return able.get(random.nextInt(able.size()));
      }
      long wake = strands.stream().mapToLong(strand -> strand.wake).min().orElse(NEVER);
      if (wake == NEVER) {
        dead = true;
        return caller;
      }
      now = wake;
    }
  }

  private void waitFor(BooleanSupplier ready, long wake, boolean interruptible)
      throws InterruptedException {
    Strand self = (Strand) Thread.currentThread();
    self.ready = ready;
    self.wake = wake;
    self.interruptible = interruptible;
    self.interruptAsked = self.isInterrupted();
    Strand next = next();
    if (next != self) {
      next.turn.release();
      self.turn.acquireUninterruptibly();
    }
    if (dead) {
      throw new AssertionError("nothing can happen any more, or too much does, to " + strands);
    }
    if (interruptible && Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** Lets other threads run before this one goes on. */
  void pass() {
    stuckUntil(() -> true);
  }

  /** Waits as native code does: no interrupt ends it. */
  void stuckUntil(BooleanSupplier ready) {
    try {
      waitFor(ready, NEVER, false);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    waitFor(() -> false, now + time.toNanos(), true);
  }

  @Override
  public <E> E poll(BlockingQueue<E> queue, Duration time) throws InterruptedException {
    waitFor(() -> !queue.isEmpty(), now + time.toNanos(), true);
    return queue.poll();
  }

  @Override
  public long nanos() {
    if (random.nextInt(16) == 0) {
      pass();
    }
    return now;
  }

  /** Milliseconds since the start. */
  long millis() {
    return now / 1_000_000;
  }

  Random random() {
    return random;
  }

  /** Interrupts the caller at a moment, unless something is so by then. */
  void interruptCallerAt(long millis, BooleanSupplier over) {
    start("interrupter", () -> {
      waitFor(over, millis * 1_000_000, false);
      if (!over.getAsBoolean()) {
        caller.interrupt();
      }
    });
  }

  boolean onCallersThread() {
    return Thread.currentThread() == caller;
  }

  /** How many threads there are that were asked for. */
  int threads() {
    return (int)
        strands.stream().filter(strand -> strand.getName().startsWith("key")).count();
  }
}
