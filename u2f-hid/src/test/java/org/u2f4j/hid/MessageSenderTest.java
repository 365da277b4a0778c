package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;

@Timeout(value = 1, unit = TimeUnit.MINUTES) // against hanging only
class MessageSenderTest {
  private static final Message WINK =
      new Message(ScriptedConnection.CHANNEL, CtapHidCommand.WINK, Bytes.EMPTY);

  private Runnable whenWritten = () -> {};
  private final ScriptedConnection connection = new ScriptedConnection(packet -> {
    whenWritten.run();
    return List.of();
  });
  private final MessageSender sender = new MessageSender(connection);

  @Test
  void aReportThatTheSystemKeepsHoldsUpNoOtherThreadBeyondItsDeadline() throws Exception {
    Hanging.Call write = self -> {
      whenWritten = self::hang;
      sender.send(WINK, Deadline.after(Duration.ofMinutes(1)));
    };
    try (Hanging writer = new Hanging(write)) {
      assertThrows(DeadlineException.class, () -> sender.send(WINK, Deadline.after(Duration.ZERO)));
      writer.comeBack();
    }
    whenWritten = () -> {};
    sender.send(WINK, Deadline.after(Duration.ofMinutes(1)));
    assertEquals(2, connection.sent.size(), "one that hung, and this one");
  }
}
