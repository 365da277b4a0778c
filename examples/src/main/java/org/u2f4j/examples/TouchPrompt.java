package org.u2f4j.examples;

import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.TouchPolling;

/**
 * Asks the person for a touch. On a terminal the seconds count down in place, and the line is gone
 * when the wait is over; elsewhere it is written once.
 *
 * <p>It needs no thread: it is also the clock on which the client waits, and so sees time pass.
 */
final class TouchPrompt implements TouchPolling.Listener, Deadline.Clock {
  private final PrintStream err;
  private final boolean inPlace;
  private final Deadline deadline;

  /** What is on the line now; null while no touch is awaited. */
  private @Nullable String shown;

  TouchPrompt(Terminal terminal, Duration timeout) {
    err = terminal.err();
    inPlace = terminal.errIsTerminal();
    deadline = Deadline.after(timeout, this);
  }

  /** When the wait ends. */
  Deadline deadline() {
    return deadline;
  }

  @Override
  public void touchNow() {
    String text = text();
    if (inPlace) {
      shown = text;
      err.print(text);
      err.flush();
    } else {
      err.println(text);
    }
  }

  private String text() {
    return "Touch your key (" + (deadline.remaining().toMillis() + 999) / 1000 + " s left)";
  }

  @Override
  public void stillWaiting(Duration remaining) {
    clear();
    err.println("Still waiting. A key without a button: take it out and put it in again.");
    if (inPlace) {
      touchNow();
    }
  }

  @Override
  public void done() {
    clear();
    shown = null;
  }

  /** Tells the person something else meanwhile. */
  void say(String text) {
    clear();
    err.println(Terminal.printable(text));
    if (shown != null) {
      err.print(shown);
    }
    err.flush();
  }

  private void clear() {
    if (shown != null) {
      // two more, for the ^C that a terminal writes
      err.print("\r" + " ".repeat(shown.length() + 2) + "\r");
      err.flush();
    }
  }

  @Override
  public long nanos() {
    return Deadline.Clock.SYSTEM.nanos();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    if (shown != null && !shown.equals(text())) {
      clear();
      touchNow();
    }
    Deadline.Clock.SYSTEM.sleep(time);
  }
}
