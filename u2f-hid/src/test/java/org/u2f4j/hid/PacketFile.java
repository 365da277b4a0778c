package org.u2f4j.hid;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.u2f4j.Bytes;

/** The messages and their reports in packets.txt. */
final class PacketFile {
  /** One of them. */
  record Example(String name, Message message, List<Bytes> reports) {
    @Override
    public String toString() {
      return name;
    }
  }

  private PacketFile() {}

  static Stream<Example> examples() {
    return Arrays.stream(read().split("\n\n"))
        .map(block -> block.lines().filter(line -> !line.startsWith("#")).toList())
        .filter(lines -> !lines.isEmpty())
        .map(PacketFile::example);
  }

  private static Example example(List<String> lines) {
    String[] message = lines.get(1).split(" ", -1);
    if (message.length != 3 || lines.size() < 3) {
      throw new IllegalStateException("a block of other lines: " + lines);
    }
    return new Example(
        lines.get(0),
        new Message(
            Channel.at(Samples.hex(message[0]), 0),
            new CtapHidCommand(Integer.parseInt(message[1], 16)),
            Samples.hex(message[2])),
        lines.stream().skip(2).map(Samples::hex).toList());
  }

  private static String read() {
    try (InputStream in = PacketFile.class.getResourceAsStream("packets.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
