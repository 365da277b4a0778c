package org.u2f4j.apdu;

import java.io.Flushable;
import java.io.IOException;

/**
 * Writes down everything that passes, for {@link ReplayTransport} to repeat.
 *
 * <p>A line {@code > HEX} is a command, {@code < HEX} its answer, {@code ! TEXT} the failure that
 * came instead. The recording holds key handles and challenges in full: keep it private.
 */
public final class RecordTransport implements Transport {
  private final Transport inner;
  private final Appendable out;

  /**
   * Records a transport, which is closed with this one.
   *
   * @param inner what carries the commands
   * @param out where the lines go; flushed after each exchange if it can be, never closed
   */
  public RecordTransport(Transport inner, Appendable out) {
    this.inner = inner;
    this.out = out;
  }

  @Override
  public ResponseApdu exchange(CommandApdu command, Deadline deadline)
      throws IOException, InterruptedException {
    out.append("> ").append(command.encode().hex()).append('\n');
    ResponseApdu response;
    try {
      response = inner.exchange(command, deadline);
    } catch (IOException | InterruptedException | RuntimeException e) {
      String message = e instanceof IOException ? e.getMessage() : null;
      end("! " + (message == null ? e.toString() : message).replaceAll("\\R", " "));
      throw e;
    }
    end("< " + response.encode().hex());
    return response;
  }

  private void end(String line) throws IOException {
    out.append(line).append('\n');
    if (out instanceof Flushable flushable) {
      flushable.flush();
    }
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
