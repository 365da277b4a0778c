package org.u2f4j.hid.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.hid.FakeClock;
import org.u2f4j.hid.HidConnection;

/**
 * A host that puts its packets together by hand and so can break every rule. It shares no code with
 * the host of the library.
 */
final class RawHost {
  static final int BROADCAST = 0xFFFF_FFFF;
  static final int PING = 0x81;
  static final int MSG = 0x83;
  static final int LOCK = 0x84;
  static final int INIT = 0x86;
  static final int WINK = 0x88;
  static final int CBOR = 0x90;
  static final int CANCEL = 0x91;
  static final int ERROR = 0xBF;

  static final Duration AT_ONCE = Duration.ofMillis(100);

  /** A message that came, and when: its command has bit 7 set. */
  record Answer(int channel, int command, Bytes payload, Duration after) {}

  private final HidConnection connection;
  private final FakeClock clock;
  private byte nonce;

  RawHost(HidConnection connection, FakeClock clock) {
    this.connection = connection;
    this.clock = clock;
  }

  /** Sends the first packet of a message of any length. */
  void first(int channel, int command, int length, Bytes data) throws IOException {
    ByteBuffer report = ByteBuffer.allocate(connection.outputReportSize());
    report.putInt(channel).put((byte) command).putShort((short) length).put(data.toBuffer());
    connection.write(report.array());
  }

  /** Sends a further packet. */
  void further(int channel, int sequence, Bytes data) throws IOException {
    ByteBuffer report = ByteBuffer.allocate(connection.outputReportSize());
    report.putInt(channel).put((byte) sequence).put(data.toBuffer());
    connection.write(report.array());
  }

  /** Sends a whole message. */
  void send(int channel, int command, Bytes payload) throws IOException {
    int room = connection.outputReportSize() - 7;
    int sent = Math.min(room, payload.length());
    first(channel, command, payload.length(), payload.slice(0, sent));
    for (int sequence = 0; sent < payload.length(); sequence++) {
      int end = Math.min(sent + room + 2, payload.length());
      further(channel, sequence, payload.slice(sent, end));
      sent = end;
    }
  }

  /** The next message, put together from packets that must belong together; null if none comes. */
  @Nullable
  Answer receive(Duration time) throws IOException, InterruptedException {
    long start = clock.nanos();
    ByteBuffer report = next(time);
    if (report == null) {
      return null;
    }
    int channel = report.getInt();
    int command = report.get() & 0xFF;
    int length = report.getShort() & 0xFFFF;
    byte[] payload = new byte[length];
    int received = Math.min(length, report.remaining());
    report.get(payload, 0, received);
    for (int sequence = 0; received < length; sequence++) {
      report = next(AT_ONCE);
      assertNotNull(report, () -> "nothing came for a packet of " + Integer.toHexString(command));
      assertEquals(channel, report.getInt());
      assertEquals(sequence, report.get());
      int part = Math.min(length - received, report.remaining());
      report.get(payload, received, part);
      received += part;
    }
    return new Answer(channel, command, Bytes.of(payload), Duration.ofNanos(clock.nanos() - start));
  }

  private @Nullable ByteBuffer next(Duration time) throws IOException, InterruptedException {
    byte[] report = new byte[connection.inputReportSize() + 1];
    int length = connection.read(report, Deadline.after(time, clock));
    if (length == 0) {
      return null;
    }
    assertEquals(connection.inputReportSize(), length);
    return ByteBuffer.wrap(Arrays.copyOf(report, length));
  }

  /** The next message, which must come at once, in answer to a channel's command. */
  Bytes expect(int channel, int command) throws IOException, InterruptedException {
    Answer answer = receive(AT_ONCE);
    assertNotNull(answer, "no answer came");
    assertEquals(Integer.toHexString(channel), Integer.toHexString(answer.channel()));
    assertEquals(Integer.toHexString(command), Integer.toHexString(answer.command()));
    return answer.payload();
  }

  /** Sends a whole message and takes the answer to it. */
  Bytes ask(int channel, int command, Bytes payload) throws IOException, InterruptedException {
    send(channel, command, payload);
    return expect(channel, command);
  }

  /** Takes an error, which must come at once. */
  void expectError(int channel, int code) throws IOException, InterruptedException {
    assertEquals(Bytes.of((byte) code), expect(channel, ERROR));
  }

  /** Asserts that nothing comes. */
  void expectSilence(Duration time) throws IOException, InterruptedException {
    assertNull(receive(time));
  }

  /** A nonce that was not used before. */
  Bytes newNonce() {
    return Bytes.of(new byte[] {1, 2, 3, 4, 5, 6, 7, ++nonce});
  }

  /** Asks for a channel. */
  int open() throws IOException, InterruptedException {
    Bytes asked = newNonce();
    Bytes answer = ask(BROADCAST, INIT, asked);
    assertEquals(asked, answer.slice(0, 8));
    return (int) answer.uint32(8);
  }
}
