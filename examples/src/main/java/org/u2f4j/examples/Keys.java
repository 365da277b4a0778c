package org.u2f4j.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
  private final boolean make;

  private Keys(@Nullable Path soft, UserPresence finger, boolean make) {
    this.soft = soft;
    this.finger = finger;
    this.make = make;
  }

  /** The options; a key is made if there is none, or not. */
  static void addOptions(CommandSpec spec, boolean make) {
    spec.addOption(Command.option(
            Path.class,
            "FILE",
            "Use the software key in FILE"
                + (make ? ", which is made if there is none" : "")
                + ". Whoever can read FILE can sign in with it.",
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

  static Keys of(ParseResult options, boolean make) throws Failure {
    @Nullable Path soft = options.matchedOptionValue("--soft", null);
    @Nullable String touch = options.matchedOptionValue("--touch", null);
    if (touch != null && soft == null) {
      throw new Failure(Exit.USAGE, "--touch goes with --soft: a real key has a real finger");
    }
    if (soft != null && soft.toString().isBlank()) {
      throw new Failure(Exit.USAGE, "--soft is the name of a file, not \"" + soft + "\"");
    }
    return new Keys(soft, touch == null ? UserPresence.ALWAYS : finger(touch), make);
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
    if (!make && Files.notExists(soft, LinkOption.NOFOLLOW_LINKS)) {
      throw new Failure(
          Exit.NO_KEY,
          "there is no %s; \"u2f register --soft %s\" makes one".formatted(soft, soft));
    }
    try {
      return SoftwareKey.open(soft, deadline).withUserPresence(finger);
    } catch (FormatException e) {
      throw broken(String.valueOf(e.getMessage()), e);
    } catch (DeadlineException e) {
      throw new Failure(Exit.NO_KEY, e.getMessage() + "; try again when it has ended", e);
    } catch (NoSuchFileException e) {
      throw new Failure(
          Exit.NO_KEY,
          "the software key %s cannot be made: its directory is missing or takes no files"
              .formatted(soft),
          e);
    } catch (IOException e) {
      throw isSomethingElse(soft)
          ? broken(soft + " is not a software key file", e)
          : new Failure(
              Exit.BROKEN,
              "the software key %s cannot be used: %s".formatted(soft, Terminal.reason(e)),
              e);
    }
  }

  private Failure broken(String sentence, IOException cause) {
    String cure = make ? "; give --soft another name to make a new key" : "";
    return new Failure(Exit.BROKEN, sentence + cure, cause);
  }

  /** Whether a file is no key at all: then nobody needs advice on its permissions. */
  private static boolean isSomethingElse(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String beginning = new String(in.readNBytes(4096), StandardCharsets.ISO_8859_1);
      return !beginning.contains("u2f4j software key");
    } catch (IOException e) {
      return false;
    }
  }
}
