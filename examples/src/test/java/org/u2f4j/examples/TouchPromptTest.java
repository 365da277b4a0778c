package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.KeySource;
import org.u2f4j.client.TokenRace;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.U2fToken;
import org.u2f4j.message.VersionRequest;

class TouchPromptTest {
  private final CountDownLatch answered = new CountDownLatch(1);
  private final CountDownLatch pressed = new CountDownLatch(1);

  /** Where Enter is pressed as soon as a key has answered. */
  private final InputStream keyboard = new ByteArrayInputStream(new byte[] {'\n'}) {
    @Override
    public synchronized int available() {
      return answered.getCount() == 0 ? super.available() : 0;
    }

    @Override
    public synchronized int read() {
      pressed.countDown();
      return super.read();
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) {
      throw new AssertionError("no more than a line is read");
    }
  };

  /** A key that answers once the other one is asked. */
  private Transport answers(CountDownLatch asked) {
    return key(() -> {
      asked.await();
      answered.countDown();
    });
  }

  /** A key that does not come back before Enter was pressed: so letting go of it takes a while. */
  private Transport hangs(CountDownLatch asked) {
    return key(() -> {
      asked.countDown();
      while (pressed.getCount() > 0) {
        try {
          pressed.await();
        } catch (InterruptedException e) {
          // native code does not notice
        }
      }
    });
  }

  private interface Wait {
    void end() throws InterruptedException;
  }

  private static Transport key(Wait wait) {
    return new Transport() {
      @Override
      public ResponseApdu exchange(CommandApdu command, Deadline deadline)
          throws InterruptedException {
        wait.end();
        return new ResponseApdu(VersionRequest.U2F_V2, StatusWord.NO_ERROR);
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void anEnterAfterTheAnswerInterruptsNothingThatFollows() throws Exception {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    TouchPrompt prompt = new TouchPrompt(
        new Terminal(keyboard, nowhere, nowhere, "02", true), Duration.ofMinutes(1));
    prompt.cancelWithEnter(keyboard, "Enter cancels");
    CountDownLatch asked = new CountDownLatch(1);
    Map<String, Transport> keys = Map.of("one", answers(asked), "other", hangs(asked));
    TokenRace race = new TokenRace(KeySource.of(keys), prompt);
    assertEquals(
        VersionRequest.U2F_V2,
        race.run(
            new TouchPolling(prompt),
            (key, polling, end) -> new U2fToken(key).version(end),
            prompt.deadline()));
    prompt.end();
    assertFalse(Thread.interrupted());
  }
}
