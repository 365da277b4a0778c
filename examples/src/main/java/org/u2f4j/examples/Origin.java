package org.u2f4j.examples;

import java.util.regex.Pattern;

/** The caller's facet id, which no browser writes here but a person. */
final class Origin {
  private static final Pattern WEB = Pattern.compile(
      "[a-z][a-z0-9+-]*://([a-z0-9_-]+(\\.[a-z0-9_-]+)*\\.?|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");
  private static final Pattern STANDARD_PORT = Pattern.compile("http:.*:80|https:.*:443");
  private static final Pattern APP = Pattern.compile("(?!https?:)[a-z][a-z0-9+-]*:[A-Za-z]\\S*");

  private Origin() {}

  /** Refuses what neither a browser nor an application would call itself. */
  static String checked(String given) throws Failure {
    boolean web = WEB.matcher(given).matches() && !STANDARD_PORT.matcher(given).matches();
    if (!web && !APP.matcher(given).matches()) {
      throw new Failure(
          Exit.USAGE,
          "--origin is scheme, host and port only, like https://example.com, not \"" + given
              + "\"");
    }
    return given;
  }
}
