package org.u2f4j.examples.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cookies. No script can read them, and no other site can have them sent with a POST. */
enum Cookie {
  /** The token of whoever is signed in. */
  SESSION("session", null),
  /** The token of a sign-in that awaits a second factor. */
  ATTEMPT("attempt", null),
  /** The token of a device that is remembered. */
  DEVICE("device", Duration.ofDays(30)),
  /** Random, for the forms of whoever is not signed in. */
  VISITOR("visitor", null),
  /** What to say on the next page. */
  NOTICE("notice", Duration.ofMinutes(1));

  private static final int LONGEST_HEADER = 8192;

  private final String label;

  /** How long it lasts; null for as long as the browser runs. */
  private final @Nullable Duration lasts;

  Cookie(String label, @Nullable Duration lasts) {
    this.label = label;
    this.lasts = lasts;
  }

  /** Its name: with HTTPS one that browsers take only from this very host, and only by HTTPS. */
  String in(PublicUrl url) {
    return (url.secure() ? "__Host-u2f-" : "u2f-") + label;
  }

  /** The header Set-Cookie, for a value of letters, digits, minus and underscore. */
  String set(PublicUrl url, String value) {
    return in(url) + "=" + value + (lasts == null ? "" : "; Max-Age=" + lasts.toSeconds())
        + attributes(url);
  }

  String delete(PublicUrl url) {
    return in(url) + "=; Max-Age=0" + attributes(url);
  }

  private static String attributes(PublicUrl url) {
    return "; Path=/; HttpOnly; SameSite=Lax" + (url.secure() ? "; Secure" : "");
  }

  /**
   * Ours among those of the headers Cookie. Whatever has not the form of ours is left out: other
   * programs on localhost have cookies too, and browsers send them to all ports.
   */
  static Map<Cookie, String> parse(PublicUrl url, @Nullable List<String> headers) {
    Map<Cookie, String> found = new EnumMap<>(Cookie.class);
    List<Cookie> twice = new ArrayList<>();
    for (String header : headers == null ? List.<String>of() : headers) {
      if (header.length() > LONGEST_HEADER) {
        continue;
      }
      for (String pair : header.split(";", -1)) {
        for (Cookie cookie : values()) {
          String start = cookie.in(url) + "=";
          String value = pair.strip();
          if (!value.startsWith(start)) {
            continue;
          }
          value = value.substring(start.length());
          if (value.matches("[A-Za-z0-9_-]{1,100}") && found.put(cookie, value) != null) {
            twice.add(cookie); // one of them somebody else has set
          }
        }
      }
    }
    twice.forEach(found::remove);
    return found;
  }
}
