package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.U2fToken;
import org.u2f4j.hid.PacketTrace.Detail;
import org.u2f4j.hid.PacketTrace.Formatter;
import org.u2f4j.hid.token.Fault;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.hid.token.TokenWire;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.message.VersionRequest;
import org.u2f4j.soft.SoftwareKey;

class PacketTraceTest {
  private static final RegistrationRequest REGISTER = new RegistrationRequest(
      ChallengeParameter.of(Bytes.utf8("a challenge")),
      new AppId("https://example.com").applicationParameter());

  private final StringBuilder trace = new StringBuilder();

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  /** What a program does, with any key. */
  private static RegistrationResponse session(HidConnection connection) throws Exception {
    try (CtapHidDevice device = CtapHidDevice.open(connection, CtapHidDevice.SILENT, soon())) {
      U2fToken token = new U2fToken(device);
      assertEquals(VersionRequest.U2F_V2, token.version(soon()));
      return token.register(REGISTER, soon());
    }
  }

  private RegistrationResponse traced(Detail detail) throws Exception {
    HidConnection key = new TokenWire(new HidToken(SoftwareKey.create())).connect();
    return session(new PacketTrace(key, trace, Formatter.NONE, detail));
  }

  private String withoutTimes() {
    return trace.toString().replaceAll("(?m)^ +\\d+\\.\\d{6} ", "");
  }

  @Test
  void eachPacketAndEachMessageIsALine() throws Exception {
    traced(Detail.REDACTED);
    String channel = trace.substring(trace.indexOf("channel ") + 8, trace.indexOf("channel ") + 16);
    List<String> lines = withoutTimes().replace(channel, "CHANNEL").lines().toList();
    assertEquals(
        List.of(
            "# u2f4j packet trace 1, reports of 64 bytes from the key, 64 to it",
            "> packet ffffffff INIT 8 bytes",
            "> message ffffffff INIT 8 bytes",
            "< packet ffffffff INIT 17 bytes",
            "< message ffffffff INIT 17 bytes, channel CHANNEL, protocol 2, version 1.0.0, WINK, MSG",
            "> packet CHANNEL MSG 7 bytes",
            "> message CHANNEL MSG 7 bytes",
            "< packet CHANNEL MSG 8 bytes",
            "< message CHANNEL MSG 8 bytes",
            "> packet CHANNEL MSG 73 bytes",
            "> packet CHANNEL further 0",
            "> message CHANNEL MSG 73 bytes"),
        lines.subList(0, 12));
  }

  @Test
  void nothingOfAMessageIsWrittenUnlessAskedFor() throws Exception {
    RegistrationResponse registration = traced(Detail.REDACTED);
    for (Bytes secret : List.of(
        REGISTER.challenge().bytes(),
        registration.keyHandle().bytes(),
        registration.signature().slice(0, 32))) {
      String some = secret.slice(0, 4).hex();
      assertFalse(trace.toString().contains(some), some);
    }
  }

  @Test
  void aRecordingIsReplayedAsTheKey() throws Exception {
    RegistrationResponse recorded = traced(Detail.BYTES);
    assertEquals(recorded, session(new PacketReplay(trace.toString())));
  }

  @Test
  void aReplayTakesNoOtherReportsAndHasToBeUsedUp() throws Exception {
    traced(Detail.BYTES);
    PacketReplay replay = new PacketReplay(trace.toString());
    CtapHidDevice device = CtapHidDevice.open(replay, CtapHidDevice.SILENT, soon());
    IOException other =
        assertThrows(IOException.class, () -> device.ping(Bytes.utf8("other"), soon()));
    assertTrue(other.getMessage().contains("another report"), other.getMessage());
    assertThrows(IOException.class, device::close);
  }

  @Test
  void aTraceIsTheSameWhereDigitsAreOthers() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      RegistrationResponse recorded = traced(Detail.BYTES);
      assertEquals(recorded, session(new PacketReplay(trace.toString())));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aReportThatIsNoPacketIsReplayedAsItWas() throws Exception {
    HidToken token = new HidToken(SoftwareKey.create());
    PacketTrace traced =
        new PacketTrace(new TokenWire(token).connect(), trace, Formatter.NONE, Detail.BYTES);
    CtapHidDevice device = CtapHidDevice.open(traced, CtapHidDevice.SILENT, soon());
    token.inject(Fault.longReport(0));
    CtapHidCommand ping = CtapHidCommand.PING;
    assertThrows(FormatException.class, () -> device.call(ping, Bytes.EMPTY, soon()));
    CtapHidDevice replayed =
        CtapHidDevice.open(new PacketReplay(trace.toString()), CtapHidDevice.SILENT, soon());
    assertThrows(FormatException.class, () -> replayed.call(ping, Bytes.EMPTY, soon()));
    replayed.close();
  }

  @Test
  void aRedactedTraceCannotBeReplayed() throws Exception {
    traced(Detail.REDACTED);
    FormatException refusal =
        assertThrows(FormatException.class, () -> new PacketReplay(trace.toString()));
    assertEquals("the bytes of this packet were not recorded at offset 2", refusal.getMessage());
  }

  @Test
  void aFailureIsRecordedAndReplayed() throws Exception {
    HidToken token = new HidToken(SoftwareKey.create());
    HidConnection key = new TokenWire(token).connect();
    PacketTrace traced = new PacketTrace(key, trace, Formatter.NONE, Detail.BYTES);
    CtapHidDevice device = CtapHidDevice.open(traced, CtapHidDevice.SILENT, soon());
    token.inject(Fault.unplugged(0));
    IOException failed = assertThrows(IOException.class, () -> device.wink(soon()));
    CtapHidDevice replayed =
        CtapHidDevice.open(new PacketReplay(trace.toString()), CtapHidDevice.SILENT, soon());
    IOException again = assertThrows(IOException.class, () -> replayed.wink(soon()));
    assertEquals(failed.getMessage(), again.getMessage());
    replayed.close();
  }

  /** From libfido2's fuzz/wiredata_fido2.h: answers of real keys. */
  @Test
  void recordingsOfOtherProgramsAreDecoded() throws FormatException {
    String zeros = "00".repeat(39);
    PacketLines lines = new PacketLines(Formatter.NONE);
    assertEquals(
        List.of(
            "packet ffffffff INIT 17 bytes",
            "message ffffffff INIT 17 bytes, channel 00220002, protocol 2, version 5.2.1, WINK, CBOR, MSG"),
        lines.of(
            Bytes.fromHex("ffffffff86001180435640b14ed92d002200020205020105" + "00".repeat(40)),
            true));
    assertEquals(
        List.of(
            "packet 00220002 KEEPALIVE 1 bytes", "message 00220002 KEEPALIVE 1 bytes, status 2"),
        lines.of(Bytes.fromHex("00220002bb000102" + zeros + "00".repeat(17)), true));
    assertEquals(
        "too long for a message",
        lines.of(Bytes.fromHex("0022000283ffff" + "00".repeat(57)), true).get(1));
    assertEquals(
        "out of sequence",
        lines.of(Bytes.fromHex("0022000203" + "00".repeat(59)), true).get(1));
    assertEquals(List.of("no packet, 3 bytes"), lines.of(Bytes.fromHex("000000"), true));
  }

  @Test
  void whatIsNoTraceIsRefusedWithItsLine() {
    String header = "# u2f4j packet trace 1, reports of 64 bytes from the key, 64 to it\n";
    List<String> wrong = List.of(
        "",
        header.replace("64", "65"),
        header.replace("trace 1", "trace 2"),
        header + "0.000001 ? packet",
        header + "nothing",
        header + "   0.000001 > packet 0 INIT: 0",
        header + "   0.000001 > packet 0 INIT: xx");
    assertEquals(
        List.of(1, 1, 1, 2, 2, 2, 2),
        wrong.stream()
            .map(text -> assertThrows(FormatException.class, () -> new PacketReplay(text))
                .offset())
            .collect(Collectors.toList()));
  }
}
