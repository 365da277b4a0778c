package org.u2f4j.examples;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.Transport;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.soft.UserPresence;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Where a command gets its key from. */
final class Keys {
  private final @Nullable Path soft;
  private final UserPresence finger;

  private Keys(@Nullable Path soft, UserPresence finger) {
    this.soft = soft;
    this.finger = finger;
  }

  static void addOptions(CommandSpec spec) {
    spec.addOption(Command.option(
            Path.class,
            "FILE",
            "Use the software key in FILE, which is made if there is none. Whoever can read FILE"
                + " can sign in with it.",
            "--soft")
        .build());
    spec.addOption(Command.option(
            String.class,
            "WHEN",
            "When the software key is touched: yes (at once), no (never), or a number of times"
                + " that it is asked in vain first. Default: yes.",
            "--touch")
        .build());
  }

  static Keys of(ParseResult options) throws Failure {
    @Nullable Path soft = options.matchedOptionValue("--soft", null);
    @Nullable String touch = options.matchedOptionValue("--touch", null);
    if (touch != null && soft == null) {
      throw new Failure(Exit.USAGE, "--touch goes with --soft: a real key has a real finger");
    }
    return new Keys(soft, touch == null ? UserPresence.ALWAYS : finger(touch));
  }

  private static UserPresence finger(String touch) throws Failure {
    if (touch.matches("[0-9]{1,6}")) {
      return UserPresence.after(Integer.parseInt(touch));
    }
    return switch (touch) {
      case "yes" -> UserPresence.ALWAYS;
      case "no" -> UserPresence.NEVER;
      default ->
        throw new Failure(
            Exit.USAGE,
            "--touch is yes, no or a number of at most 6 digits, not \"" + touch + "\"");
    };
  }

  /** Opens the key. */
  Transport open(Deadline deadline) throws Failure, InterruptedException {
    if (soft == null) {
      // keys on USB are to be opened here, once there is a module for them
      throw new Failure(
          Exit.NO_KEY,
          "no key to use: keys on USB come with the module u2f-hid, which is not there yet;"
              + " --soft FILE gives a software key");
    }
    try {
      return SoftwareKey.open(soft, deadline).withUserPresence(finger);
    } catch (FormatException e) {
      throw new Failure(
          Exit.BROKEN, e.getMessage() + "; give --soft another name to make a new key", e);
    } catch (DeadlineException e) {
      throw new Failure(Exit.NO_KEY, e.getMessage() + "; try again when it has ended", e);
    } catch (NoSuchFileException e) {
      throw new Failure(
          Exit.NO_KEY,
          "the software key %s cannot be made: its directory is missing or takes no files"
              .formatted(soft),
          e);
    } catch (IOException e) {
      throw new Failure(
          Exit.NO_KEY,
          "the software key %s cannot be used: %s".formatted(soft, Terminal.reason(e)),
          e);
    }
  }
}
