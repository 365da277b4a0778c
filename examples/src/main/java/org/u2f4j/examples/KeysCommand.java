package org.u2f4j.examples;

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
    Table table = new Table("path", "vendor:product", "manufacturer", "product", "serial number");
    for (HidKey key : keys) {
      table.add(
          key.path(), UsbKeys.ids(key), key.manufacturer(), key.product(), key.serialNumber());
    }
    table.print(terminal);
  }
}
