package org.u2f4j.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.KeySource;
import org.u2f4j.client.TokenRace;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.hid.CtapHidDevice;

/**
 * Tells the person what a key waits for: a touch, or another program. On a terminal the seconds of a
 * touch count down in place, and the line is gone when the wait is over; elsewhere it is written
 * once.
 *
 * <p>It needs no thread: it is also the clock on which the client waits, and so sees time pass. Of
 * several keys each may tell it something, on a thread of its own.
 */
final class TouchPrompt
    implements TouchPolling.Listener, CtapHidDevice.Listener, TokenRace.Listener, Deadline.Clock {
  /** What a key says when it waits for a touch before it answers, as keys for CTAP2 may. */
  private static final int TOUCH_NEEDED = 2;

  private static final String TOUCH = "Touch your key";
  private static final String PLUG_IN = "Plug in your key";
  private static final String PLUG_IN_ANOTHER = "Plug in another key";
  private static final String SPINNER = "|/-\\";

  private static final Duration TURN = Duration.ofMillis(200);

  private final Thread caller = Thread.currentThread();
  private final PrintStream err;
  private final boolean inPlace;
  private final Deadline deadline;
  private @Nullable InputStream cancelling;
  private String enter = "";
  private boolean cancelled;
  private String what = TOUCH;
  private boolean toldBusy;
  private boolean asked;
  private int turns;

  /** What is on the line now; null while nothing is. */
  private @Nullable String shown;

  TouchPrompt(Terminal terminal, Duration timeout) {
    err = terminal.err();
    inPlace = terminal.errIsTerminal();
    deadline = Deadline.after(timeout, this);
  }

  /** Enter ended the wait. */
  static final class CancelledException extends InterruptedException {
    private static final long serialVersionUID = 1;

    private CancelledException() {
      super("cancelled");
    }
  }

  /**
   * Has Enter on a terminal end the wait, with a {@link CancelledException}.
   *
   * @param what tells a person so
   */
  void cancelWithEnter(InputStream terminal, String what) {
    cancelling = terminal;
    enter = "(" + what + ") ";
  }

  /** When the wait ends. */
  Deadline deadline() {
    return deadline;
  }

  @Override
  public synchronized void busy() {
    if (!toldBusy) {
      toldBusy = true;
      say("Another program is using this key; waiting for it.");
    }
  }

  @Override
  public synchronized void keepalive(int status) {
    if (status == TOUCH_NEEDED && !asked) {
      touchNow();
    } else {
      turn();
    }
  }

  @Override
  public synchronized void touchNow() {
    what = TOUCH;
    boolean again = asked; // by a keepalive, before the key answered
    asked = true;
    if (inPlace) {
      clear();
      show();
    } else if (!again) {
      err.println(text());
    }
  }

  private String text() {
    String cancel = cancelling == null ? "" : enter;
    return what + "... " + cancel + (deadline.remaining().toMillis() + 999) / 1000 + " s";
  }

  private void show() {
    String text = text() + " " + SPINNER.charAt(turns++ % SPINNER.length());
    shown = text;
    err.print(text);
    err.flush();
  }

  private synchronized void turn() {
    if (shown != null) {
      clear();
      show();
    }
  }

  @Override
  public synchronized void stillWaiting(Duration remaining) {
    say("Still waiting. A key without a button: take it out and put it in again.");
  }

  /** The touch is over; what else is waited for stays. */
  @Override
  public synchronized void done() {
    asked = false;
    if (what.equals(TOUCH)) {
      clear();
    }
  }

  /**
   * Everything is over: nothing is left on the line, and an Enter cancels nothing more. If it was
   * pressed while a race let go of its keys, the race has kept it as an interrupt of this thread.
   */
  synchronized void end() {
    clear();
    asked = false;
    cancelling = null;
    if (cancelled) {
      Thread.interrupted();
    }
  }

  @Override
  public synchronized void noKey() {
    what = PLUG_IN;
    if (inPlace) {
      clear();
      show();
    } else {
      err.println(what + "...");
    }
  }

  @Override
  public synchronized void unusable(KeySource.Key key, Exception problem) {
    String message = String.valueOf(problem.getMessage());
    (key.name() + ": " + message).lines().forEach(this::say);
    if (inPlace && !asked) {
      what = PLUG_IN_ANOTHER;
      clear();
      show();
    }
  }

  /** Tells the person something else meanwhile. */
  synchronized void say(String text) {
    boolean before = shown != null;
    clear();
    err.println(Terminal.printable(text));
    if (before) {
      show();
    }
    err.flush();
  }

  private void clear() {
    if (shown != null) {
      // two more, for the ^C that a terminal writes
      err.print("\r" + " ".repeat(shown.length() + 2) + "\r");
      err.flush();
      shown = null;
    }
  }

  @Override
  public long nanos() {
    return Deadline.Clock.SYSTEM.nanos();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    if (Thread.currentThread() == caller) {
      turn();
    }
    Deadline.Clock.SYSTEM.sleep(time);
    if (Thread.currentThread() == caller) {
      requireNotCancelled();
    }
  }

  private synchronized void requireNotCancelled() throws CancelledException {
    if (cancelling != null && pressed(cancelling)) {
      clear();
      cancelled = true;
      cancelling = null; // a second Enter does not cancel what comes after
      throw new CancelledException();
    }
  }

  /** Whether a line was typed; it is read to its end, and nothing beyond that. */
  private static boolean pressed(InputStream terminal) {
    try {
      int read = -1;
      while (read != '\n' && terminal.available() > 0) {
        read = terminal.read();
      }
      return read != -1;
    } catch (IOException e) {
      return false; // nobody can press anything
    }
  }

  @Override
  public <E> @Nullable E poll(BlockingQueue<E> queue, Duration time) throws InterruptedException {
    Deadline end = Deadline.after(time);
    while (true) {
      E first = end.poll(queue, TURN);
      if (first != null || end.expired()) {
        return first;
      }
      turn();
      requireNotCancelled();
    }
  }
}
