package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.u2f4j.Bytes;

/** Traces of real keys, in the folder that the property u2f4j.corpus names. */
@EnabledIfSystemProperty(
    named = HidCorpusTest.PROPERTY,
    matches = ".+",
    disabledReason = "no folder is named by -D" + HidCorpusTest.PROPERTY)
class HidCorpusTest {
  static final String PROPERTY = "u2f4j.corpus";

  @Test
  void tracesJoinToTheMessagesThatOthersSawInThem() throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of(System.getProperty(PROPERTY), "hid-traces.jsonl"));
    assertFalse(lines.isEmpty());
    int messages = 0;
    for (String line : lines) {
      List<Bytes> frames = new ArrayList<>();
      List<Message> expected = new ArrayList<>();
      read(line, frames, expected);
      List<Message> joined = join(frames);
      assertEquals(expected, joined);
      messages += joined.size();
    }
    System.out.println("hid-traces.jsonl: " + lines.size() + " lines, " + messages + " messages");
  }

  private static List<Message> join(List<Bytes> frames) {
    MessageAssembler assembler = new MessageAssembler();
    Packet packet = new Packet(64);
    List<Message> messages = new ArrayList<>();
    Channel channel = Channel.RESERVED;
    for (Bytes frame : frames) {
      packet.fill(frame);
      // one trace is edited: its further packets have another channel
      channel = packet.isFirst() ? packet.channel() : channel;
      if (assembler.accept(packet) == MessageAssembler.Outcome.COMPLETE) {
        messages.add(new Message(channel, assembler.command(), assembler.payload()));
      }
    }
    assertFalse(assembler.isOpen());
    return messages;
  }

  private static void read(String line, List<Bytes> frames, List<Message> decoded)
      throws IOException {
    try (JsonParser json = new JsonFactory().createParser(line)) {
      String channel = "";
      String command = "";
      boolean inFrames = false;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.START_ARRAY) {
          inFrames = "frames".equals(json.currentName());
        } else if (token == JsonToken.END_ARRAY) {
          inFrames = false;
        } else if (token == JsonToken.VALUE_STRING) {
          String name = String.valueOf(json.currentName());
          if (inFrames) {
            frames.add(Samples.hex(json.getText()));
          } else if (name.equals("cid")) {
            channel = json.getText();
          } else if (name.equals("cmd")) {
            command = json.getText();
          } else if (name.equals("data")) {
            decoded.add(new Message(
                Channel.at(Samples.hex(channel), 0),
                new CtapHidCommand(Integer.parseInt(command, 16)),
                Samples.hex(json.getText())));
          }
        }
      }
    }
  }
}
