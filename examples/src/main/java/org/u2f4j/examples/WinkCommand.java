package org.u2f4j.examples;

import org.u2f4j.hid.CtapHidError;
import org.u2f4j.hid.CtapHidException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f wink}: has a key show itself. */
final class WinkCommand implements Command {
  private final UsbKeys usb;

  WinkCommand(UsbKeys usb) {
    this.usb = usb;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        "wink",
        "Has a key blink",
        "Has a key show itself by light or sound, so that the person sees which of several it is.",
        "%nExamples:",
        "  u2f wink",
        "  u2f wink --key /dev/hidraw3");
    UsbKeys.addOption(spec);
    TraceFile.addOptions(spec);
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    usb.use(options, terminal, (key, deadline) -> {
      try {
        key.device().wink(deadline);
      } catch (CtapHidException e) {
        throw e.error().equals(CtapHidError.INVALID_CMD)
            ? new Failure(Exit.REFUSED, "this key cannot wink", e)
            : UsbKeys.failure(e);
      }
    });
    return Exit.DONE;
  }
}
