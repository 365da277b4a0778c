package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;

/** The first byte is the size of the reports; what follows is one report after the other. */
class PacketFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return PacketFile.examples()
        .map(example -> Bytes.concat(
                Bytes.of((byte) 56), Bytes.concat(example.reports().toArray(Bytes[]::new)))
            .toArray());
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    if (input.length == 0) {
      return;
    }
    int size = 8 + (input[0] & 0xFF) % 57;
    Bytes bytes = Bytes.of(input).slice(1);
    MessageAssembler assembler = new MessageAssembler();
    Packet packet = new Packet(size);
    for (int at = 0; at + size <= bytes.length(); at += size) {
      boolean open = assembler.isOpen();
      switch (assembler.accept(packet.fill(bytes.slice(at, at + size)))) {
        case MORE -> assertTrue(assembler.isOpen());
        case WRONG_SEQUENCE -> assertTrue(open || !packet.isFirst());
        case TOO_LONG -> assertTrue(packet.messageLength() > Packet.maxPayload(size));
        case COMPLETE -> {
          Message message = new Message(packet.channel(), assembler.command(), assembler.payload());
          List<Bytes> reports = message.split(size);
          int last = (reports.size() - 1) * size;
          assertTrue(at >= last);
          assertEquals(
              message.payload().length(), bytes.uint16(at - last + 5)); // as its first packet said
        }
      }
    }
  }
}
