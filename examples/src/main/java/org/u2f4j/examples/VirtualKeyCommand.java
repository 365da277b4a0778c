package org.u2f4j.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.Transport;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.soft.UserPresence;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f virtual-key}: the software key as a device of the Linux kernel. */
final class VirtualKeyCommand implements Command {
  /** How often it is looked for the device that the kernel makes. */
  private static final int MAX_LOOKS = 50;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private static final int LOOK_MILLIS = 100;

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        "virtual-key",
        "Plugs in a software key (Linux)",
        "Makes the software key a HID device of the Linux kernel, which browsers and all other"
            + " programs take for a key on USB, until Ctrl-C. Enter touches it: that is good for one"
            + " request within " + EnterPresence.GOOD_FOR.toSeconds() + " seconds. For tests: it"
            + " protects nothing.",
        "%nExamples, as root:",
        "  u2f virtual-key --uhid",
        "  u2f virtual-key --uhid --soft my.key --auto --trace",
        "  u2f virtual-key --gadget /dev/hidg0");
    spec.addOption(
        Command.flag("Make a device of this machine, by /dev/uhid.", "--uhid").build());
    spec.addOption(Command.option(
            Path.class,
            "FILE",
            "Be what a USB device controller shows to the machine at the other end of the cable. FILE"
                + " is the HID function of a gadget, such as /dev/hidg0, with reports of 64 bytes.",
            "--gadget")
        .build());
    spec.addOption(Command.option(
            Path.class,
            "FILE",
            "Use the software key in FILE, which is made if there is none. Default: one that is gone"
                + " in the end.",
            "--soft")
        .build());
    spec.addOption(Command.flag(
            "Be touched always. Whatever program asks, and whoever runs it, is served.", "--auto")
        .build());
    spec.addOption(Command.flag(
            "Tell on standard error what is asked and answered, without key handles and challenges.",
            "--trace")
        .build());
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    @Nullable Path gadget = options.matchedOptionValue("--gadget", null);
    if (Command.has(options, "--uhid") == (gadget != null)) {
      throw new Failure(Exit.USAGE, "give one of --uhid and --gadget FILE");
    }
    requireAccess(gadget == null ? UhidPort.FILE : gadget);
    EnterPresence enter = new EnterPresence(terminal, Deadline.Clock.SYSTEM);
    boolean auto = Command.has(options, "--auto");
    SoftwareKey key = key(options).withUserPresence(auto ? UserPresence.ALWAYS : enter);
    Transport used = Command.has(options, "--trace") ? Trace.of(key, terminal::say) : key;
    return Interruption.interruptible(() -> {
      while (true) {
        HidToken token = new HidToken(used).withWink(() -> terminal.say("The key winks."));
        DevicePort port = open(gadget, token);
        Greeting greeting = new Greeting(terminal, port, auto);
        try {
          new VirtualKey(token, port, () -> {
                greeting.turn();
                enter.look();
              })
              .serve();
        } catch (IOException e) {
          if (gadget == null) {
            throw new Failure(Exit.ITSELF, "the device ends: " + e.getMessage(), e);
          }
          terminal.say(
              "The key is out (%s), until it is plugged in again.".formatted(e.getMessage()));
        }
        while (Files.notExists(gadget)) {
          TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
      }
    });
  }

  private static DevicePort open(@Nullable Path gadget, HidToken token) throws Failure {
    try {
      return gadget == null
          ? UhidPort.open(token.reportDescriptor().encode())
          : new GadgetPort(gadget);
    } catch (IOException e) {
      String cure = gadget == null ? "; as root, \"modprobe uhid\" may help" : "";
      throw new Failure(Exit.ITSELF, "no device can be made: " + e.getMessage() + cure, e);
    }
  }

  private static SoftwareKey key(ParseResult options) throws Failure, InterruptedException {
    @Nullable Path soft = options.matchedOptionValue("--soft", null);
    if (soft == null) {
      return SoftwareKey.create();
    }
    Keys.requireName(soft);
    return Keys.openSoft(soft, true, Deadline.after(UsbKeys.PATIENCE));
  }

  private static void requireAccess(Path file) throws Failure {
    if (!System.getProperty("os.name", "").startsWith("Linux")) {
      throw new Failure(Exit.ITSELF, "virtual keys need Linux, which makes devices for programs");
    }
    boolean uhid = file.equals(UhidPort.FILE);
    if (Files.notExists(file)) {
      throw new Failure(
          Exit.ITSELF,
          uhid
              ? "there is no /dev/uhid; as root, \"modprobe uhid\" makes it"
              : "there is no %s; a USB gadget with a HID function makes it".formatted(file));
    }
    if (!Files.isReadable(file) || !Files.isWritable(file)) {
      throw new Failure(Exit.ITSELF, "this user may not use %s; do it as root".formatted(file));
    }
  }

  /** Says once that the device is there, as soon as it is known where. */
  private static final class Greeting {
    private final Terminal terminal;
    private final DevicePort port;
    private final String touch;
    private int looks;
    private long lookedAt = System.nanoTime() - BETWEEN_LOOKS.toNanos();
    private boolean said;

    Greeting(Terminal terminal, DevicePort port, boolean auto) {
      this.terminal = terminal;
      this.port = port;
      this.touch = auto
          ? "It is touched always."
          : "Enter touches it, for one request within %s seconds."
              .formatted(EnterPresence.GOOD_FOR.toSeconds());
    }

    void turn() {
      long now = System.nanoTime();
      if (said || now - lookedAt < BETWEEN_LOOKS.toNanos()) {
        return;
      }
      lookedAt = now;
      Optional<String> path = port.path();
      if (path.isPresent() || ++looks == MAX_LOOKS) {
        said = true;
        terminal.say("The key is plugged in%s. %s Ctrl-C takes it out."
            .formatted(path.map(at -> " at " + at).orElse(""), touch));
      }
    }
  }
}
