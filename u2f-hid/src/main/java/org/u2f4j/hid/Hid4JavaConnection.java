package org.u2f4j.hid;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.hid4java.HidDevice;
import org.u2f4j.apdu.Deadline;

/**
 * A device through hid4java. Native memory is freed when it closes, so nothing may read or write
 * then: reads and writes share a lock, closing needs it alone, and a read asks for no more than a
 * short while at a time.
 */
final class Hid4JavaConnection implements HidConnection {
  private static final int SLICE_MILLIS = 50;

  /** A read also fails for a signal to the process, as profilers send them; not so often in a row. */
  private static final int SIGNALS = 3;

  private final HidDevice device;
  private final ReportDescriptor sizes;
  private final Lock use;
  private final Lock end;
  private volatile boolean written;
  private volatile boolean closed;

  Hid4JavaConnection(HidDevice device, ReportDescriptor sizes) {
    this.device = device;
    this.sizes = sizes;
    ReadWriteLock lock = new ReentrantReadWriteLock(true);
    this.use = lock.readLock();
    this.end = lock.writeLock();
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
    use.lock();
    try {
      requireOpen();
      // hid4java puts the report id before it; Windows may count padding of its own
      if (device.write(report, report.length, (byte) 0) <= report.length) {
        throw new AccessException(
            written ? AccessProblem.UNPLUGGED : HidKeys.DIAGNOSIS.takesNothing());
      }
      written = true;
    } finally {
      use.unlock();
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
    use.lock();
    try {
      requireOpen();
      int length = device.read(report, millis);
      for (int again = 0; again < SIGNALS && length < 0; again++) {
        length = device.read(report, millis);
      }
      if (length < 0) {
        throw new AccessException(AccessProblem.UNPLUGGED);
      }
      return length;
    } finally {
      use.unlock();
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the connection to the key is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    end.lock();
    try {
      synchronized (HidKeys.SYSTEM) {
        device.close(); // does nothing the second time
      }
    } finally {
      end.unlock();
    }
  }
}
