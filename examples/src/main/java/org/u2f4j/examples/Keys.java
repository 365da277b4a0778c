package org.u2f4j.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.TokenRace;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.soft.UserPresence;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Where a command gets its key from: USB, or a file. */
final class Keys {
  private static final int TIMEOUT_SECONDS = 30;
  private static final int MAX_TIMEOUT_SECONDS = 86_400;

  private final UsbKeys usb;
  private final @Nullable String path;
  private final @Nullable Path soft;
  private final UserPresence finger;
  private final boolean make;

  private Keys(
      UsbKeys usb, @Nullable String path, @Nullable Path soft, UserPresence finger, boolean make) {
    this.usb = usb;
    this.path = path;
    this.soft = soft;
    this.finger = finger;
    this.make = make;
  }

  /** The options; a software key is made if there is none, or not. */
  static void addOptions(CommandSpec spec, boolean make) {
    UsbKeys.addOption(
        spec,
        "Use the key at PATH, as \"u2f keys\" shows it. Without it, the one that is touched, of"
            + " those that are plugged in or will be.");
    spec.addOption(Command.option(
            Path.class,
            "FILE",
            "Instead of a key on USB use the software key in FILE"
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

  static void addTimeout(CommandSpec spec, String what) {
    spec.addOption(Command.option(
            String.class,
            "SECONDS",
            "%s Default: %d.".formatted(what, TIMEOUT_SECONDS),
            "--timeout")
        .build());
  }

  static Duration timeout(ParseResult options) throws Failure {
    String given = options.matchedOptionValue("--timeout", Integer.toString(TIMEOUT_SECONDS));
    int seconds = given.matches("[0-9]{1,6}") ? Integer.parseInt(given) : 0;
    if (seconds < 1 || seconds > MAX_TIMEOUT_SECONDS) {
      throw new Failure(
          Exit.USAGE,
          "--timeout is 1 to %s seconds, not \"%s\"".formatted(MAX_TIMEOUT_SECONDS, given));
    }
    return Duration.ofSeconds(seconds);
  }

  static Keys of(ParseResult options, boolean make, UsbKeys usb) throws Failure {
    @Nullable String path = options.matchedOptionValue("--key", null);
    @Nullable Path soft = options.matchedOptionValue("--soft", null);
    @Nullable String touch = options.matchedOptionValue("--touch", null);
    if (touch != null && soft == null) {
      throw new Failure(Exit.USAGE, "--touch goes with --soft: a real key has a real finger");
    }
    if (path != null && soft != null) {
      throw new Failure(
          Exit.USAGE, "--key is a key on USB, --soft one in a file: give one of them");
    }
    if (soft != null) {
      requireName(soft);
    }
    return new Keys(usb, path, soft, touch == null ? UserPresence.ALWAYS : finger(touch), make);
  }

  static void requireName(Path soft) throws Failure {
    if (soft.toString().isBlank()) {
      throw new Failure(Exit.USAGE, "--soft is the name of a file, not \"" + soft + "\"");
    }
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

  /**
   * What is asked.
   *
   * @param <K> a key, or several of which one is touched
   */
  interface Question<K, T> {
    T ask(K key) throws ErrorCodeException, InterruptedException;
  }

  /**
   * Asks the key that the command line names; if it names none, whatever is on USB, as keys come and
   * go, until one is touched.
   */
  <T> T ask(
      Question<Transport, T> one,
      Question<TokenRace, T> touched,
      TouchPrompt prompt,
      TraceFile trace)
      throws ErrorCodeException, Failure, InterruptedException {
    if (soft == null && path == null) {
      T answer = touched.ask(new TokenRace(usb.source(prompt, trace), prompt));
      trace.keep();
      return answer;
    }
    try (Transport key = open(prompt, trace)) {
      T answer = one.ask(key);
      trace.keep();
      return answer;
    } catch (IOException e) {
      throw new Failure(Exit.REFUSED, "the key cannot be let go: " + e.getMessage(), e);
    }
  }

  private Transport open(TouchPrompt prompt, TraceFile trace) throws Failure, InterruptedException {
    return soft == null
        ? usb.open(usb.chosen(path), prompt, trace).device()
        : trace.of(openSoft(soft, make, prompt.deadline()).withUserPresence(finger));
  }

  /** Opens a software key, and makes it if it is to be made. */
  static SoftwareKey openSoft(Path soft, boolean make, Deadline deadline)
      throws Failure, InterruptedException {
    try {
      StateFile.requireFolder(soft);
      if (!make && Files.notExists(soft, LinkOption.NOFOLLOW_LINKS)) {
        throw new Failure(
            Exit.NO_KEY,
            "there is no %s; registering a key with --soft %s makes one".formatted(soft, soft));
      }
      return SoftwareKey.open(soft, deadline);
    } catch (FormatException e) {
      throw broken(String.valueOf(e.getMessage()), make, e);
    } catch (DeadlineException e) {
      throw new Failure(Exit.NO_KEY, e.getMessage() + "; try again when it has ended", e);
    } catch (IOException e) {
      boolean there = Files.exists(soft, LinkOption.NOFOLLOW_LINKS);
      throw isSomethingElse(soft)
          ? broken(soft + " is not a software key file", make, e)
          : new Failure(
              there ? Exit.BROKEN : Exit.ITSELF,
              "the software key %s cannot be used: %s".formatted(soft, Terminal.reason(e)),
              e);
    }
  }

  private static Failure broken(String sentence, boolean make, IOException cause) {
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
