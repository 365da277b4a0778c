package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;

class PacketReplayFuzz extends Fuzzing {
  private static final String HEADER =
      "# u2f4j packet trace 1, reports of 64 bytes from the key, 64 to it\n";

  static Stream<byte[]> seeds() {
    Stream<String> files = PacketFile.examples().map(example -> {
      StringBuilder text = new StringBuilder(HEADER);
      for (Bytes report : example.reports()) {
        text.append("  0.000104 > packet 0: ").append(report.hex()).append('\n');
        text.append("  0.000104 > message 0\n");
        text.append("  0.000105 < packet 0: ").append(report.hex()).append('\n');
      }
      return text + "  0.000106 ! gone\n";
    });
    return Stream.concat(files, Stream.of(conversation()))
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** A key is asked for a channel, then to send a byte back, and is pulled out. */
  private static String conversation() {
    String ping = "aabbccdd 81 0001 07";
    return Stream.of(
            "> packet 0: " + report("ffffffff 86 0008 0000000000000000"),
            "< packet 0: " + report("ffffffff 86 0011 0000000000000000 aabbccdd 02010203 01"),
            "> packet 0: " + report(ping),
            "< packet 0: " + report(ping),
            "! gone")
        .map(line -> "  0.000104 " + line + "\n")
        .collect(Collectors.joining("", HEADER, ""));
  }

  private static String report(String hex) {
    return Bytes.of(Arrays.copyOf(Samples.hex(hex).toArray(), 64)).hex();
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) throws InterruptedException {
    count();
    FakeClock clock = new FakeClock();
    PacketReplay replay;
    try {
      replay = new PacketReplay(new String(input, StandardCharsets.UTF_8));
    } catch (FormatException e) {
      return; // the only way to refuse
    }
    List<String> lines = replay.describe(PacketTrace.Formatter.NONE);
    assertTrue(lines.stream().noneMatch(String::isEmpty));
    byte[] report = new byte[replay.inputReportSize() + 1];
    try {
      replay.write(new byte[replay.outputReportSize()]);
      while (replay.read(report, Deadline.after(Duration.ofSeconds(1), clock)) > 0) {
        assertTrue(input.length > 0);
      }
      replay.close();
    } catch (IOException e) {
      // another report was sent, a failure was recorded, or reports are left
    }
    repeat(input, lines.size());
  }

  /** Asks the recording what it says that the key was asked, as long as it takes that. */
  private static void repeat(byte[] input, int most) throws InterruptedException {
    FakeClock clock = new FakeClock();
    try {
      PacketReplay replay = new PacketReplay(new String(input, StandardCharsets.UTF_8));
      CtapHidDevice device = CtapHidDevice.open(
          replay, CtapHidDevice.SILENT, Deadline.after(Duration.ofSeconds(30), clock));
      int questions = 0;
      for (Optional<Message> next = replay.nextQuestion();
          next.isPresent();
          next = replay.nextQuestion()) {
        assertTrue(++questions <= most, "each question uses up a line");
        assertNotEquals(CtapHidCommand.INIT, next.get().command());
        ask(device, next.get(), Deadline.after(Duration.ofSeconds(30), clock));
      }
    } catch (IOException | IllegalArgumentException e) {
      // no such recording, another report was sent, a failure was recorded, or it is no question
    }
  }

  private static void ask(CtapHidDevice device, Message question, Deadline deadline)
      throws IOException, InterruptedException {
    try {
      device.call(question.command(), question.payload(), deadline);
    } catch (CtapHidException | FormatException | DeadlineException e) {
      // an answer like another
    }
  }
}
