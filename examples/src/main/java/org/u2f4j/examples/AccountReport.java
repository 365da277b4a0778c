package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Devices;
import org.u2f4j.examples.account.Event;
import org.u2f4j.examples.account.Factor;
import org.u2f4j.examples.account.Profile;
import org.u2f4j.examples.account.SecurityKey;
import org.u2f4j.strictjson.JsonWriter;

/** Shows what an account has: as tables for people, or as JSON, one object a line. */
final class AccountReport {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private final Terminal terminal;
  private final boolean json;

  AccountReport(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
  }

  /** Here and now, to the minute. */
  static String time(@Nullable Instant time) {
    return time == null ? "never" : TIME.format(time.atZone(ZoneId.systemDefault()));
  }

  /** One JSON object, or a sentence. */
  void result(JsonWriter.Members members, String sentence) {
    if (json) {
      terminal.json(JsonWriter.object(members));
    } else {
      terminal.out().println(Terminal.printable(sentence));
    }
    terminal.out().flush();
  }

  /** That it is done. */
  void done(String sentence) {
    result(written -> written.writeBooleanField("ok", true), sentence);
  }

  void overview(Profile.Overview overview) {
    if (json) {
      terminal.json(JsonWriter.object(written -> write(overview, written)));
      return;
    }
    line("signed in as", overview.email() + ", until " + time(overview.sessionEnds()));
    line(
        "two-factor authentication",
        overview.twoFactor()
            ? "on: " + words(overview.factors())
            : "off: \"u2f account add-key\" turns it on");
    line("recovery codes left", Integer.toString(overview.recoveryCodesLeft()));
    Instant proven = overview.provenUntil();
    line(
        "identity confirmed",
        proven == null || !proven.isAfter(Instant.now()) ? "not lately" : "until " + time(proven));
    warn(overview.warnings());
  }

  private static String words(Set<Factor> factors) {
    return factors.stream().map(Factor::words).collect(Collectors.joining(", "));
  }

  private void line(String name, String value) {
    terminal.out().println("%-27s%s".formatted(name, Terminal.printable(value)));
  }

  private static void write(Profile.Overview overview, JsonGenerator json) throws IOException {
    json.writeStringField("email", overview.email());
    json.writeBooleanField("twoFactor", overview.twoFactor());
    strings(
        json, "factors", overview.factors().stream().map(AccountReport::name).toList());
    json.writeNumberField("recoveryCodesLeft", overview.recoveryCodesLeft());
    strings(
        json, "warnings", overview.warnings().stream().map(SecurityKey::name).toList());
    JsonWriter.optional(json, "provenUntil", overview.provenUntil());
    json.writeStringField("sessionEnds", overview.sessionEnds().toString());
  }

  static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  void keys(List<SecurityKey> keys) {
    if (json) {
      keys.forEach(key -> terminal.json(JsonWriter.object(written -> write(key, written))));
      return;
    }
    if (keys.isEmpty()) {
      terminal.out().println("No security keys. \"u2f account add-key\" adds one.");
      return;
    }
    Table table = new Table("name", "added", "last used", "vendor and model", "counter");
    for (SecurityKey key : keys) {
      table.add(key.name(), time(key.addedAt()), time(key.lastUsedAt()), maker(key), counter(key));
    }
    table.print(terminal);
    warn(keys.stream().filter(key -> key.warning() != null).toList());
  }

  private static String maker(SecurityKey key) {
    String maker = Stream.of(key.vendor(), key.model())
        .filter(part -> part != null)
        .collect(Collectors.joining(" "));
    return maker.isEmpty() ? "unknown" : maker;
  }

  private static String counter(SecurityKey key) {
    Long counter = key.registration().counter();
    String shown = counter == null ? "none yet" : counter.toString();
    return key.warning() == null ? shown : shown + ", perhaps copied";
  }

  static void write(SecurityKey key, JsonGenerator json) throws IOException {
    json.writeStringField("name", key.name());
    json.writeStringField("addedAt", key.addedAt().toString());
    JsonWriter.optional(json, "lastUsedAt", key.lastUsedAt());
    JsonWriter.optional(json, "vendor", key.vendor());
    JsonWriter.optional(json, "model", key.model());
    Long counter = key.registration().counter();
    if (counter != null) {
      json.writeNumberField("counter", counter);
    }
    json.writeBooleanField("perhapsCopied", key.warning() != null);
  }

  /** Tells the owner what a counter that went back may mean, and what to do about it. */
  void warn(List<SecurityKey> keys) {
    for (SecurityKey key : keys) {
      if (key.warning() != null) {
        terminal.say(
            "Warning: on %s the key \"%s\" was refused, since its counter went back: somebody"
                .formatted(time(key.warning().at()), key.name()));
        terminal.say("may have copied it. Remove it (u2f account remove-key), unless you know that"
            + " there is no");
        terminal.say("copy (u2f account clear-warning).");
      }
    }
  }

  void devices(List<Devices.Device> devices) {
    if (json) {
      devices.forEach(device -> terminal.json(JsonWriter.object(written -> {
        written.writeStringField("name", device.name());
        written.writeStringField("rememberedAt", device.rememberedAt().toString());
        written.writeStringField("lastUsedAt", device.lastUsedAt().toString());
        written.writeStringField("expiresAt", device.expiresAt().toString());
      })));
      return;
    }
    if (devices.isEmpty()) {
      terminal
          .out()
          .println("No remembered devices. \"u2f account sign-in --remember\" remembers one.");
      return;
    }
    Table table = new Table("number", "device", "remembered", "last used", "until");
    for (int i = 0; i < devices.size(); i++) {
      Devices.Device device = devices.get(i);
      table.add(
          Integer.toString(i + 1),
          device.name(),
          time(device.rememberedAt()),
          time(device.lastUsedAt()),
          time(device.expiresAt()));
    }
    table.print(terminal);
  }

  void history(List<Event> events) {
    if (json) {
      events.forEach(event -> terminal.json(JsonWriter.object(written -> {
        written.writeStringField("at", event.at().toString());
        written.writeStringField("event", name(event.kind()));
        JsonWriter.optional(
            written, "factor", event.factor() == null ? null : name(event.factor()));
        written.writeStringField("device", event.client().device());
        written.writeStringField("address", event.client().address());
        JsonWriter.optional(written, "detail", event.detail());
      })));
      return;
    }
    Table table = new Table("when", "what", "with", "from", "detail");
    for (Event event : events) {
      Factor factor = event.factor();
      String detail = event.detailWords();
      table.add(
          time(event.at()),
          event.kind().words(),
          factor == null ? "" : factor.words(),
          event.client().device() + ", " + event.client().address(),
          detail == null ? "" : detail);
    }
    table.print(terminal);
  }

  /** To print and keep; shown once. */
  void recoveryCodes(List<String> codes) {
    if (json) {
      terminal.json(JsonWriter.object(written -> strings(written, "codes", codes)));
      return;
    }
    codes.forEach(terminal.out()::println);
    terminal.out().flush();
    terminal.say(
        "Print or write them down, and keep them apart from key and phone. They are not shown"
            + " again.");
  }
}
