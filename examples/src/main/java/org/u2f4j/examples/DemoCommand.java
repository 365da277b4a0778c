package org.u2f4j.examples;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.u2f4j.soft.Defect;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.strictjson.JsonWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f demo}: one registration and two sign-ins, both sides played here, all shown. */
final class DemoCommand implements Command {
  private static final String NOTE =
      "These are the checks of RelyingParty in the module u2f-verifier. Nobody was asked to vouch for"
          + " the key: \"u2f verify --help\" tells how.";

  @Override
  public CommandSpec spec() {
    String defects = Arrays.stream(Defect.values())
        .map(defect -> defect.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.joining(", "));
    CommandSpec spec = Command.spec(
        "demo",
        "Shows a registration and sign-ins, message by message",
        "Registers a key made of software and signs in with it twice, shows every message field by"
            + " field, and checks the result. Nothing is kept.",
        "%nExamples:",
        "  u2f demo",
        "  u2f demo --defect stale-counter",
        "  u2f demo --json");
    spec.addOption(Command.option(
            String.class,
            "NAME",
            "Give the key a defect, to see what it does: " + defects + ".",
            "--defect")
        .build());
    spec.addOption(
        Command.flag("Print the result alone, as one JSON object.", "--json").build());
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    @Nullable String defect = options.matchedOptionValue("--defect", null);
    SoftwareKey key = SoftwareKey.create();
    SoftwareKey copy = key.withDefect(Defect.STALE_COUNTER);
    boolean late = false;
    if (defect != null) {
      Defect given = defect(defect);
      key = key.withDefect(given);
      late = given == Defect.SLOW || given == Defect.MUTE;
    }
    boolean json = Command.has(options, "--json");
    CheckList checks = new CheckList();
    DemoLoop loop =
        new DemoLoop(terminal, key, copy, json, late && terminal.errIsTerminal(), checks);
    try {
      Interruption.interruptible(() -> loop.finish());
    } catch (Failure e) {
      if (json) {
        terminal.json(json(loop, checks, e));
      }
      throw e;
    }
    if (json) {
      terminal.json(json(loop, checks, null));
    } else {
      print(checks, terminal);
    }
    return checks.allGood() ? Exit.DONE : Exit.REFUSED;
  }

  private static Defect defect(String name) throws Failure {
    try {
      return Defect.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new Failure(
          Exit.USAGE, "there is no defect \"" + name + "\"; \"u2f demo --help\" lists them", e);
    }
  }

  private static void print(CheckList checks, Terminal terminal) {
    terminal.out().println(terminal.heading("Checked"));
    for (CheckList.Check check : checks.all()) {
      String verdict = check.good() ? terminal.good("ok    ") : terminal.bad("FAILED");
      terminal.out().println("  " + verdict + "  " + check.what());
    }
    terminal.out().println();
    terminal.out().println(NOTE);
  }

  private static String json(DemoLoop loop, CheckList checks, @Nullable Failure failure) {
    return JsonWriter.object(json -> {
      json.writeBooleanField("ok", failure == null && checks.allGood());
      if (failure != null) {
        json.writeStringField("error", failure.getMessage());
      }
      json.writeArrayFieldStart("checks");
      for (CheckList.Check check : checks.all()) {
        json.writeStartObject();
        json.writeStringField("check", check.what());
        json.writeBooleanField("ok", check.good());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeStringField("note", NOTE);
      if (loop.registered() != null) {
        json.writeFieldName("registration");
        json.writeRawValue(loop.registered());
      }
      if (loop.signed() != null) {
        json.writeFieldName("authentication");
        json.writeRawValue(loop.signed());
      }
    });
  }
}
