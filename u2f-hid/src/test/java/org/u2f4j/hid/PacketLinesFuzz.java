package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;

/** Reports in both directions, of any size: a byte says how long the next one is, and whose. */
class PacketLinesFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return PacketFile.examples()
        .map(example -> Bytes.concat(example.reports().stream()
                .map(report -> Bytes.concat(Bytes.of((byte) 64), report))
                .toArray(Bytes[]::new))
            .toArray());
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    Bytes script = Bytes.of(input);
    PacketLines lines = new PacketLines((message, fromKey) -> "told");
    for (int at = 0; at < script.length(); ) {
      int size = Math.min(script.at(at) & 0x7F, script.length() - at - 1);
      boolean fromKey = (script.at(at) & 0x80) != 0;
      List<String> told = lines.of(script.slice(at + 1, at + 1 + size), fromKey);
      assertTrue(told.size() == 1 || told.size() == 2, told::toString);
      for (String line : told) {
        assertTrue(line.matches("[ -~]{1,200}"), line);
      }
      at += 1 + size;
    }
  }
}
