package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.hid.AccessException;
import org.u2f4j.hid.AccessProblem;
import org.u2f4j.hid.CtapHidDevice;
import org.u2f4j.hid.HidKey;
import org.u2f4j.strictjson.JsonWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f doctor}: why a key cannot be used, and what helps. */
final class DoctorCommand implements Command {
  /** A key that has not answered by then does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final int PINGS = 10;
  private static final Bytes PING = Bytes.of(new byte[57]); // one packet

  /**
   * One thing that was looked at.
   *
   * @param key null if it is none
   * @param said what there is to say if it is well, or what is wrong
   * @param millis the median time of a round trip
   * @param problem null if it is well, or nobody knows a cure
   */
  private record Finding(
      String name,
      @Nullable HidKey key,
      boolean well,
      String said,
      @Nullable Double millis,
      @Nullable AccessProblem problem) {
    static Finding well(String name, String said) {
      return new Finding(name, null, true, said, null, null);
    }

    static Finding ill(String name, @Nullable HidKey key, IOException e) {
      return e instanceof AccessException access
          ? new Finding(name, key, false, access.problem().sentence(), null, access.problem())
          : new Finding(name, key, false, String.valueOf(e.getMessage()), null, null);
    }
  }

  private final UsbKeys usb;

  DoctorCommand(UsbKeys usb) {
    this.usb = usb;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        "doctor",
        "Finds out why a key cannot be used",
        "Looks at all that stands between this program and a key: Java and its flags, the native"
            + " library, the rights on each key that is plugged in, and whether the key answers,"
            + " and how fast. Says what helps where something is wrong. No touch is needed. The exit"
            + " code is 0 if all is well, and 1 if anything is not, or if no key is plugged in.",
        "%nExamples:",
        "  u2f doctor",
        "  u2f doctor --json");
    TraceFile.addOptions(spec);
    spec.addOption(Command.flag("Print one JSON object.", "--json").build());
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    boolean asJson = Command.has(options, "--json");
    List<Finding> findings = new ArrayList<>();
    Interruption.interruptible(() -> {
      try (TraceFile trace = TraceFile.of(options)) {
        examine(terminal, trace, finding -> {
          findings.add(finding);
          if (!asJson) {
            print(finding, terminal); // at once: a key that does not answer takes its time
          }
        });
        return Exit.DONE;
      } catch (IOException e) {
        throw UsbKeys.failure(e);
      }
    });
    boolean well = findings.stream().allMatch(Finding::well);
    if (asJson) {
      terminal.json(JsonWriter.object(json -> {
        json.writeBooleanField("ok", well);
        json.writeArrayFieldStart("checks");
        for (Finding finding : findings) {
          write(finding, json);
        }
        json.writeEndArray();
      }));
    }
    return well ? Exit.DONE : Exit.REFUSED;
  }

  private void examine(Terminal terminal, TraceFile trace, Consumer<Finding> findings)
      throws InterruptedException {
    findings.accept(Finding.well(
        "Java",
        "%s of %s, on %s %s"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vendor"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"))));
    findings.accept(Finding.well("native access", nativeAccess()));
    List<HidKey> keys;
    try {
      keys = usb.finder().list(Deadline.after(PATIENCE));
    } catch (AccessException e) {
      findings.accept(Finding.ill("native library", null, e));
      return;
    }
    findings.accept(Finding.well("native library", "loaded"));
    if (keys.isEmpty()) {
      findings.accept(Finding.ill(
          "keys",
          null,
          usb.finder()
              .whyNone()
              .<IOException>map(AccessException::new)
              .orElseGet(() -> new IOException(
                  "no key is plugged in: plug one in and try again; if one is, try another"
                      + " port, or hand it to this virtual machine or container"))));
    }
    for (HidKey key : keys) {
      findings.accept(examine(key, new TouchPrompt(terminal, PATIENCE), trace));
    }
  }

  /** Java asks for a flag since version 24, and does no more than warn without it so far. */
  private static String nativeAccess() {
    String flag = "--enable-native-access=ALL-UNNAMED";
    try {
      Module jna = Class.forName("com.sun.jna.Native", false, DoctorCommand.class.getClassLoader())
          .getModule();
      Object enabled = Module.class.getMethod("isNativeAccessEnabled").invoke(jna);
      return Boolean.TRUE.equals(enabled) ? "enabled" : "Java may warn: " + flag + " enables it";
    } catch (NoSuchMethodException e) {
      return "this Java needs no flag for it";
    } catch (ReflectiveOperationException e) {
      return "not to be found out";
    }
  }

  private Finding examine(HidKey key, TouchPrompt prompt, TraceFile trace)
      throws InterruptedException {
    String name = key.path() + " " + UsbKeys.name(key);
    Deadline deadline = prompt.deadline();
    try (UsbKeys.OpenKey open = usb.connect(key, prompt, trace, deadline)) {
      double millis = roundTrip(open.device(), deadline);
      if (!open.device().info().speaksU2f()) {
        throw new AccessException(AccessProblem.U2F_OFF);
      }
      String said = "answers in %s ms, %s"
          .formatted(String.format(Locale.ROOT, "%.3f", millis), open.device().info());
      return new Finding(name, key, true, said, millis, null);
    } catch (IOException e) {
      return Finding.ill(name, key, e);
    }
  }

  private static double roundTrip(CtapHidDevice device, Deadline deadline)
      throws IOException, InterruptedException {
    long[] nanos = new long[PINGS];
    for (int i = 0; i < PINGS; i++) {
      long before = System.nanoTime();
      device.ping(PING, deadline);
      nanos[i] = System.nanoTime() - before;
    }
    return new Latencies(nanos).percentiles().getOrDefault("p50", 0.0);
  }

  private static void print(Finding finding, Terminal terminal) {
    String verdict = finding.well() ? terminal.good("ok    ") : terminal.bad("FAILED");
    terminal
        .out()
        .println("%s  %s: %s"
            .formatted(
                verdict, Terminal.printable(finding.name()), Terminal.printable(finding.said())));
    AccessProblem problem = finding.problem();
    if (problem != null) {
      problem
          .cure()
          .lines()
          .forEach(line -> terminal.out().println("        " + Terminal.printable(line)));
    }
    terminal.out().flush();
  }

  private static void write(Finding finding, JsonGenerator json) throws IOException {
    json.writeStartObject();
    HidKey key = finding.key();
    json.writeStringField("name", key == null ? finding.name() : "key");
    if (key != null) {
      UsbKeys.write(key, json);
    }
    json.writeBooleanField("ok", finding.well());
    json.writeStringField("detail", finding.said());
    Double millis = finding.millis();
    if (millis != null) {
      json.writeNumberField("roundTripMillis", millis);
    }
    AccessProblem problem = finding.problem();
    if (problem != null) {
      json.writeStringField("problem", problem.name().name());
      json.writeStringField("cure", problem.cure());
    }
    json.writeEndObject();
  }
}
