package org.u2f4j.apdu;

import java.io.Closeable;
import java.io.IOException;

/**
 * The seam between a client and a key: one command goes down, one answer comes back.
 *
 * <p>A USB key, a software key and a recorded session are all transports. One caller at a time per
 * transport; {@link #close()} may come from any thread.
 */
public interface Transport extends Closeable {
  /**
   * Carries one command to the key and brings its answer.
   *
   * @param command what the key is to do
   * @param deadline when to give up
   * @return what the key answered, whatever its status
   * @throws DeadlineException if the deadline passes first
   * @throws org.u2f4j.FormatException if what came back is not an answer
   * @throws IOException if the key cannot be reached, or is gone
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  ResponseApdu exchange(CommandApdu command, Deadline deadline)
      throws IOException, InterruptedException;

  /**
   * Lets go of the key.
   *
   * @throws IOException if that fails
   */
  @Override
  void close() throws IOException;
}
