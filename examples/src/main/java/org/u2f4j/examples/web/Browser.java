package org.u2f4j.examples.web;

import java.util.LinkedHashMap;
import java.util.Map;

/** What people would call a browser. Browsers claim to be each other, so the order counts. */
final class Browser {
  private static final Map<String, String> NAMES = new LinkedHashMap<>();
  private static final Map<String, String> SYSTEMS = new LinkedHashMap<>();

  static {
    NAMES.put("Firefox/", "Firefox");
    NAMES.put("FxiOS/", "Firefox");
    NAMES.put("Edg", "Edge");
    NAMES.put("OPR/", "Opera");
    NAMES.put("SamsungBrowser/", "Samsung Internet");
    NAMES.put("Chrome/", "Chrome");
    NAMES.put("CriOS/", "Chrome");
    NAMES.put("Safari/", "Safari");
    SYSTEMS.put("Android", "Android");
    SYSTEMS.put("iPhone", "iPhone");
    SYSTEMS.put("iPad", "iPad");
    SYSTEMS.put("CrOS", "ChromeOS");
    SYSTEMS.put("Windows", "Windows");
    SYSTEMS.put("Mac OS X", "macOS");
    SYSTEMS.put("Linux", "Linux");
  }

  private Browser() {}

  /** Such as "Firefox on Linux", from the header User-Agent. */
  static String name(String userAgent) {
    return first(NAMES, userAgent, "A browser")
        + first(SYSTEMS, userAgent, "").replaceFirst("^(?=.)", " on ");
  }

  private static String first(Map<String, String> known, String text, String otherwise) {
    return known.entrySet().stream()
        .filter(entry -> text.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }
}
