package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.hid.token.Fault;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.soft.UserPresence;

/** What --trace writes, and u2f replay reads. */
class ReplayCommandTest {
  private static final String REQUEST = """
      {"version":"U2F_V2","challenge":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","appId":"https://example.com"}""";

  private final HidToken token = new HidToken(SoftwareKey.create());

  @TempDir
  Path folder;

  private Path record(HidToken key, String... command) {
    Path file = folder.resolve("trace");
    String[] args = Stream.concat(
            Stream.of(command), Stream.of("--trace", file.toString(), "--trace-bytes"))
        .toArray(String[]::new);
    Session.with(PluggedKeys.of(key), REQUEST, args);
    return file;
  }

  private static Session replay(Path file) {
    return Session.of("", "replay", file.toString());
  }

  @Test
  void theExamplesOfTheHelpWork() {
    List<String> examples = Session.of("", "replay", "--help")
        .out()
        .lines()
        .filter(line -> line.startsWith("  u2f "))
        .toList();
    assertEquals(2, examples.size());
    for (String example : examples) {
      String[] args = example
          .replace("info.trace", folder.resolve("info.trace").toString())
          .strip()
          .substring("u2f ".length())
          .split(" ");
      Session session = Session.with(PluggedKeys.of(token), "", args);
      assertEquals(0, session.exit(), example + session.err());
    }
  }

  @Test
  void showsARegistrationWithoutItsSecretsAndRepeatsIt() throws Exception {
    HidToken touchedLate =
        new HidToken(SoftwareKey.create().withUserPresence(UserPresence.after(1)));
    Path file = record(touchedLate, "register", "--origin", "https://example.com");
    Session session = replay(file);
    assertEquals(0, session.exit(), session.err());
    List<String> lines = session
        .out()
        .lines()
        .filter(line -> !line.contains(" packet "))
        .map(line -> line.replaceAll("channel [0-9a-f]{8}", "channel C")
            .replaceFirst("message [0-9a-f]{8}", "message C")
            .replaceAll("\\d+ bytes", "N bytes"))
        .toList();
    String register =
        "> message C MSG N bytes, 00 01 00 00 REGISTER challenge (N bytes) application 100680ad...";
    assertEquals(
        List.of(
            "> message C INIT N bytes",
            "< message C INIT N bytes, channel C, protocol 2, version 1.0.0, WINK, MSG",
            register,
            "< message C MSG N bytes, 6985 CONDITIONS_NOT_SATISFIED",
            register,
            "< message C MSG N bytes, 9000 NO_ERROR public key (N bytes) key handle (N bytes)"
                + " certificate (N bytes) signature (N bytes)",
            "Repeated: u2f asked the same 2 questions, and took the same answers."),
        lines);
    assertFalse(session.out().matches("(?s).*[0-9a-f]{9}.*"), session.out());
  }

  @Test
  void repeatsWhatWentWrongToo() {
    token.inject(Fault.busy(2));
    Session busy = replay(record(token, "wink"));
    assertEquals(0, busy.exit(), busy.err());
    assertTrue(busy.out().contains("CHANNEL_BUSY"), busy.out());
    token.inject(Fault.unplugged(4));
    Session gone = replay(record(token, "ping"));
    assertEquals(0, gone.exit(), gone.err());
    assertTrue(gone.out().contains("\n! the key is gone"), gone.out());
  }

  @Test
  void saysWhereARecordingCannotBeRepeated() throws Exception {
    Path file = record(token, "info");
    List<String> lines = Files.readAllLines(file);
    int version = lines.size() - 4; // the question; then message, answer, message
    assertTrue(lines.get(version).contains("> packet"), lines.toString());
    Files.write(file, lines.subList(0, version + 1));
    assertEquals(0, replay(file).exit()); // a question without an answer is one
    lines.add(lines.get(version + 2)); // an answer too many
    Files.write(file, lines);
    Session session = replay(file);
    assertEquals(1, session.exit());
    assertEquals(
        "u2f replay: the recording cannot be repeated: it has more reports than u2f waits for\n",
        session.err());
  }

  @Test
  void asksForARecordingWithBytes() throws Exception {
    Path file = folder.resolve("redacted");
    Session.with(PluggedKeys.of(token), "", "info", "--trace", file.toString());
    assertFalse(Files.readString(file).matches("(?s).*[0-9a-f]{9}.*"));
    Session session = replay(file);
    assertEquals(
        new Session(
            4,
            "",
            "u2f replay: the bytes of this packet were not recorded in line 2; record with"
                + " --trace-bytes\n"),
        session);
    Session other = Session.of("nonsense", "replay");
    assertEquals(4, other.exit());
    assertTrue(other.err().endsWith("expected is a recording of --trace FILE --trace-bytes\n"));
  }

  /** From libfido2's fuzz/wiredata_u2f.h. */
  @Test
  void showsPacketsThatOtherProgramsHaveRecorded() {
    String frame = "0000990183000269850" + "0".repeat(109);
    Session session = Session.of(
        "{\"id\":\"6985\",\"inputs\":{\"frames\":[\"" + frame
            + "\"],\"direction\":\"device to host\"}}\n",
        "replay");
    assertEquals(new Session(0, """
            # 6985
            < packet 00009901 MSG 2 bytes
            < message 00009901 MSG 2 bytes, 6985 CONDITIONS_NOT_SATISFIED
            """, ""), session);
    Session broken = Session.of("{\"inputs\":{\"frames\":[\"x\"]}}", "replay");
    assertEquals(4, broken.exit());
    assertTrue(broken.err().startsWith("u2f replay: line 1 is no recording: "), broken.err());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aTraceIsItsOwnersAloneEvenIfTheFileWasThere() throws Exception {
    Path file = Files.writeString(folder.resolve("trace"), "x".repeat(10_000));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    record(token, "wink");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertFalse(Files.readString(file).contains("x"));
  }

  @Test
  void aTraceThatCannotBeWrittenIsToldBeforeAnyKeyIsAsked() {
    String nowhere = folder.resolve("no").resolve("where").toString();
    Session session = Session.with(PluggedKeys.of(token), "", "wink", "--trace", nowhere);
    assertEquals(
        new Session(
            5,
            "",
            "u2f wink: the trace %s cannot be written: there is no folder %s; make it, or name another file\n"
                .formatted(nowhere, folder.resolve("no"))),
        session);
    Session bytes = Session.with(PluggedKeys.of(token), "", "wink", "--trace-bytes");
    assertEquals(2, bytes.exit());
    assertTrue(bytes.err().startsWith("u2f wink: --trace-bytes goes with --trace FILE\n"));
  }
}
