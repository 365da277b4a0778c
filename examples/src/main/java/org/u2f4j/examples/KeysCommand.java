package org.u2f4j.examples;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.u2f4j.hid.HidKey;
import org.u2f4j.strictjson.JsonWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f keys}: what is plugged in. */
final class KeysCommand implements Command {
  /** Looking more often may disturb other devices. */
  private static final int PACE_MILLIS = 400;

  private final UsbKeys usb;

  KeysCommand(UsbKeys usb) {
    this.usb = usb;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        "keys",
        "Lists the keys on USB",
        "Lists the security keys that are plugged in, of any maker, without asking them anything.",
        "%nExamples:",
        "  u2f keys",
        "  u2f keys --json",
        "",
        "Until Ctrl-C:",
        "  u2f keys --watch",
        "  u2f keys --watch --json");
    spec.addOption(Command.flag(
            "Then go on, and print a line for each key that is plugged in (+) or pulled out (-),"
                + " until Ctrl-C.",
            "--watch")
        .build());
    spec.addOption(Command.flag(
            "Print one JSON object a line, one for each key; with --watch each has an event,"
                + " \"in\" or \"out\".",
            "--json")
        .build());
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    boolean json = Command.has(options, "--json");
    if (Command.has(options, "--watch")) {
      return Interruption.interruptible(() -> watch(json, terminal));
    }
    List<HidKey> keys = usb.all();
    if (json) {
      keys.forEach(key -> terminal.json(JsonWriter.object(members -> UsbKeys.write(key, members))));
    } else {
      print(keys, terminal);
    }
    return Exit.DONE;
  }

  /** Ends when it is interrupted, or nobody reads any more. */
  private Exit watch(boolean json, Terminal terminal) throws Failure, InterruptedException {
    Set<HidKey> before = new LinkedHashSet<>(usb.now());
    if (before.isEmpty()) {
      terminal.say("No key is plugged in.");
    }
    before.forEach(key -> print(key, true, json, terminal));
    while (!terminal.out().checkError()) { // which flushes
      TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
      Set<HidKey> now = new LinkedHashSet<>(usb.now());
      before.stream()
          .filter(key -> !now.contains(key))
          .forEach(key -> print(key, false, json, terminal));
      now.stream()
          .filter(key -> !before.contains(key))
          .forEach(key -> print(key, true, json, terminal));
      before.clear();
      before.addAll(now);
    }
    return Exit.DONE;
  }

  private static void print(HidKey key, boolean in, boolean json, Terminal terminal) {
    if (json) {
      terminal.json(JsonWriter.object(members -> {
        members.writeStringField("event", in ? "in" : "out");
        UsbKeys.write(key, members);
      }));
    } else {
      String line = "%s %s  %s".formatted(in ? "+" : "-", key.path(), UsbKeys.name(key));
      terminal.out().println(Terminal.printable(line));
    }
  }

  private static void print(List<HidKey> keys, Terminal terminal) {
    Table table = new Table("path", "vendor:product", "manufacturer", "product", "serial number");
    for (HidKey key : keys) {
      table.add(
          key.path(), UsbKeys.ids(key), key.manufacturer(), key.product(), key.serialNumber());
    }
    table.print(terminal);
  }
}
