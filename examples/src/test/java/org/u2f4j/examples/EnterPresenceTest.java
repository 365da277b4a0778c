package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.message.RegistrationRequest;

class EnterPresenceTest implements Deadline.Clock {
  private static final String PROMPT =
      "Press Enter to touch the key: a program registers it, application 100680ad...\n";

  private final PipedOutputStream keyboard = new PipedOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final EnterPresence finger;
  private long nanos = Long.MAX_VALUE - 1_000;

  EnterPresenceTest() throws IOException {
    PrintStream screen = new PrintStream(err, true, StandardCharsets.UTF_8);
    finger = new EnterPresence(
        new Terminal(new PipedInputStream(keyboard), screen, screen, "", false), this);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration time) {
    nanos += time.toNanos();
  }

  private void type(String text) throws IOException {
    keyboard.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private boolean asked(String clientData) {
    return finger.confirm(new RegistrationRequest(
        ChallengeParameter.of(Bytes.utf8(clientData)),
        new AppId("https://example.com").applicationParameter()));
  }

  private String told() {
    String told = err.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    err.reset();
    return told;
  }

  @Test
  void enterTouchesForOneRequest() throws IOException {
    assertFalse(asked("first"));
    assertEquals(PROMPT, told());
    sleep(Duration.ofMillis(200));
    assertFalse(asked("first"));
    assertEquals("", told());
    type("\n");
    assertTrue(asked("first"));
    assertEquals("", told());
    assertFalse(asked("second"));
    assertEquals(PROMPT, told());
  }

  @Test
  void aTouchWithoutARequestIsForgotten() throws IOException {
    type("\n");
    finger.look();
    sleep(EnterPresence.GOOD_FOR);
    assertFalse(asked("late"));
    type("\n");
    finger.look();
    sleep(EnterPresence.GOOD_FOR.minusNanos(1));
    assertTrue(asked("late"));
  }

  @Test
  void otherKeysTouchNothing() throws IOException {
    type("yes");
    assertFalse(asked("first"));
  }

  @Test
  void aProgramThatAsksAnewIsToldAnew() {
    assertFalse(asked("first"));
    sleep(Duration.ofSeconds(3));
    assertFalse(asked("first"));
    assertEquals(PROMPT + PROMPT, told());
  }
}
