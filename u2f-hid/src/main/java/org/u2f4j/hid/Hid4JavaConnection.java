package org.u2f4j.hid;

import java.io.IOException;
import org.hid4java.HidDevice;
import org.u2f4j.apdu.Deadline;

/**
 * A device through hid4java. Native memory is freed when it closes, so nothing may read or write
 * then: of those that do when it is closed the last one frees it, so that closing does not wait for a
 * call that hangs. A read asks for no more than a short while at a time.
 */
final class Hid4JavaConnection implements HidConnection {
  private static final int SLICE_MILLIS = 50;

  /** How often a read that does not wait may fail: a signal to the process hardly ever meets it. */
  private static final int SIGNALS = 3;

  private final HidDevice device;
  private final ReportDescriptor sizes;
  private final HidApiTurn system;
  private final AccessDiagnosis diagnosis;
  private volatile boolean written;

  // these two guarded by this
  private int users;
  private boolean closed;

  Hid4JavaConnection(
      HidDevice device, ReportDescriptor sizes, HidApiTurn system, AccessDiagnosis diagnosis) {
    this.device = device;
    this.sizes = sizes;
    this.system = system;
    this.diagnosis = diagnosis;
  }

  @Override
  public int inputReportSize() {
    return sizes.inputSize();
  }

  @Override
  public int outputReportSize() {
    return sizes.outputSize();
  }

  @Override
  public void write(byte[] report) throws IOException {
    enter();
    try {
      // hid4java puts the report id before it; Windows may count padding of its own
      if (device.write(report, report.length, (byte) 0) <= report.length) {
        throw new AccessException(written ? AccessProblem.UNPLUGGED : diagnosis.takesNothing());
      }
      written = true;
    } finally {
      leave();
    }
  }

  @Override
  public int read(byte[] report, Deadline deadline) throws IOException, InterruptedException {
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long left = deadline.remaining().plusNanos(999_999).toMillis();
      int length = readOnce(report, (int) Math.min(SLICE_MILLIS, left));
      if (length != 0 || deadline.expired()) {
        return length;
      }
    }
  }

  private int readOnce(byte[] report, int millis) throws IOException {
    enter();
    try {
      int length = device.read(report, millis);
      // it also fails if a signal ends the wait, and profilers send more of them than fit into it
      for (int again = 0; again < SIGNALS && length < 0; again++) {
        length = device.read(report, 0);
      }
      if (length < 0) {
        throw new AccessException(AccessProblem.UNPLUGGED);
      }
      return length;
    } finally {
      leave();
    }
  }

  private synchronized void enter() throws IOException {
    if (closed) {
      throw new IOException("the connection to the key is closed");
    }
    users++;
  }

  private void leave() {
    boolean last;
    synchronized (this) {
      users--;
      last = closed && users == 0;
    }
    if (last) {
      system.close(device::close);
    }
  }

  @Override
  public void close() {
    boolean unused;
    synchronized (this) {
      unused = !closed && users == 0;
      closed = true;
    }
    if (unused) {
      system.close(device::close);
    }
  }
}
