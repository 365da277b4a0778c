package org.u2f4j.apdu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.Samples.assertRefused;
import static org.u2f4j.Samples.hex;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoratorTest {
  private static final Deadline DEADLINE = Deadline.after(Duration.ofMinutes(1));
  private static final CommandApdu COMMAND = new CommandApdu(3, 0, hex(""));
  private static final String RECORDING = """
      # a comment, then an empty line

      > 00030000000000
      < 5532465f56329000
      > 00030000000000
      ! gone for good
      """;

  @Test
  void aRecordingIsRepeated() throws Exception {
    ReplayTransport replay = new ReplayTransport(RECORDING);
    assertEquals(ResponseApdu.decode(hex("5532465f56329000")), replay.exchange(COMMAND, DEADLINE));
    assertEquals("1 exchanges of the recording were not used", failure(replay::close));
    assertEquals("gone for good", failure(() -> replay.exchange(COMMAND, DEADLINE)));
    replay.close();
    assertTrue(failure(() -> replay.exchange(COMMAND, DEADLINE)).startsWith("the recording is at"));
  }

  @Test
  void anotherCommandThanRecordedIsRefused() throws Exception {
    ReplayTransport replay = new ReplayTransport(RECORDING);
    CommandApdu other = COMMAND.withForm(CommandApdu.Form.SHORT);
    assertTrue(failure(() -> replay.exchange(other, DEADLINE)).startsWith("line 4 of the recor"));
  }

  private static String failure(org.junit.jupiter.api.function.Executable action) {
    return assertThrows(IOException.class, action).getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "'> 00',                       1", // no answer
    "'> 00|< 9000|> 00',           3",
    "'< 9000',                     1", // no command
    "'! gone',                     1",
    "'> 00|> 00',                  2", // two commands
    "'> 00|< 9000|< 9000',         3", // two answers
    "'> 00|x',                     2", // no such line
    "'>00|< 9000',                 1",
    "'> 00|<9000',                 2",
    "'|#|+ 00',                    3",
    "'> 0g|< 9000',                1", // hexadecimal digits
    "'> 00|< 9g00',                1",
    "'> 0|< 9000',                -1",
    "'> 00|< 90',                 -1", // no answer of a key
  })
  void aBrokenRecordingIsRefused(String lines, int offset) {
    assertRefused(offset, () -> new ReplayTransport(lines.replace('|', '\n')));
  }

  @Test
  void whatIsRecordedCanBeReplayed() throws Exception {
    StringWriter out = new StringWriter();
    // a buffered writer shows nothing until it is flushed
    try (RecordTransport record =
        new RecordTransport(new ReplayTransport(RECORDING), new BufferedWriter(out))) {
      record.exchange(COMMAND, DEADLINE);
      assertEquals("> 00030000000000\n< 5532465f56329000\n", out.toString());
      assertEquals("gone for good", failure(() -> record.exchange(COMMAND, DEADLINE)));
    }
    assertEquals(RECORDING.substring(RECORDING.indexOf('>')), out.toString());
  }

  @Test
  void aFailureIsRecordedInOneLine() throws Exception {
    StringBuilder out = new StringBuilder();
    RecordTransport record = new RecordTransport(failing(new IOException("two\r\nlines")), out);
    assertThrows(IOException.class, () -> record.exchange(COMMAND, DEADLINE));
    assertEquals("> 00030000000000\n! two lines\n", out.toString());
    ReplayTransport replay = new ReplayTransport(out.toString());
    assertEquals("two lines", failure(() -> replay.exchange(COMMAND, DEADLINE)));
  }

  @Test
  void anInterruptionIsRecorded() {
    StringBuilder out = new StringBuilder();
    RecordTransport record = new RecordTransport(failing(new InterruptedException()), out);
    assertThrows(InterruptedException.class, () -> record.exchange(COMMAND, DEADLINE));
    assertEquals("> 00030000000000\n! interrupted\n", out.toString());
  }

  private static Transport failing(Exception failure) {
    return new Transport() {
      @Override
      public ResponseApdu exchange(CommandApdu command, Deadline deadline)
          throws IOException, InterruptedException {
        if (failure instanceof IOException e) {
          throw e;
        }
        throw (InterruptedException) failure;
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void aTraceTellsCommandsBeforeAndAnswersAfter() throws Exception {
    List<String> told = new ArrayList<>();
    TraceTransport trace = new TraceTransport(
        new ReplayTransport(RECORDING),
        command -> told.add("> " + command.encode().hex()),
        (command, answer) ->
            told.add("< " + command.encode().hex() + " " + answer.encode().hex()));
    trace.exchange(COMMAND, DEADLINE);
    assertEquals(List.of("> 00030000000000", "< 00030000000000 5532465f56329000"), told);
    assertThrows(IOException.class, trace::close); // the recording is not used up
    assertThrows(IOException.class, () -> trace.exchange(COMMAND, DEADLINE));
    assertEquals(3, told.size());
    trace.close();
  }
}
