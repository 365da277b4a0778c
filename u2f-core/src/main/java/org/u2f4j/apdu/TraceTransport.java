package org.u2f4j.apdu;

import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Shows every command before it goes down and every answer as it comes back. */
public final class TraceTransport implements Transport {
  private final Transport inner;
  private final Consumer<CommandApdu> sent;
  private final BiConsumer<CommandApdu, ResponseApdu> received;

  /**
   * Traces a transport, which is closed with this one.
   *
   * @param inner what carries the commands
   * @param sent told each command first
   * @param received told each answer with its command
   */
  public TraceTransport(
      Transport inner, Consumer<CommandApdu> sent, BiConsumer<CommandApdu, ResponseApdu> received) {
    this.inner = inner;
    this.sent = sent;
    this.received = received;
  }

  @Override
  public ResponseApdu exchange(CommandApdu command, Deadline deadline)
      throws IOException, InterruptedException {
    sent.accept(command);
    ResponseApdu response = inner.exchange(command, deadline);
    received.accept(command, response);
    return response;
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
