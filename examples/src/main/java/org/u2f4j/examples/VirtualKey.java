package org.u2f4j.examples;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.hid.token.HidToken;

/** Has a token answer the hosts of a port, until it is interrupted or the port is gone. */
final class VirtualKey {
  private static final int IDLE_MILLIS = 100;

  /** Linux keeps 64 reports for a program that reads slowly, and drops the others without a word. */
  private static final int BURST = 16;

  /** Between two reports after a burst; keys on USB take from one to five milliseconds for each. */
  private static final int PACE_MILLIS = 5;

  private final HidToken token;
  private final DevicePort port;
  private final Runnable meanwhile;
  private final BlockingQueue<Incoming> queue = new ArrayBlockingQueue<>(1_024);

  /** A report, or why there will be none any more. */
  private record Incoming(Bytes report, @Nullable IOException end) {}

  /**
   * A key.
   *
   * @param port is closed in the end
   * @param meanwhile run between two reports, and ten times a second
   */
  VirtualKey(HidToken token, DevicePort port, Runnable meanwhile) {
    this.token = token;
    this.port = port;
    this.meanwhile = meanwhile;
  }

  void serve() throws IOException, InterruptedException {
    // one of its own, so that it is fast: the kernel keeps 32 reports, and drops the others, too
    Thread reader = new Thread(this::read, "reports");
    reader.setDaemon(true); // a read cannot be ended from outside
    reader.start();
    try (port) {
      while (true) {
        meanwhile.run();
        Incoming incoming = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        long now = System.nanoTime();
        if (incoming == null) {
          port.requireThere();
          send(token.elapse(now));
        } else if (incoming.end() == null) {
          send(token.receive(incoming.report(), now));
        } else {
          throw incoming.end();
        }
      }
    }
  }

  private void read() {
    try {
      try {
        while (true) {
          queue.put(new Incoming(port.read(), null));
        }
      } catch (IOException e) {
        queue.put(new Incoming(Bytes.EMPTY, e));
      } catch (RuntimeException | Error e) {
        queue.put(new Incoming(Bytes.EMPTY, new IOException("its reports cannot be read", e)));
      }
    } catch (InterruptedException e) {
      // nobody interrupts it
    }
  }

  private void send(List<Bytes> reports) throws IOException, InterruptedException {
    int sent = 0;
    for (Bytes report : reports) {
      if (++sent > BURST) {
        TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
      }
      port.write(report);
    }
  }
}
