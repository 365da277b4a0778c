package org.u2f4j.examples;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.hid.CtapHidDevice;
import org.u2f4j.hid.Packet;
import org.u2f4j.strictjson.JsonWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f ping}: how long a key takes to send bytes back. */
final class PingCommand implements Command {
  private static final int NUMBER = 10;
  private static final int MAX_NUMBER = 1_000_000;

  /** What the first packet holds. */
  private static final int BYTES = 57;

  private static final int MAX_BYTES = Packet.maxPayload(Packet.MAX_SIZE);
  private static final int BAR = 40;

  private final UsbKeys usb;

  PingCommand(UsbKeys usb) {
    this.usb = usb;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        "ping",
        "Measures how long a key takes to answer",
        "Has a key send random bytes back, one message after the other, checks them, and shows how"
            + " long that took: the shortest and the longest time, and those that 50, 90 and"
            + " 99 of a hundred messages kept within.",
        "%nExamples:",
        "  u2f ping",
        "  u2f ping -n 1000 -s 1024",
        "  u2f ping --key /dev/hidraw3 --json");
    UsbKeys.addOption(spec);
    spec.addOption(Command.option(
            String.class, "N", "How many messages. Default: " + NUMBER + ".", "-n", "--number")
        .build());
    spec.addOption(Command.option(
            String.class,
            "BYTES",
            "How long each is, 0 to " + MAX_BYTES + " bytes. Default: " + BYTES
                + ", which one packet holds.",
            "-s",
            "--size")
        .build());
    spec.addOption(Command.flag("Print one JSON object.", "--json").build());
    TraceFile.addOptions(spec);
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    int number = number(options, "--number", NUMBER, 1, MAX_NUMBER);
    int bytes = number(options, "--size", BYTES, 0, MAX_BYTES);
    boolean json = Command.has(options, "--json");
    usb.use(options, terminal, (key, deadline) -> {
      Latencies latencies = ping(key.device(), number, bytes);
      if (json) {
        terminal.json(json(key, bytes, latencies));
      } else {
        terminal
            .out()
            .println("%s messages of %s came back from %s"
                .formatted(
                    number, Listing.bytes(bytes), Terminal.printable(key.key().path())));
        print(latencies, terminal);
      }
    });
    return Exit.DONE;
  }

  private static int number(ParseResult options, String name, int usual, int min, int max)
      throws Failure {
    String given = options.matchedOptionValue(name, Integer.toString(usual));
    int number = given.matches("[0-9]{1,7}") ? Integer.parseInt(given) : -1;
    if (number < min || number > max) {
      throw new Failure(Exit.USAGE, "%s is %s to %s, not \"%s\"".formatted(name, min, max, given));
    }
    return number;
  }

  private static Latencies ping(CtapHidDevice device, int number, int bytes)
      throws Failure, InterruptedException {
    SecureRandom random = new SecureRandom();
    byte[] message = new byte[bytes];
    long[] nanos = new long[number];
    for (int i = 0; i < number; i++) {
      random.nextBytes(message);
      Bytes sent = Bytes.of(message);
      long before = System.nanoTime();
      try {
        device.ping(sent, Deadline.after(UsbKeys.PATIENCE));
      } catch (IOException e) {
        throw new Failure(
            UsbKeys.exit(e), "message %s of %s: %s".formatted(i + 1, number, e.getMessage()), e);
      }
      nanos[i] = System.nanoTime() - before;
    }
    return new Latencies(nanos);
  }

  private static void print(Latencies latencies, Terminal terminal) {
    terminal.out().println();
    latencies
        .percentiles()
        .forEach((name, millis) ->
            terminal.out().println("%-4s %10s ms".formatted(name, decimal(millis))));
    terminal.out().println();
    Map<Double, Integer> histogram = latencies.histogram();
    int most = histogram.values().stream().reduce(1, Math::max);
    histogram.forEach((below, count) -> {
      String bar = "#".repeat((count * BAR + most - 1) / most);
      terminal
          .out()
          .println("%8s - %8s ms %8s  %s"
              .formatted(decimal(below / 2), decimal(below), count, bar)
              .stripTrailing());
    });
  }

  private static String decimal(double millis) {
    return String.format(Locale.ROOT, "%.3f", millis);
  }

  private static String json(UsbKeys.OpenKey key, int bytes, Latencies latencies) {
    return JsonWriter.object(json -> {
      UsbKeys.write(key.key(), json);
      json.writeNumberField("messages", latencies.count());
      json.writeNumberField("size", bytes);
      json.writeObjectFieldStart("milliseconds");
      for (Map.Entry<String, Double> each : latencies.percentiles().entrySet()) {
        json.writeNumberField(each.getKey(), each.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("histogram");
      for (Map.Entry<Double, Integer> each : latencies.histogram().entrySet()) {
        json.writeStartObject();
        json.writeNumberField("below", each.getKey());
        json.writeNumberField("messages", each.getValue());
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }
}
