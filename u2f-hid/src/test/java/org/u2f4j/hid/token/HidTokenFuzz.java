package org.u2f4j.hid.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.hid.Samples.hex;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.hid.Channel;
import org.u2f4j.hid.CtapHidCommand;
import org.u2f4j.hid.DeviceInfo;
import org.u2f4j.hid.Fuzzing;
import org.u2f4j.hid.JournalKey;
import org.u2f4j.hid.Message;
import org.u2f4j.hid.MessageAssembler;
import org.u2f4j.hid.Packet;
import org.u2f4j.hid.ReportDescriptor;

/**
 * The first two bytes are the sizes of the reports. Then come a byte, the tenths of a second that
 * pass, and a report, again and again; its first byte chooses one of two channels that were given
 * out, or that it is taken as it is. Nothing is signed: the key answers whatever it is asked.
 */
class HidTokenFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    String rest = "00".repeat(55);
    return Stream.of(
            "3838 00 00000000 81 0002 0102" + rest, // ping
            "3838 00 01000000 83 0007 00030000000000" + "00".repeat(50), // version
            "3838 00 00000000 81 0040" + "00".repeat(57) + "00 01000000 81 0000" + "00".repeat(57)
                + "06 02ffffff 86 0008" + "00".repeat(57),
            "3838 00 00000000 84 0001 0a" + "00".repeat(56) + "00 01000000 88 0000"
                + "00".repeat(57),
            "0000 00 00000000 81 0004 01 00 00000000 00 020304")
        .map(seed -> hex(seed).toArray());
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    if (input.length < 2) {
      return;
    }
    Bytes script = Bytes.of(input);
    int in = 8 + script.at(0) % 57;
    int out = 8 + script.at(1) % 57;
    HidToken token = new HidToken(new JournalKey(300))
        .withReports(new ReportDescriptor(in, out))
        .withInfo(new DeviceInfo(2, 1, 0, 0, DeviceInfo.WINK | DeviceInfo.LOCK));
    Channel[] channels = {open(token, 0), open(token, 0)};
    long nanos = 0;
    for (int at = 2; at + 1 + out <= script.length(); at += 1 + out) {
      nanos += script.at(at) * 100_000_000L;
      byte[] report = script.slice(at + 1, at + 1 + out).toArray();
      if (report[0] == 0 || report[0] == 1) {
        channels[report[0]].bytes().copyTo(0, report, 0, 4);
      }
      List<Bytes> sent = token.receive(Bytes.of(report), nanos);
      assertTrue(sent.size() <= 131, "an answer, and that two messages came too late");
      sent.forEach(each -> assertEquals(in, each.length()));
    }
    // whatever went before, once its time is over a new program is served
    nanos += 500_000_000;
    token.elapse(nanos);
    assertTrue(token.nextEvent().isEmpty());
    open(token, nanos);
  }

  /** Asks for a channel. */
  private static Channel open(HidToken token, long nanos) {
    int size = token.reportDescriptor().outputSize();
    Message init = new Message(Channel.BROADCAST, CtapHidCommand.INIT, Bytes.of(new byte[8]));
    List<Bytes> sent = List.of();
    for (Bytes report : init.split(size)) {
      assertEquals(List.of(), sent);
      sent = token.receive(report, nanos);
    }
    Packet packet = new Packet(token.reportDescriptor().inputSize());
    MessageAssembler assembler = new MessageAssembler();
    sent.forEach(report -> assembler.accept(packet.fill(report)));
    return Channel.at(assembler.payload(), 8);
  }
}
