package org.u2f4j.hid;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;

/** A key of a test's own: it gets a channel as any other, and then answers as the test says. */
final class ScriptedConnection implements HidConnection {
  static final Channel CHANNEL = new Channel(0x0A0B_0C0D);

  /** What the key sends for a report that it was sent. */
  interface Key {
    List<Message> answer(Packet packet);
  }

  final List<Bytes> sent = new ArrayList<>();
  boolean closed;
  boolean mute;
  final Queue<Bytes> unread = new ArrayDeque<>();
  private final Key key;
  private Channel given = CHANNEL;

  ScriptedConnection(Key key) {
    this.key = key;
  }

  ScriptedConnection giving(Channel channel) {
    given = channel;
    return this;
  }

  @Override
  public int inputReportSize() {
    return 64;
  }

  @Override
  public int outputReportSize() {
    return 64;
  }

  @Override
  public void write(byte[] report) throws IOException {
    Bytes bytes = Bytes.of(report);
    sent.add(bytes);
    if (mute) {
      return;
    }
    Packet packet = new Packet(64).fill(bytes);
    if (packet.isFirst() && packet.command().equals(CtapHidCommand.INIT)) {
      InitResponse response =
          new InitResponse(bytes.slice(7, 15), given, new DeviceInfo(2, 1, 0, 0, 0));
      send(new Message(packet.channel(), CtapHidCommand.INIT, response.encode()));
    } else {
      key.answer(packet).forEach(this::send);
    }
  }

  private void send(Message message) {
    unread.addAll(message.split(64));
  }

  @Override
  public int read(byte[] report, Deadline deadline) throws InterruptedException {
    Bytes next = unread.poll();
    if (next == null) {
      deadline.sleep(deadline.remaining());
      return 0;
    }
    Arrays.fill(report, (byte) 0);
    next.copyTo(0, report, 0, next.length());
    return next.length();
  }

  @Override
  public void close() {
    closed = true;
  }
}
