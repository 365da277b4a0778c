package org.u2f4j.hid;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;

/**
 * Repeats what {@link PacketTrace} wrote down with {@link PacketTrace.Detail#BYTES}: takes the same
 * reports in the same order, gives back what the key gave, and must have been used up when it is
 * closed.
 *
 * <p>The nonce of an INIT may be another one than was recorded: it is random, and its answer is made
 * to fit; so reports have 15 bytes or more here, which hold a nonce. For one thread at a time.
 */
public final class PacketReplay implements HidConnection {
  static final String HEADER = "# u2f4j packet trace 1, reports of %s bytes from the key, %s to it";

  private static final Pattern FIRST =
      Pattern.compile(HEADER.formatted("(\\d{1,2})", "(\\d{1,2})"));
  private static final Pattern LINE = Pattern.compile(
      " *\\d+\\.\\d{6} (?:(!) (.*)|([<>]) (packet |no packet, |message |out of |too long )(.*))");
  private static final int NONCE = Packet.FIRST_HEADER;
  private static final int NONCE_END = NONCE + InitResponse.NONCE_LENGTH;

  private record Event(int line, char kind, Bytes report, String failure) {}

  private final Deque<Event> left = new ArrayDeque<>();
  private final int inputSize;
  private final int outputSize;
  private Bytes recordedNonce = Bytes.EMPTY;
  private Bytes nonce = Bytes.EMPTY;

  /**
   * Reads a recording.
   *
   * @param recording what {@link PacketTrace} wrote
   * @throws FormatException if a line is none of its lines, or the bytes were left out; the offset is
   *     the number of the line
   */
  public PacketReplay(String recording) throws FormatException {
    String[] lines = recording.split("\\R", -1);
    Matcher first = FIRST.matcher(lines[0]);
    if (!first.matches()) {
      throw new FormatException("a packet trace begins with \"# u2f4j packet trace 1\"", 1);
    }
    inputSize = size(first.group(1));
    outputSize = size(first.group(2));
    for (int i = 1; i < lines.length; i++) {
      if (!lines[i].isBlank() && !lines[i].startsWith("#")) {
        add(lines[i], i + 1);
      }
    }
  }

  private static int size(String digits) throws FormatException {
    int size = Integer.parseInt(digits);
    if (size < NONCE_END || size > Packet.MAX_SIZE) {
      throw new FormatException("reports to be replayed have 15 to 64 bytes, not " + size, 1);
    }
    return size;
  }

  private void add(String text, int number) throws FormatException {
    Matcher line = LINE.matcher(text);
    if (!line.matches()) {
      throw new FormatException("no line of a packet trace", number);
    }
    if (line.group(1) != null) {
      left.add(new Event(number, '!', Bytes.EMPTY, line.group(2)));
    } else if (line.group(4).contains("packet")) {
      String rest = line.group(5);
      int hex = rest.lastIndexOf(": ");
      if (hex < 0) {
        throw new FormatException("the bytes of this packet were not recorded", number);
      }
      try {
        Bytes report = Bytes.fromHex(rest.substring(hex + 2));
        if (report.length() == 0) {
          throw new FormatException("a report has a byte at least");
        }
        left.add(new Event(number, line.group(3).charAt(0), report, ""));
      } catch (FormatException e) {
        throw new FormatException("the bytes of this packet are not in hexadecimal", number);
      }
    }
  }

  /**
   * Says what is left of the recording: a line for each report that passes, as {@link PacketTrace}
   * would write it, but without times.
   *
   * @param formatter says what is in a message
   * @return lines that begin with {@code >}, {@code <} or {@code !}
   */
  public List<String> describe(PacketTrace.Formatter formatter) {
    PacketLines lines = new PacketLines(formatter);
    List<String> told = new ArrayList<>();
    for (Event event : left) {
      List<String> some =
          event.kind == '!' ? List.of(event.failure) : lines.of(event.report, event.kind == '<');
      some.forEach(line -> told.add(event.kind + " " + line));
    }
    return told;
  }

  /**
   * What is to be asked next, so that the recording can be repeated: the next message to the key that
   * is left, but for INIT, which {@link CtapHidDevice} asks by itself.
   *
   * @return the message; nothing if none is left, or only a part of one
   */
  public Optional<Message> nextQuestion() {
    MessageAssembler assembler = new MessageAssembler();
    for (Event event : left) {
      int length = event.report.length();
      if (event.kind != '>' || length < Packet.MIN_SIZE || length > Packet.MAX_SIZE) {
        continue;
      }
      Packet packet = new Packet(length).fill(event.report);
      if (packet.isFirst()) {
        assembler.reset(); // another program's, or one that was broken off
      }
      if (assembler.accept(packet) == MessageAssembler.Outcome.COMPLETE
          && !assembler.command().equals(CtapHidCommand.INIT)) {
        return Optional.of(new Message(packet.channel(), assembler.command(), assembler.payload()));
      }
    }
    return Optional.empty();
  }

  @Override
  public int inputReportSize() {
    return inputSize;
  }

  @Override
  public int outputReportSize() {
    return outputSize;
  }

  @Override
  public void write(byte[] report) throws IOException {
    failIfRecorded();
    Event next = left.poll();
    Bytes bytes = Bytes.of(report);
    if (next == null) {
      throw new IOException("the recording is at its end, but another report was sent");
    }
    boolean init = bytes.length() >= NONCE_END
        && next.report.length() == bytes.length()
        && bytes.at(4) == (0x80 | CtapHidCommand.INIT.code());
    if (init) {
      recordedNonce = next.report.slice(NONCE, NONCE_END);
      nonce = bytes.slice(NONCE, NONCE_END);
      bytes = with(bytes, recordedNonce);
    }
    if (next.kind != '>' || !bytes.equals(next.report)) {
      throw new IOException(
          "line %s of the recording has another report than the one sent".formatted(next.line));
    }
  }

  @Override
  public int read(byte[] report, Deadline deadline) throws IOException, InterruptedException {
    Event next = left.peek();
    if (next == null || next.kind == '>') {
      deadline.sleep(deadline.remaining());
      return 0;
    }
    failIfRecorded();
    left.remove();
    Bytes bytes = next.report;
    if (nonce.length() > 0
        && bytes.length() >= NONCE_END
        && bytes.at(4) == (0x80 | CtapHidCommand.INIT.code())
        && bytes.slice(NONCE, NONCE_END).equals(recordedNonce)) {
      bytes = with(bytes, nonce);
    }
    int length = Math.min(bytes.length(), report.length);
    bytes.copyTo(0, report, 0, length);
    return length;
  }

  private void failIfRecorded() throws IOException {
    Event next = left.peek();
    if (next != null && next.kind == '!') {
      left.remove();
      throw new IOException(next.failure);
    }
  }

  private static Bytes with(Bytes report, Bytes nonce) {
    return Bytes.concat(report.slice(0, NONCE), nonce, report.slice(NONCE_END));
  }

  /**
   * Checks that the recording was used up.
   *
   * @throws IOException if reports are left
   */
  @Override
  public void close() throws IOException {
    if (!left.isEmpty()) {
      throw new IOException("%s reports of the recording were not used, the first in line %s"
          .formatted(left.size(), left.element().line));
    }
  }
}
