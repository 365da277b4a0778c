package org.u2f4j.examples.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class PublicUrlTest {
  @Test
  void theOriginIsWhatBrowsersSay() {
    assertEquals(
        "https://example.org", PublicUrl.parse("https://Example.org:443/").origin());
    assertEquals(
        "https://example.org:8443", PublicUrl.parse("HTTPS://example.org:8443").origin());
    assertEquals("http://localhost", PublicUrl.parse("http://localhost").origin());
    assertEquals("http://localhost:8642", PublicUrl.localhost(8642).origin());
  }

  @Test
  void whatKeysCannotBeBoundToIsRefused() {
    for (String text : List.of(
        "",
        "example.org",
        "https://",
        "https:///x",
        "https://a b",
        "https://example.org/path",
        "https://example.org?x",
        "https://example.org#x",
        "https://me@example.org",
        "http://example.org",
        "ftp://example.org",
        "https://192.0.2.1",
        "https://[2001:db8::1]",
        "http://127.0.0.1")) {
      assertThrows(IllegalArgumentException.class, () -> PublicUrl.parse(text), text);
    }
  }
}
