package org.u2f4j.apdu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

class DecoratorTest {
  private static final String VERSION = "00030000000000";
  private static final String OLD_VERSION = "000300000000000000";
  private static final String U2F_V2 = "5532465f5632" + "9000";

  private final Deadline deadline = Deadline.after(Duration.ofSeconds(1), new FakeClock());

  private static CommandApdu command(String hex) throws IOException {
    return CommandApdu.decode(Bytes.fromHex(hex));
  }

  private static String failure(Transport transport, String command, Deadline deadline) {
    return assertThrows(IOException.class, () -> transport.exchange(command(command), deadline))
        .getMessage();
  }

  @Test
  void aRecordingReplaysToTheSame() throws Exception {
    StringBuilder recording = new StringBuilder("# any comment\n\n");
    try (Transport key = new RecordTransport(
        new ScriptedKey()
            .on(VERSION, "6700")
            .on(OLD_VERSION, U2F_V2)
            .on(VERSION, end -> {
              throw new IOException("gone:\r\n> 00\u2028< 9000");
            })
            .on(VERSION, "9000"),
        recording)) {
      assertEquals("6700", key.exchange(command(VERSION), deadline).encode().hex());
      key.exchange(command(OLD_VERSION), deadline);
      failure(key, VERSION, deadline);
      key.exchange(command(VERSION), deadline);
    }
    assertEquals("""
        # any comment

        > 00030000000000
        < 6700
        > 000300000000000000
        < 5532465f56329000
        > 00030000000000
        ! gone: > 00 < 9000
        > 00030000000000
        < 9000
        """, recording.toString());

    StringBuilder again = new StringBuilder("# any comment\n\n");
    try (Transport replay = new RecordTransport(new ReplayTransport(recording.toString()), again)) {
      replay.exchange(command(VERSION), deadline);
      replay.exchange(command(OLD_VERSION), deadline);
      assertEquals("gone: > 00 < 9000", failure(replay, VERSION, deadline));
      replay.exchange(command(VERSION), deadline);
    }
    assertEquals(recording.toString(), again.toString());
  }

  @Test
  void aFailureIsRepeatedAsWhatItWasAndAnInterruptedExchangeIsLeftOut() throws Exception {
    StringBuilder recording = new StringBuilder();
    Transport key = new RecordTransport(
        new ScriptedKey()
            .on(VERSION, end -> {
              throw new InterruptedException();
            })
            .on(VERSION, end -> {
              throw new IOException();
            })
            .on(VERSION, end -> {
              throw new DeadlineException("too\nlate");
            }),
        recording);
    assertThrows(InterruptedException.class, () -> key.exchange(command(VERSION), deadline));
    assertThrows(IOException.class, () -> key.exchange(command(VERSION), deadline));
    assertThrows(DeadlineException.class, () -> key.exchange(command(VERSION), deadline));
    assertEquals(
        List.of("> " + VERSION, "! java.io.IOException", "> " + VERSION, "~ too late"),
        recording.toString().lines().toList());
    Transport replay = new ReplayTransport(recording.toString());
    assertEquals("java.io.IOException", failure(replay, VERSION, deadline));
    assertThrows(DeadlineException.class, () -> replay.exchange(command(VERSION), deadline));
    replay.close();
  }

  @Test
  void aReplayRefusesAnotherCommandAndNamesTheLine() throws Exception {
    Transport replay = new ReplayTransport("# one\r\n\r\n> " + VERSION + "\r\n< 9000\r\n");
    assertTrue(failure(replay, OLD_VERSION, deadline).contains("line 3 "));
  }

  @Test
  void aReplayRefusesACommandTooMany() throws Exception {
    Transport replay = new ReplayTransport("> " + VERSION + "\n< 9000");
    replay.exchange(command(VERSION), deadline);
    assertTrue(failure(replay, VERSION, deadline).contains("at its end"));
    replay.close();
  }

  @Test
  void aReplayHasToBeUsedUp() throws Exception {
    Transport replay = new ReplayTransport("> " + VERSION + "\n< 9000\n> " + VERSION + "\n! x\n");
    replay.exchange(command(VERSION), deadline);
    assertTrue(assertThrows(IOException.class, replay::close).getMessage().startsWith("1 "));
    failure(replay, VERSION, deadline);
    replay.close();
    new ReplayTransport("").close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "< 9000                        | 1",
        "! gone                        | 1",
        "> 00030000/> 00030000         | 2",
        "> 00030000                    | 1",
        "> 00030000//# nothing follows | 3",
        "# fine/> 0003000/< 9000       | 2",
        "> 0003000x/< 9000             | 1",
        "> 00030000/< 900              | 2",
        "> 00030000/< 90               | 2",
        "> 00030000/< 90 00            | 2",
        ">00030000/< 9000              | 1",
        "> 00030000/? 9000             | 2",
        "> 00030000/< 9000/!           | 3",
        "> 0003/< 9000                 | 1"
      })
  void aMalformedRecordingIsRefusedAtItsLine(String lines, int line) {
    FormatException e =
        assertThrows(FormatException.class, () -> new ReplayTransport(lines.replace('/', '\n')));
    assertEquals(line, e.offset(), e::getMessage);
  }

  @Test
  void aTraceShowsTheCommandBeforeAndTheAnswerAfter() throws Exception {
    List<String> shown = new ArrayList<>();
    Transport trace = new TraceTransport(
        new ScriptedKey()
            .on(VERSION, end -> {
              shown.add("in the key");
              return ResponseApdu.decode(Bytes.fromHex(U2F_V2));
            })
            .on(VERSION, end -> {
              throw new IOException("gone");
            }),
        new TraceTransport.Listener() {
          @Override
          public void sent(CommandApdu command) {
            shown.add("> " + command.encode().hex());
          }

          @Override
          public void received(CommandApdu command, ResponseApdu response) {
            shown.add(command.encode().hex() + " < " + response.status());
          }

          @Override
          public void failed(CommandApdu command, Exception failure) {
            shown.add(command.encode().hex() + " ! " + failure.getMessage());
          }
        });
    assertEquals(U2F_V2, trace.exchange(command(VERSION), deadline).encode().hex());
    assertEquals("gone", failure(trace, VERSION, deadline));
    trace.close();
    assertEquals(
        List.of(
            "> " + VERSION,
            "in the key",
            VERSION + " < 9000 NO_ERROR",
            "> " + VERSION,
            VERSION + " ! gone"),
        shown);
  }
}
