package org.u2f4j.hid;

import java.io.Flushable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;

/**
 * Writes down what passes a connection, for people and for {@link PacketReplay}.
 *
 * <pre>
 * # u2f4j packet trace 1, reports of 64 bytes from the key, 64 to it
 *   0.000104 &gt; packet ffffffff INIT 8 bytes
 *   0.000104 &gt; message ffffffff INIT 8 bytes
 *   0.002318 &lt; packet ffffffff INIT 17 bytes
 *   0.002318 &lt; message ffffffff INIT 17 bytes, channel 0100bc54, protocol 2, version 1.0.0, MSG
 * </pre>
 *
 * <p>Times are in seconds from the first line on. {@code >} goes to the key, {@code <} comes from it;
 * {@code !} is a failure. Bytes of the reports are written only where {@link Detail#BYTES} asks for
 * them: they hold key handles, challenges and signatures.
 */
public final class PacketTrace implements HidConnection {
  /** What is written of a packet. */
  public enum Detail {
    /** Channel, command, length and sequence: nothing that another person could use. */
    REDACTED,
    /** The whole report besides, so that the trace can be replayed. Keep it private. */
    BYTES
  }

  /** Says what is in a message. */
  @FunctionalInterface
  public interface Formatter {
    /** Says nothing more than command and length. */
    Formatter NONE = (message, fromKey) -> "";

    /**
     * Decodes a message for people.
     *
     * @param message the message
     * @param fromKey whether the key sent it
     * @return a text without line breaks and without secrets; empty if there is nothing to say
     */
    String format(Message message, boolean fromKey);
  }

  private final HidConnection inner;
  private final Appendable out;
  private final Detail detail;
  private final PacketLines lines;
  private final long start = System.nanoTime();

  /**
   * Traces a connection, which is closed with this one.
   *
   * @param inner what carries the reports
   * @param out where the lines go; flushed after each report if it can be, never closed
   * @param formatter says what is in a message
   * @param detail what is written of a packet
   * @throws IOException if the first line cannot be written
   */
  public PacketTrace(HidConnection inner, Appendable out, Formatter formatter, Detail detail)
      throws IOException {
    this.inner = inner;
    this.out = out;
    this.detail = detail;
    this.lines = new PacketLines(formatter);
    line(PacketReplay.HEADER.formatted(inner.inputReportSize(), inner.outputReportSize()));
  }

  @Override
  public int inputReportSize() {
    return inner.inputReportSize();
  }

  @Override
  public int outputReportSize() {
    return inner.outputReportSize();
  }

  @Override
  public void write(byte[] report) throws IOException {
    passed('>', report, report.length);
    try {
      inner.write(report);
    } catch (IOException e) {
      failed(e);
      throw e;
    }
  }

  @Override
  public int read(byte[] report, Deadline deadline) throws IOException, InterruptedException {
    int length;
    try {
      length = inner.read(report, deadline);
    } catch (IOException e) {
      failed(e);
      throw e;
    }
    if (length > 0) {
      passed('<', report, length);
    }
    return length;
  }

  private void passed(char direction, byte[] report, int length) throws IOException {
    Bytes bytes = Bytes.of(Arrays.copyOf(report, length));
    List<String> told = lines.of(bytes, direction == '<');
    String head = "%s %s ".formatted(time(), direction);
    String hex = detail == Detail.BYTES ? ": " + bytes.hex() : "";
    told.set(0, told.get(0) + hex);
    line(head + String.join("\n" + head, told));
  }

  private void failed(IOException e) throws IOException {
    line("%s ! %s".formatted(time(), String.valueOf(e.getMessage()).replaceAll("\\R", " ")));
  }

  private String time() {
    long micros = (System.nanoTime() - start) / 1_000;
    return String.format(Locale.ROOT, "%4d.%06d", micros / 1_000_000, micros % 1_000_000);
  }

  private synchronized void line(String text) throws IOException {
    out.append(text).append('\n');
    if (out instanceof Flushable flushable) {
      flushable.flush();
    }
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
