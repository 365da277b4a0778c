package org.u2f4j.apdu;

import java.io.IOException;

/** Shows every command before it goes down, and its response or failure as it comes back. */
public final class TraceTransport implements Transport {
  private final Transport inner;
  private final Listener listener;

  /** Told what passes. */
  public interface Listener {
    /**
     * A command is about to go down.
     *
     * @param command the command
     */
    default void sent(CommandApdu command) {}

    /**
     * Its response has come.
     *
     * @param command the command
     * @param response the response
     */
    default void received(CommandApdu command, ResponseApdu response) {}

    /**
     * There will be no response.
     *
     * @param command the command
     * @param failure an {@link IOException} or an {@link InterruptedException}
     */
    default void failed(CommandApdu command, Exception failure) {}
  }

  /**
   * Traces a transport, which is closed with this one.
   *
   * @param inner what carries the commands
   * @param listener told what passes
   */
  public TraceTransport(Transport inner, Listener listener) {
    this.inner = inner;
    this.listener = listener;
  }

  @Override
  public ResponseApdu exchange(CommandApdu command, Deadline deadline)
      throws IOException, InterruptedException {
    listener.sent(command);
    ResponseApdu response;
    try {
      response = inner.exchange(command, deadline);
    } catch (IOException | InterruptedException e) {
      listener.failed(command, e);
      throw e;
    }
    listener.received(command, response);
    return response;
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
