package org.u2f4j.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.Transport;

/**
 * One run of a {@link TokenRace}, on the caller's thread. The threads of the keys touch nothing here:
 * what they have to say they put into a queue, and the caller's thread runs it.
 *
 * @param <T> what a key answers
 */
final class Race<T> {
  private final TokenRace setup;
  private final TouchPolling.Listener touch;
  private final TouchPolling polling;
  private final TokenRace.Operation<T> operation;
  private final Deadline deadline;
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final List<Contender<T>> all = new ArrayList<>();

  /** What the last look at the source has shown, by identity; null before the first. */
  private @Nullable Map<Object, Contender<T>> present;

  private final Set<Contender<T>> told = new HashSet<>();

  /** How many tasks the executor got that did not end yet. */
  private int tasks;

  /** How many keys wait for a touch. */
  private int waiting;

  private boolean reminded;
  private boolean over;
  private @Nullable T answer;
  private @Nullable Throwable mistake;

  Race(TokenRace setup, TouchPolling polling, TokenRace.Operation<T> operation, Deadline deadline) {
    this.setup = setup;
    this.touch = polling.listener();
    this.polling = polling.withListener(new TouchPolling.Listener() {
      @Override
      public void touchNow() {
        events.add(() -> waits());
      }

      @Override
      public void stillWaiting(Duration remaining) {
        events.add(() -> stillWaits(remaining));
      }

      @Override
      public void done() {
        events.add(() -> waitsNoMore());
      }
    });
    this.operation = operation;
    this.deadline = deadline;
  }

  /** Returns as soon as there is an answer, or can be none any more. */
  void waitForAnswer() throws IOException, InterruptedException {
    Deadline nextLook = deadline.atMost(Duration.ZERO);
    while (answer == null && mistake == null) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (nextLook.expired() && !deadline.expired()) {
        look();
        nextLook = deadline.atMost(setup.pace);
      }
      if (tasks == 0 && !setup.source.changes()) {
        return;
      }
      Runnable event = deadline.poll(events, nextLook.remaining());
      if (event != null) {
        event.run();
      } else if (deadline.expired()) {
        return;
      }
    }
  }

  private void look() throws IOException, InterruptedException {
    Map<Object, Contender<T>> before = present == null ? Map.of() : present;
    Map<Object, Contender<T>> now = new LinkedHashMap<>();
    for (KeySource.Key key : setup.source.list(deadline)) {
      Contender<T> known = before.get(key.identity());
      if (!now.containsKey(key.identity())) {
        now.put(key.identity(), known == null ? start(key) : known);
      }
    }
    before.forEach((identity, known) -> {
      if (!now.containsKey(identity)) {
        known.letGo();
      }
    });
    boolean news = present == null || !present.isEmpty();
    present = now;
    if (now.isEmpty() && news) {
      setup.listener.noKey();
    }
    now.values().forEach(this::tell);
  }

  private Contender<T> start(KeySource.Key key) {
    Contender<T> added = new Contender<>(this, key, setup.source.changes(), deadline);
    Thread caller = Thread.currentThread();
    try {
      setup.executor.execute(() -> runApart(added, caller));
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException(
          "the executor takes no task: a race needs a thread for each key, here for " + key.name(),
          e);
    }
    tasks++;
    all.add(added);
    return added;
  }

  /** On the caller's thread a key would keep it from the others, and from the deadline. */
  private void runApart(Contender<T> contender, Thread caller) {
    if (Thread.currentThread() != caller) {
      contender.run();
      return;
    }
    post(() -> {
      tasks--;
      mistaken(new IllegalStateException(
          "the executor runs its tasks on the caller's thread: a race needs one for each key"));
    });
  }

  /** Tells of a problem, once; those of keys that are out by now are nobody's. */
  private void tell(Contender<T> contender) {
    Exception problem = contender.problem();
    if (problem != null && contender.lasting() && told.add(contender)) {
      setup.listener.unusable(contender.key(), problem);
    }
  }

  /** On the thread of a key. */
  T ask(Transport key) throws Exception {
    return operation.run(key, polling, deadline);
  }

  /** On the thread of a key: what the caller's thread is to run. */
  void post(Runnable event) {
    events.add(event);
  }

  void answered(T given) {
    if (answer == null) {
      answer = given;
    }
  }

  void mistaken(Throwable thrown) {
    if (mistake == null) {
      mistake = thrown;
    }
  }

  void ended(Contender<T> contender) {
    tasks--;
    if (!over && present != null && present.containsValue(contender)) {
      tell(contender);
    }
  }

  private void waits() {
    waiting++;
    if (waiting == 1 && !over) {
      touch.touchNow();
    }
  }

  private void stillWaits(Duration remaining) {
    if (!reminded && !over) {
      reminded = true;
      touch.stillWaiting(remaining);
    }
  }

  private void waitsNoMore() {
    waiting--;
    if (waiting == 0 && !over) {
      reminded = false;
      touch.done();
    }
  }

  /** Ends everything, or as much of it as can be ended in time. */
  void letGo(Deadline end) {
    try {
      if (answer == null && mistake == null && present != null) {
        present.values().forEach(this::tell); // what has failed since the last look
      }
      if (waiting > 0) {
        touch.done();
      }
    } finally {
      over = true;
      Duration third = end.remaining().dividedBy(3);
      if (deadline.expired()) { // they end by themselves, and each says what it has waited for
        waitForTasks(end.atMost(third));
      }
      all.forEach(Contender::letGo);
      waitForTasks(end.atMost(third));
      all.stream().filter(contender -> !contender.ended()).forEach(this::closeFromOutside);
      waitForTasks(end);
    }
  }

  private void waitForTasks(Deadline end) {
    boolean interrupted = false;
    while (tasks > 0 && !end.expired()) {
      try {
        Runnable event = end.poll(events, end.remaining());
        if (event != null) {
          event.run();
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A key that hangs; closing it may hang too, and so is not done here. */
  private void closeFromOutside(Contender<T> hanging) {
    hanging.letGo(); // again: an interrupt can get lost
    Transport opened = hanging.transport();
    if (opened == null) {
      return;
    }
    setup.closers.execute(() -> {
      try {
        Contender.close(opened);
      } finally {
        post(() -> tasks--);
      }
    });
    tasks++;
  }

  T answer() throws IOException {
    if (answer != null) {
      return answer;
    }
    if (mistake instanceof RuntimeException exception) {
      throw exception;
    }
    if (mistake instanceof Error error) {
      throw error;
    }
    throw failure();
  }

  private IOException failure() {
    if (present == null) {
      return new DeadlineException("no time is left to look for keys");
    }
    Collection<Contender<T>> keys = present.values();
    StringBuilder message = new StringBuilder(
        keys.isEmpty()
            ? "no key is plugged in"
            : keys.stream().allMatch(Contender::lasting)
                ? "no key can be used"
                : "no key was touched in time");
    List<Exception> problems = new ArrayList<>();
    for (Contender<T> contender : keys) {
      Exception problem = contender.problem();
      if (problem != null && !TouchPolling.UNTOUCHED.equals(problem.getMessage())) {
        String reason = problem.getMessage() == null ? problem.toString() : problem.getMessage();
        message.append("; ").append(contender.key().name()).append(": ").append(reason);
        problems.add(problem);
      }
    }
    IOException failure = deadline.expired()
        ? new DeadlineException(message.toString())
        : new IOException(message.toString());
    problems.forEach(failure::addSuppressed);
    return failure;
  }
}
