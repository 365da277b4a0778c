package org.u2f4j.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.StatusException;
import org.u2f4j.client.U2fToken;
import org.u2f4j.hid.DeviceInfo;
import org.u2f4j.strictjson.JsonWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f info}: what a key says of itself. */
final class InfoCommand implements Command {
  private final UsbKeys usb;

  InfoCommand(UsbKeys usb) {
    this.usb = usb;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        "info",
        "Shows what a key says of itself",
        "Asks a key for its versions and for what it serves. No touch is needed.",
        "%nExamples:",
        "  u2f info",
        "  u2f info --key /dev/hidraw3 --json");
    UsbKeys.addOption(spec);
    spec.addOption(Command.flag("Print one JSON object.", "--json").build());
    TraceFile.addOptions(spec);
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    boolean json = Command.has(options, "--json");
    usb.use(options, terminal, (key, deadline) -> {
      @Nullable String version = version(key, deadline);
      if (json) {
        terminal.json(json(key, version));
      } else {
        print(key, version, terminal);
      }
    });
    return Exit.DONE;
  }

  /** The U2F version, if there is one. */
  private static @Nullable String version(UsbKeys.OpenKey key, Deadline deadline)
      throws IOException, InterruptedException {
    if (!key.device().info().speaksU2f()) {
      return null;
    }
    try {
      byte[] version = new U2fToken(key.device()).version(deadline).toArray();
      return new String(version, StandardCharsets.ISO_8859_1);
    } catch (StatusException e) {
      return null; // a key that knows U2F need not know this question
    }
  }

  private static String json(UsbKeys.OpenKey key, @Nullable String version) {
    DeviceInfo info = key.device().info();
    return JsonWriter.object(json -> {
      UsbKeys.write(key.key(), json);
      json.writeNumberField("protocolVersion", info.protocolVersion());
      json.writeStringField("deviceVersion", deviceVersion(info));
      json.writeNumberField("capabilities", info.capabilities());
      json.writeBooleanField("wink", info.winks());
      json.writeBooleanField("lock", info.locks());
      json.writeBooleanField("ctap2", info.speaksCtap2());
      json.writeBooleanField("u2f", info.speaksU2f());
      json.writeNumberField("inputReportLength", key.connection().inputReportSize());
      json.writeNumberField("outputReportLength", key.connection().outputReportSize());
      json.writeStringField("u2fVersion", version);
    });
  }

  private static void print(UsbKeys.OpenKey key, @Nullable String version, Terminal terminal) {
    DeviceInfo info = key.device().info();
    line(terminal, "path", key.key().path());
    line(terminal, "vendor:product", UsbKeys.ids(key.key()));
    line(terminal, "manufacturer", key.key().manufacturer());
    line(terminal, "product", key.key().product());
    line(terminal, "serial number", key.key().serialNumber());
    line(terminal, "protocol version", Integer.toString(info.protocolVersion()));
    line(terminal, "device version", deviceVersion(info));
    line(terminal, "capabilities", capabilities(info));
    line(
        terminal,
        "reports",
        "%s in, %s out"
            .formatted(
                Listing.bytes(key.connection().inputReportSize()),
                Listing.bytes(key.connection().outputReportSize())));
    String none = info.speaksU2f() ? "not told" : "none, U2F is turned off";
    line(terminal, "U2F version", version == null ? none : version);
  }

  private static void line(Terminal terminal, String name, String value) {
    terminal.out().println("%-18s%s".formatted(name, Terminal.printable(value)).stripTrailing());
  }

  private static String deviceVersion(DeviceInfo info) {
    return info.major() + "." + info.minor() + "." + info.build();
  }

  /** The flags, as the key sets them. */
  private static String capabilities(DeviceInfo info) {
    List<String> names = new ArrayList<>();
    names.add("%02x".formatted(info.capabilities()));
    if (info.winks()) {
      names.add("WINK");
    }
    if (info.locks()) {
      names.add("LOCK");
    }
    if (info.speaksCtap2()) {
      names.add("CBOR");
    }
    if (!info.speaksU2f()) {
      names.add("NMSG");
    }
    return String.join(" ", names);
  }
}
