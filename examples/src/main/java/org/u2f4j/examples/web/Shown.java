package org.u2f4j.examples.web;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How things are shown to people. */
final class Shown {
  /** The script turns it into the reader's own time. */
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
          "d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
      .withZone(ZoneOffset.UTC);

  private Shown() {}

  /** For an element time: the form for programs, and the one for people. */
  static Map<String, String> time(Instant at) {
    return Map.of("machine", at.toString(), "words", TIME.format(at));
  }

  /** The same, or false for a template if there was none. */
  static Object optionalTime(@Nullable Instant at) {
    return at == null ? false : time(at);
  }

  static Object optional(@Nullable String text) {
    return text == null ? false : text;
  }
}
