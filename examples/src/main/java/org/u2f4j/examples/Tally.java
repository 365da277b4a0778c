package org.u2f4j.examples;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.u2f4j.examples.LineVerifier.Outcome;

/** Counts lines and tells how it goes: on a terminal in place, elsewhere now and then. */
final class Tally {
  private static final long SECOND = 1_000_000_000;

  private final Terminal terminal;
  private final boolean inPlace;
  private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
  private final long started = System.nanoTime();
  private long next;
  private int shown;

  Tally(Terminal terminal) {
    this.terminal = terminal;
    // where results scroll by, a line in place would be torn apart
    this.inPlace = terminal.errIsTerminal() && !terminal.outIsTerminal();
    this.next = started + (inPlace ? SECOND : 10 * SECOND);
  }

  void count(Outcome outcome) {
    counts.merge(outcome, 1L, Long::sum);
    long now = System.nanoTime();
    if (now < next || terminal.outIsTerminal()) {
      return;
    }
    if (inPlace) {
      clear();
      String text = sentence();
      shown = text.length();
      terminal.err().print(text);
      terminal.err().flush();
    } else {
      terminal.say(sentence());
    }
    next = now + (inPlace ? SECOND / 4 : 10 * SECOND);
  }

  /** Takes the line away that is written in place. */
  void clear() {
    if (shown > 0) {
      terminal.err().print("\r" + " ".repeat(shown + 2) + "\r");
      terminal.err().flush();
      shown = 0;
    }
  }

  Exit exit() {
    return of(Outcome.UNREADABLE) > 0
        ? Exit.BROKEN
        : of(Outcome.REJECTED) > 0 ? Exit.REFUSED : Exit.DONE;
  }

  String sentence() {
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    double seconds = Math.max(1e-3, (System.nanoTime() - started) / (double) SECOND);
    return String.format(
        Locale.ROOT,
        "%,d %s: %,d accepted, %,d rejected, %,d unreadable; %,.0f lines/s",
        all,
        all == 1 ? "line" : "lines",
        of(Outcome.ACCEPTED),
        of(Outcome.REJECTED),
        of(Outcome.UNREADABLE),
        all / seconds);
  }

  private long of(Outcome outcome) {
    return counts.getOrDefault(outcome, 0L);
  }
}
