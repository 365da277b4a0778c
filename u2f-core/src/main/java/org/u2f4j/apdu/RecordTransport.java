package org.u2f4j.apdu;

import java.io.Flushable;
import java.io.IOException;

/**
 * Writes down everything that passes, for {@link ReplayTransport} to repeat.
 *
 * <p>A line {@code > HEX} is a command, {@code < HEX} its response, {@code ! TEXT} the failure that
 * came instead, {@code ~ TEXT} a deadline that passed. An exchange that was interrupted is left out. The recording holds key handles and challenges in full: keep it private.
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
    ResponseApdu response;
    try {
      response = inner.exchange(command, deadline);
    } catch (DeadlineException e) {
      write(command, "~ " + oneLine(e));
      throw e;
    } catch (IOException e) {
      write(command, "! " + oneLine(e));
      throw e;
    }
    write(command, "< " + response.encode().hex());
    return response;
  }

  private void write(CommandApdu command, String end) throws IOException {
    out.append("> ").append(command.encode().hex()).append('\n').append(end).append('\n');
    if (out instanceof Flushable flushable) {
      flushable.flush();
    }
  }

  private static String oneLine(IOException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.replaceAll("\\R", " ");
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
