package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebCommandTest {
  private static void assertUsage(String sentence, String... args) {
    Session session = Session.of("", args);
    assertEquals(2, session.exit(), session.err());
    assertEquals("", session.out());
    assertTrue(session.err().startsWith("u2f web: " + sentence), session.err());
  }

  @Test
  void othersAreLetInBehindHttpsAlone() {
    String sentence =
        "others can reach --host 0.0.0.0, so --public-url has to say the https address";
    assertUsage(sentence, "web", "--host", "0.0.0.0");
    assertUsage(sentence, "web", "--host", "0.0.0.0", "--public-url", "http://localhost:8642");
  }

  @Test
  void whatCannotBeIsSaidAtOnce() {
    assertUsage("--port is 0 to 65535, not 70000", "web", "--port", "70000");
    assertUsage(
        "--public-url cannot be https://192.0.2.1: security keys are bound to a name",
        "web",
        "--public-url",
        "https://192.0.2.1");
    assertUsage(
        "--public-url cannot be http://example.org: it is https",
        "web",
        "--public-url",
        "http://example.org");
  }

  @Test
  void aTakenPortIsNamedWithTheCure() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Session session = Session.of("", "web", "--port", String.valueOf(taken.getLocalPort()));
      assertEquals(5, session.exit(), session.err());
      assertEquals("", session.out());
      for (String part : List.of(
          "port " + taken.getLocalPort() + " of 127.0.0.1", "another \"u2f web\"", "--port 0")) {
        assertTrue(session.err().contains(part), session.err());
      }
    }
  }
}
