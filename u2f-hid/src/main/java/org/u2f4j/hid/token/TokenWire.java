package org.u2f4j.hid.token;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.hid.AccessException;
import org.u2f4j.hid.AccessProblem;
import org.u2f4j.hid.HidConnection;

/**
 * The cable between a {@link HidToken} and the programs of one machine, in memory. As with a real
 * key, each connection sees all that the token sends, to whomever.
 *
 * <p>With a clock of the test's own, a read that finds no report sleeps on that clock until the
 * token has something to do, or to the deadline: if sleeping moves the clock, nothing waits, and all
 * goes the same way each time. Deadlines go by the same clock. With the machine's clock, connections
 * may be used by a thread each.
 */
public final class TokenWire {
  /** What a system keeps for a program that does not read; later reports are lost. */
  private static final int MOST_UNREAD = 1_024;

  /** Another thread may send meanwhile, which a sleeper does not notice. */
  private static final Duration SLICE = Duration.ofMillis(5);

  private final HidToken token;
  private final Deadline.Clock clock;
  private final List<Connection> connections = new ArrayList<>();

  /**
   * A cable where time is that of the machine.
   *
   * @param token the key's end
   */
  public TokenWire(HidToken token) {
    this(token, Deadline.Clock.SYSTEM);
  }

  /**
   * A cable where time is the caller's.
   *
   * @param token the key's end
   * @param clock where time comes from
   */
  public TokenWire(HidToken token, Deadline.Clock clock) {
    this.token = token;
    this.clock = clock;
  }

  /**
   * Opens the key, as one more program.
   *
   * @return a new connection
   * @throws AccessException if the token is taken out
   */
  public HidConnection connect() throws AccessException {
    synchronized (connections) {
      requirePlugged();
      Connection connection = new Connection();
      connections.add(connection);
      return connection;
    }
  }

  private void requirePlugged() throws AccessException {
    if (!token.isPlugged()) {
      throw new AccessException(AccessProblem.UNPLUGGED);
    }
  }

  private void deliver(List<Bytes> reports) {
    for (Connection connection : connections) {
      for (Bytes report : reports) {
        if (connection.unread.size() < MOST_UNREAD) {
          connection.unread.add(report);
        }
      }
    }
  }

  private final class Connection implements HidConnection {
    private final Queue<Bytes> unread = new ArrayDeque<>();
    private volatile boolean closed;

    @Override
    public int inputReportSize() {
      return token.reportDescriptor().inputSize();
    }

    @Override
    public int outputReportSize() {
      return token.reportDescriptor().outputSize();
    }

    @Override
    public void write(byte[] report) throws IOException {
      if (report.length != outputReportSize()) {
        throw new IllegalArgumentException("a report to this token has %s bytes, not %s"
            .formatted(outputReportSize(), report.length));
      }
      synchronized (connections) {
        requireOpen();
        requirePlugged();
        deliver(token.receive(Bytes.of(report), clock.nanos()));
      }
    }

    @Override
    public int read(byte[] report, Deadline deadline) throws IOException, InterruptedException {
      while (true) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        Duration wait;
        synchronized (connections) {
          Bytes next = next();
          if (next != null) {
            int length = Math.min(next.length(), report.length);
            next.copyTo(0, report, 0, length);
            return length;
          }
          wait = untilNextEvent();
        }
        if (deadline.expired()) {
          return 0;
        }
        deadline.sleep(wait);
      }
    }

    private @Nullable Bytes next() throws IOException {
      requireOpen();
      deliver(token.elapse(clock.nanos()));
      Bytes next = unread.poll();
      if (next == null) {
        requirePlugged();
      }
      return next;
    }

    private Duration untilNextEvent() {
      OptionalLong event = token.nextEvent();
      long nanos = event.isPresent() ? event.getAsLong() - clock.nanos() : Long.MAX_VALUE;
      Duration wait = Duration.ofNanos(nanos);
      boolean alone = clock != Deadline.Clock.SYSTEM;
      return alone || wait.compareTo(SLICE) < 0 ? wait : SLICE;
    }

    private void requireOpen() throws IOException {
      if (closed) {
        throw new IOException("the connection to the key is closed");
      }
    }

    @Override
    public void close() {
      closed = true;
      synchronized (connections) {
        connections.remove(this);
      }
    }
  }
}
