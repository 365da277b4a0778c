package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.hid.MessageAssembler.Outcome.COMPLETE;
import static org.u2f4j.hid.MessageAssembler.Outcome.MORE;
import static org.u2f4j.hid.MessageAssembler.Outcome.TOO_LONG;
import static org.u2f4j.hid.MessageAssembler.Outcome.WRONG_SEQUENCE;
import static org.u2f4j.hid.Samples.hex;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;

/** Messages, the packets they are cut into, and what is joined from packets. */
class MessageTest {
  private static final Channel CHANNEL = new Channel(0x0100_BC54);

  static Stream<PacketFile.Example> examples() {
    return PacketFile.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void publishedMessagesAreCutAndJoinedAsEverywhere(PacketFile.Example example) {
    assertEquals(example.reports(), example.message().split(64));
    assertEquals(example.message(), join(example.reports(), 64));
  }

  @Test
  void thereAreAllPublishedMessages() {
    assertEquals(13, examples().count());
  }

  private static Message join(List<Bytes> reports, int size) {
    MessageAssembler assembler = new MessageAssembler();
    return join(assembler, reports, new Packet(size));
  }

  private static Message join(MessageAssembler assembler, List<Bytes> reports, Packet packet) {
    for (int i = 0; i < reports.size(); i++) {
      assertEquals(
          i < reports.size() - 1 ? MORE : COMPLETE, assembler.accept(packet.fill(reports.get(i))));
      assertEquals(i < reports.size() - 1, assembler.isOpen());
    }
    return new Message(packet.channel(), assembler.command(), assembler.payload());
  }

  @Test
  void whatIsCutJoinsToTheSame() {
    Random random = new Random(5);
    MessageAssembler assembler = new MessageAssembler(); // one for all, as its buffer is kept
    for (int i = 0; i < 2_000; i++) {
      int size = 8 + random.nextInt(57);
      int length = random.nextInt(1 + random.nextInt(Packet.maxPayload(size) + 1));
      Message message = new Message(
          new Channel(random.nextInt()),
          new CtapHidCommand(random.nextInt(128)),
          Samples.random(random, length));
      List<Bytes> reports = message.split(size);
      assertEquals(message, join(assembler, reports, new Packet(size)), "size " + size);
      assertTrue(reports.stream().allMatch(report -> report.length() == size));
    }
  }

  @ParameterizedTest
  @CsvSource({"64, 7609", "8, 385", "16, 1417"})
  void theLongestMessageHas129Packets(int size, int longest) {
    assertEquals(longest, Packet.maxPayload(size));
    Message message =
        new Message(CHANNEL, CtapHidCommand.PING, Samples.random(new Random(size), longest));
    List<Bytes> reports = message.split(size);
    assertEquals(129, reports.size());
    assertEquals(127, reports.get(128).at(4));
    assertEquals(message, join(reports, size));
  }

  @Test
  void aLongerMessageIsRefusedBeforeItIsSent() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Message(CHANNEL, CtapHidCommand.PING, Bytes.of(new byte[7_610])));
    Message message = new Message(CHANNEL, CtapHidCommand.PING, Bytes.of(new byte[386]));
    assertThrows(IllegalArgumentException.class, () -> message.split(8));
  }

  @Test
  void aMessageWithoutPayloadHasOnePacket() {
    Message wink = new Message(CHANNEL, CtapHidCommand.WINK, Bytes.EMPTY);
    assertEquals(List.of(hex("0100bc54 88 0000 00")), wink.split(8));
    assertEquals(wink, join(wink.split(8), 8));
  }

  @Test
  void whatFillsThePacketUpIsNotLookedAt() {
    Bytes report = hex("0100bc54 81 0001 aa ffffffff");
    assertEquals(new Message(CHANNEL, CtapHidCommand.PING, hex("aa")), join(List.of(report), 12));
    assertEquals(
        hex("0100bc54 81 0001 aa 00000000"), join(List.of(report), 12).split(12).get(0));
  }

  @ParameterizedTest
  @CsvSource({"64, 7610", "64, 65535", "8, 386"})
  void aLengthThatPacketsCannotCarryIsRefusedAtOnce(int size, int length) {
    MessageAssembler assembler = new MessageAssembler();
    byte[] report = new byte[size];
    report[4] = (byte) 0x81;
    report[5] = (byte) (length >> 8);
    report[6] = (byte) length;
    assertEquals(TOO_LONG, assembler.accept(new Packet(size).fill(Bytes.of(report))));
    assertFalse(assembler.isOpen());
    assertThrows(IllegalStateException.class, assembler::payload);
  }

  @ParameterizedTest
  @CsvSource({
    "repeated, 0100bc5400bbbbbb",
    "missing, 0100bc5402bbbbbb",
    "new message, 0100bc54810001aa",
  })
  void aPacketOutOfOrderEndsTheMessage(String what, String report) {
    MessageAssembler assembler = new MessageAssembler();
    Packet packet = new Packet(8);
    assertEquals(MORE, assembler.accept(packet.fill(hex("0100bc54 81 0008 aa"))));
    assertEquals(MORE, assembler.accept(packet.fill(hex("0100bc54 00 aaaaaa"))));
    assertEquals(1, assembler.due());
    assertEquals(WRONG_SEQUENCE, assembler.accept(packet.fill(hex(report))));
    assertFalse(assembler.isOpen());
    assertEquals(WRONG_SEQUENCE, assembler.accept(packet.fill(hex("0100bc54 01 aaaaaa"))));
    assertThrows(IllegalStateException.class, assembler::payload);
  }

  @Test
  void aMessageThatIsDroppedLeavesNothingBehind() {
    MessageAssembler assembler = new MessageAssembler();
    Packet packet = new Packet(8);
    assembler.accept(packet.fill(hex("0100bc54 81 0008 aa")));
    assembler.reset();
    assertEquals(WRONG_SEQUENCE, assembler.accept(packet.fill(hex("0100bc54 00 aaaaaa"))));
    assertEquals(COMPLETE, assembler.accept(packet.fill(hex("0100bc54 83 0000 aa"))));
    assertEquals(Bytes.EMPTY, assembler.payload());
    assembler.reset();
    assertThrows(IllegalStateException.class, assembler::payload);
  }

  @Test
  void reportsHave8To64Bytes() {
    assertThrows(IllegalArgumentException.class, () -> new Packet(7));
    assertThrows(IllegalArgumentException.class, () -> new Packet(65));
    assertThrows(IllegalArgumentException.class, () -> new Packet(64).fill(hex("00")));
  }
}
