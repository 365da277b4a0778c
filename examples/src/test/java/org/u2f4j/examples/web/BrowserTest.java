package org.u2f4j.examples.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BrowserTest {
  @Test
  void browsersAreCalledAsPeopleCallThem() {
    assertEquals(
        "Firefox on Linux",
        Browser.name("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"));
    assertEquals(
        "Edge on Windows",
        Browser.name("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like"
            + " Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"));
    assertEquals(
        "Safari on iPhone",
        Browser.name("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"));
    assertEquals(
        "Chrome on Android",
        Browser.name("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/140.0.0.0 Mobile Safari/537.36"));
    assertEquals("A browser", Browser.name("curl/8.5.0"));
    assertEquals("A browser", Browser.name(""));
  }
}
