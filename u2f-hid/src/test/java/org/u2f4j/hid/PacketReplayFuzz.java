package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;

class PacketReplayFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return PacketFile.examples()
        .map(example -> {
          StringBuilder text = new StringBuilder(
              "# u2f4j packet trace 1," + " reports of 64 bytes from the key, 64 to it\n");
          for (Bytes report : example.reports()) {
            text.append("  0.000104 > packet 0: ").append(report.hex()).append('\n');
            text.append("  0.000104 > message 0\n");
            text.append("  0.000105 < packet 0: ").append(report.hex()).append('\n');
          }
          return text + "  0.000106 ! gone\n";
        })
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
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
    assertTrue(replay.describe(PacketTrace.Formatter.NONE).stream().noneMatch(String::isEmpty));
    replay
        .nextQuestion()
        .ifPresent(message -> assertNotEquals(CtapHidCommand.INIT, message.command()));
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
  }
}
