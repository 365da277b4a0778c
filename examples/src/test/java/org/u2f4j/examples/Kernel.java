package org.u2f4j.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.hid.HidConnection;

/**
 * What is on the other side of {@code /dev/uhid}: Linux, and a program that has the device open. Types
 * and layouts are those of {@code include/uapi/linux/uhid.h}.
 */
final class Kernel implements HidConnection {
  static final int DESTROY = 1;
  static final int START = 2;
  static final int STOP = 3;
  static final int OUTPUT = 6;
  static final int GET_REPORT = 9;
  static final int GET_REPORT_REPLY = 10;
  static final int CREATE2 = 11;
  static final int INPUT2 = 12;
  static final int SET_REPORT = 13;
  static final int SET_REPORT_REPLY = 14;

  private final BlockingQueue<byte[]> toDevice = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> fromDevice = new LinkedBlockingQueue<>();

  final InputStream in = new InputStream() {
    @Override
    public int read() {
      throw new UnsupportedOperationException("an event is read at once");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        byte[] event = toDevice.take();
        System.arraycopy(event, 0, target, offset, Math.min(length, event.length));
        return Math.min(length, event.length);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  };

  final OutputStream out = new OutputStream() {
    @Override
    public void write(int b) {
      throw new UnsupportedOperationException("an event is written at once");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      fromDevice.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }
  };

  /** An event to the device: its type, and what follows. */
  void send(int type, byte... rest) {
    toDevice.add(ByteBuffer.allocate(4 + rest.length)
        .order(ByteOrder.nativeOrder())
        .putInt(type)
        .put(rest)
        .array());
  }

  /** The next event from the device, within a minute. */
  ByteBuffer next() throws InterruptedException {
    byte[] event = fromDevice.poll(1, TimeUnit.MINUTES);
    if (event == null) {
      throw new AssertionError("no event");
    }
    return ByteBuffer.wrap(event).order(ByteOrder.nativeOrder());
  }

  @Override
  public int inputReportSize() {
    return 64;
  }

  @Override
  public int outputReportSize() {
    return 64;
  }

  /** A program puts the number of the report before it: none here. */
  @Override
  public void write(byte[] report) {
    ByteBuffer event = ByteBuffer.allocate(4096 + 2 + 1).order(ByteOrder.nativeOrder());
    event.position(1);
    event.put(report);
    event.putShort(4096, (short) 65);
    event.put(4098, (byte) 1);
    send(OUTPUT, event.array());
  }

  @Override
  public int read(byte[] report, Deadline deadline) throws IOException, InterruptedException {
    byte[] taken = fromDevice.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    if (taken == null) {
      return 0;
    }
    ByteBuffer event = ByteBuffer.wrap(taken).order(ByteOrder.nativeOrder());
    if (event.getInt() != INPUT2) {
      throw new IOException("an event of type " + event.getInt(0));
    }
    int length = event.getShort();
    event.get(report, 0, length);
    return length;
  }

  @Override
  public void close() {}
}
