package org.u2f4j.examples;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.Request;
import org.u2f4j.soft.UserPresence;

/** The finger on a virtual key: Enter touches it, for one request, as with a real one. */
final class EnterPresence implements UserPresence {
  /** How long a touch waits for its request. */
  static final Duration GOOD_FOR = Duration.ofSeconds(5);

  /** A program that has not asked for so long has given up. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Terminal terminal;
  private final Deadline.Clock clock;
  private boolean touched;
  private long touchedAt;
  private @Nullable Request asked;
  private long askedAt;

  EnterPresence(Terminal terminal, Deadline.Clock clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  @Override
  public boolean confirm(Request request) {
    look();
    long now = clock.nanos();
    if (touched && now - touchedAt < GOOD_FOR.toNanos()) {
      touched = false;
      asked = null;
      return true;
    }
    if (!request.equals(asked) || now - askedAt > PATIENCE.toNanos()) {
      terminal.say("Press Enter to touch the key: " + what(request));
    }
    asked = request;
    askedAt = now;
    return false;
  }

  /** Notices if Enter was pressed. No thread waits for it: it could not be ended. */
  void look() {
    InputStream in = terminal.in();
    try {
      byte[] typed = new byte[Math.min(in.available(), 4096)];
      int length = typed.length == 0 ? 0 : in.read(typed);
      for (int i = 0; i < length; i++) {
        if (typed[i] == '\n') {
          touched = true;
          touchedAt = clock.nanos();
        }
      }
    } catch (IOException e) {
      // standard input is closed: nobody presses anything
    }
  }

  private static String what(Request request) {
    if (request instanceof RegistrationRequest registration) {
      return "a program registers it, application " + Trace.shown(registration.application());
    }
    if (request instanceof AuthenticationRequest authentication) {
      return "a program signs in, application " + Trace.shown(authentication.application());
    }
    return "a program asks for it";
  }
}
