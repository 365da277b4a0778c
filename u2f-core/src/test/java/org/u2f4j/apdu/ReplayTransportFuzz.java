package org.u2f4j.apdu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.Fuzzing;
import org.u2f4j.Vectors;

class ReplayTransportFuzz extends Fuzzing {
  private static final Deadline DEADLINE = Deadline.after(Duration.ofDays(1));

  static Stream<byte[]> seeds() {
    return Stream.concat(Stream.of(Vectors.version()), Vectors.authentications())
        .map(vector -> "# %s\n> %s\n< %s\n\n> %s\n! gone\n\n> %s\n~ Late\n"
            .formatted(
                vector,
                vector.text("commandExtended"),
                vector.text("response"),
                vector.text("commandShort"),
                vector.text("commandShort")))
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) throws IOException, InterruptedException {
    count();
    String recording = new String(input, StandardCharsets.UTF_8);
    try {
      ReplayTransport replay = new ReplayTransport(recording);
      List<String> lines = recording
          .lines()
          .flatMap(line -> Stream.of(line.split("\\R")))
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line ->
              line.startsWith("!") || line.startsWith("~") ? line : line.toLowerCase(Locale.ROOT))
          .toList();
      StringBuilder again = new StringBuilder();
      RecordTransport record = new RecordTransport(replay, again);
      for (int i = 0; i < lines.size(); i += 2) {
        CommandApdu command = CommandApdu.decode(Bytes.fromHex(lines.get(i).substring(2)));
        exchange(record, command);
      }
      record.close();
      assertEquals(
          String.join("\n", lines), again.isEmpty() ? "" : again.substring(0, again.length() - 1));
    } catch (FormatException e) {
      // the only way to refuse
    }
  }

  private static void exchange(Transport transport, CommandApdu command)
      throws InterruptedException {
    try {
      transport.exchange(command, DEADLINE);
    } catch (IOException e) {
      // a failure that was recorded
    }
  }
}
