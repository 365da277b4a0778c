package org.u2f4j.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.hid.CtapHidDevice;
import org.u2f4j.hid.CtapHidException;
import org.u2f4j.hid.Message;
import org.u2f4j.hid.Packet;
import org.u2f4j.hid.PacketReplay;
import org.u2f4j.strictjson.JsonObject;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f replay}: shows a recording, and asks it what the key was asked. */
final class ReplayCommand implements Command {
  private static final String EXPECTED = "a recording of --trace FILE --trace-bytes";
  private static final String HEADER =
      "# u2f4j packet trace 1, reports of 64 bytes from the key, 64 to it\n";

  /** Nobody answers late here, so that waiting takes no time. */
  private static final class Skipping implements Deadline.Clock {
    private long now;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public void sleep(Duration time) {
      now += time.toNanos();
    }
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        "replay",
        "Shows a recording, and repeats it",
        "Shows what \"--trace FILE --trace-bytes\" has recorded, packet by packet and message by"
            + " message, without key handles and challenges. Then lets u2f ask the recording, in"
            + " the key's place, what the key was asked, and says whether that came to the same"
            + " end. No key is needed.",
        "%nExamples:",
        "  u2f info --trace info.trace --trace-bytes",
        "  u2f replay info.trace",
        "",
        "Packets that other programs have recorded are shown too, as lines of JSON:",
        "  {\"inputs\":{\"frames\":[\"HEX\"],\"direction\":\"device to host\"}}");
    spec.addPositional(PositionalParamSpec.builder()
        .index("0")
        .arity("0..1")
        .type(Path.class)
        .paramLabel("FILE")
        .description("The recording; without it, what comes on standard input.")
        .build());
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    @Nullable Path file = options.matchedPositionalValue(0, null);
    String recording = new String(terminal.read(file, EXPECTED), StandardCharsets.UTF_8);
    if (recording.stripLeading().startsWith("{")) {
      showFrames(recording, terminal);
      return Exit.DONE;
    }
    if (recording.startsWith(TraceFile.SOFT)) {
      throw new Failure(
          Exit.BROKEN,
          "this is the trace of a software key, to be read as it is: only what a key on USB has sent"
              + " can be repeated");
    }
    int questions = 0;
    boolean asked = false;
    for (String connection : recording.split("(?m)^(?=# u2f4j packet trace )", -1)) {
      PacketReplay replay = replay(connection);
      List<String> lines = show(replay, terminal);
      if (lines.stream().anyMatch(line -> line.startsWith(">"))) {
        asked = true;
        questions += repeat(replay, lines.size());
      }
    }
    if (!asked) {
      return Exit.DONE;
    }
    terminal
        .out()
        .println("Repeated: u2f asked the same %s, and took the same answers."
            .formatted(questions == 1 ? "question" : questions + " questions"));
    return Exit.DONE;
  }

  private static PacketReplay replay(String recording) throws Failure {
    try {
      return new PacketReplay(recording);
    } catch (FormatException e) {
      String message = String.valueOf(e.getMessage()).replace("at offset", "in line");
      String cure = message.contains("not recorded")
          ? "; record with --trace-bytes"
          : "; expected is " + EXPECTED;
      throw new Failure(Exit.BROKEN, message + cure, e);
    }
  }

  private static List<String> show(PacketReplay replay, Terminal terminal) {
    List<String> lines = replay.describe(Trace.formatter());
    lines.forEach(line -> terminal.out().println(Terminal.printable(line)));
    return lines;
  }

  /** Each line is a recording of its own. */
  private static void showFrames(String text, Terminal terminal) throws Failure {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      StringBuilder recording = new StringBuilder(HEADER);
      try {
        JsonObject object = JsonObject.parse(line);
        JsonObject inputs = object.object("inputs");
        String direction = inputs.optionalString("direction");
        char sign = direction != null && direction.startsWith("host") ? '>' : '<';
        for (String frame : inputs.strings("frames")) {
          String hex = Bytes.fromHex(frame).hex();
          recording.append("0.000000 %s packet 0: %s%n".formatted(sign, hex));
        }
        @Nullable String id = object.optionalString("id");
        terminal.out().println("# " + Terminal.printable(id == null ? "line " + number : id));
        show(new PacketReplay(recording.toString()), terminal);
      } catch (FormatException e) {
        throw new Failure(
            Exit.BROKEN, "line %s is no recording: %s".formatted(number, e.getMessage()), e);
      }
    }
  }

  /** Asks the recording; returns how many questions that took. */
  private static int repeat(PacketReplay replay, int most) throws Failure, InterruptedException {
    Skipping clock = new Skipping();
    int questions = 0;
    IOException end = new IOException("it has more reports than u2f waits for");
    boolean more = false;
    try {
      CtapHidDevice device =
          CtapHidDevice.open(replay, CtapHidDevice.SILENT, Deadline.after(UsbKeys.PATIENCE, clock));
      for (Optional<Message> next = replay.nextQuestion();
          next.isPresent() && questions < most;
          next = replay.nextQuestion()) {
        questions++;
        ask(device, next.get(), Deadline.after(UsbKeys.PATIENCE, clock));
      }
      more = replay.read(new byte[Packet.MAX_SIZE], Deadline.after(Duration.ZERO, clock)) > 0;
    } catch (IOException e) {
      end = e; // recorded like that, if nothing is left now
    }
    try {
      replay.close();
    } catch (IOException e) {
      more = true;
    }
    if (more) {
      throw new Failure(Exit.REFUSED, "the recording cannot be repeated: " + end.getMessage(), end);
    }
    return questions;
  }

  /** A failure that the key was the cause of is an answer like another. */
  private static void ask(CtapHidDevice device, Message question, Deadline deadline)
      throws IOException, InterruptedException {
    try {
      device.call(question.command(), question.payload(), deadline);
    } catch (CtapHidException | FormatException | DeadlineException e) {
      // was recorded, too
    } catch (IllegalArgumentException e) {
      throw new IOException(
          question.command().name().toLowerCase(Locale.ROOT) + " is not asked again", e);
    }
  }
}
