package org.u2f4j.hid;

import java.io.Closeable;
import java.io.IOException;
import org.u2f4j.apdu.Deadline;

/**
 * The seam below CTAPHID: one report goes to the device, one comes from it. Nothing here knows what
 * is in a report.
 *
 * <p>One thread reads and another may write; {@link #close()} may come from any thread, and ends a
 * read that is under way with an {@link IOException}.
 */
public interface HidConnection extends Closeable {
  /**
   * The size of the reports that come from the device.
   *
   * @return 8 to 64 bytes
   */
  int inputReportSize();

  /**
   * The size of the reports that go to the device.
   *
   * @return 8 to 64 bytes
   */
  int outputReportSize();

  /**
   * Sends a report.
   *
   * @param report {@link #outputReportSize()} bytes, without a report id; not kept
   * @throws IOException if the device is gone, or this connection is closed
   */
  void write(byte[] report) throws IOException;

  /**
   * Takes the next report that came, and waits for it.
   *
   * @param report is filled from its start; as long as {@link #inputReportSize()} at least
   * @param deadline when to give up; one that has passed already still takes a report that is there
   * @return how many bytes the report has, not more than the array; 0 if none came in time
   * @throws IOException if the device is gone, or this connection is closed
   * @throws InterruptedException if the thread is interrupted
   */
  int read(byte[] report, Deadline deadline) throws IOException, InterruptedException;

  /**
   * Lets go of the device. Doing it twice is the same as once.
   *
   * @throws IOException if that fails
   */
  @Override
  void close() throws IOException;
}
