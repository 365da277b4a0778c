package org.u2f4j.examples;

import java.util.ArrayList;
import java.util.List;
import org.u2f4j.hid.HidKey;
import org.u2f4j.strictjson.JsonWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f keys}: what is plugged in. */
final class KeysCommand implements Command {
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
        "  u2f keys --json");
    spec.addOption(Command.flag("Print one JSON object a line, one for each key.", "--json")
        .build());
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure {
    List<HidKey> keys = usb.all();
    if (Command.has(options, "--json")) {
      keys.forEach(key -> terminal.json(JsonWriter.object(json -> UsbKeys.write(key, json))));
    } else {
      print(keys, terminal);
    }
    return Exit.DONE;
  }

  private static void print(List<HidKey> keys, Terminal terminal) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("path", "vendor:product", "manufacturer", "product", "serial number"));
    for (HidKey key : keys) {
      rows.add(List.of(
          Terminal.printable(key.path()),
          UsbKeys.ids(key),
          Terminal.printable(key.manufacturer()),
          Terminal.printable(key.product()),
          Terminal.printable(key.serialNumber())));
    }
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] + 2 - row.get(i).length()));
      }
      String text = line.toString().stripTrailing();
      terminal.out().println(row == rows.get(0) ? terminal.heading(text) : text);
    }
  }
}
