package org.u2f4j.apdu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.u2f4j.Bytes;

/** A key that expects certain commands, in hexadecimal digits, and has to be used up at close. */
public final class ScriptedKey implements Transport {
  /** What the key does on a command. */
  public interface Step {
    /** Answers, or fails. */
    ResponseApdu run(Deadline deadline) throws IOException, InterruptedException;
  }

  private record Expected(String command, Step step) {}

  private final Deque<Expected> script = new ArrayDeque<>();

  /** On this command, do that. */
  public ScriptedKey on(String command, Step step) {
    script.add(new Expected(command, step));
    return this;
  }

  /** On this command, answer that. */
  public ScriptedKey on(String command, String answer) {
    return on(command, deadline -> ResponseApdu.decode(Bytes.fromHex(answer)));
  }

  @Override
  public ResponseApdu exchange(CommandApdu command, Deadline deadline)
      throws IOException, InterruptedException {
    Expected next = script.poll();
    assertNotNull(next, () -> "not in the script: " + command.encode().hex());
    assertEquals(next.command(), command.encode().hex());
    return next.step().run(deadline);
  }

  @Override
  public void close() {
    assertEquals(0, script.size(), "steps left in the script");
  }
}
