package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.client.KeySource;
import org.u2f4j.hid.AccessException;
import org.u2f4j.hid.AccessProblem;
import org.u2f4j.hid.CtapHidDevice;
import org.u2f4j.hid.HidConnection;
import org.u2f4j.hid.HidKey;
import org.u2f4j.hid.HidKeySource;
import org.u2f4j.hid.HidKeys;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The keys on USB: which one a command uses, and what to do if it cannot. */
final class UsbKeys {
  /** How long to wait for a key that does not answer, or that another program has. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HidKeys finder;

  UsbKeys(HidKeys finder) {
    this.finder = finder;
  }

  HidKeys finder() {
    return finder;
  }

  static void addOption(CommandSpec spec) {
    addOption(spec, "Use the key at PATH, as \"u2f keys\" shows it. Needed if there are several.");
  }

  static void addOption(CommandSpec spec, String several) {
    spec.addOption(Command.option(String.class, "PATH", several, "--key").build());
  }

  /** A key in use. */
  record OpenKey(HidKey key, HidConnection connection, CtapHidDevice device) implements Closeable {
    @Override
    public void close() throws IOException {
      device.close();
    }
  }

  /** What a command does with a key, until a deadline. */
  interface Work {
    void with(OpenKey key, Deadline deadline) throws IOException, Failure, InterruptedException;
  }

  /** All keys, one at least. */
  List<HidKey> all() throws Failure, InterruptedException {
    List<HidKey> keys = now();
    if (keys.isEmpty()) {
      throw new Failure(
          Exit.NO_KEY,
          "no key is plugged in: plug one in and try again; if one is, \"u2f doctor\" tells more");
    }
    return keys;
  }

  /** All keys; there may be none, unless the system hides them from this program. */
  List<HidKey> now() throws Failure, InterruptedException {
    try {
      List<HidKey> keys = finder.list(Deadline.after(PATIENCE));
      Optional<AccessProblem> hidden = keys.isEmpty() ? finder.whyNone() : Optional.empty();
      if (hidden.isPresent()) {
        throw new AccessException(hidden.get());
      }
      return keys;
    } catch (AccessException e) {
      throw failure(e);
    }
  }

  /** The keys for a race, as they come and go. */
  KeySource source(TouchPrompt prompt, TraceFile trace) {
    return new HidKeySource(finder, prompt, trace::of);
  }

  /** Opens the key that the options mean; Ctrl-C lets go of it. */
  void use(ParseResult options, Terminal terminal, Work work) throws Failure, InterruptedException {
    Interruption.interruptible(() -> {
      TouchPrompt prompt = new TouchPrompt(terminal, PATIENCE);
      try (TraceFile trace = TraceFile.of(options);
          OpenKey open = open(chosen(options.matchedOptionValue("--key", null)), prompt, trace)) {
        work.with(open, prompt.deadline());
        return Exit.DONE;
      } catch (IOException e) {
        throw failure(e);
      } finally {
        prompt.end();
      }
    });
  }

  /** Opens a key that was chosen, for as long as the prompt lasts. */
  OpenKey open(HidKey key, TouchPrompt prompt, TraceFile trace)
      throws Failure, InterruptedException {
    try {
      return connect(key, prompt, trace, prompt.deadline());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The same, for who deals with what may go wrong. */
  OpenKey connect(HidKey key, CtapHidDevice.Listener listener, TraceFile trace, Deadline deadline)
      throws IOException, InterruptedException {
    HidConnection opened = finder.open(key, deadline);
    HidConnection connection;
    try {
      connection = trace.of(key, opened);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    return new OpenKey(key, connection, CtapHidDevice.open(connection, listener, deadline));
  }

  /**
   * The key at a path.
   *
   * @param path null for the only key there is
   */
  HidKey chosen(@Nullable String path) throws Failure, InterruptedException {
    List<HidKey> keys = all();
    if (path == null && keys.size() > 1) {
      throw new Failure(
          Exit.USAGE,
          keys.size() + " keys are plugged in; --key PATH says which one:",
          paths(keys));
    }
    return keys.stream()
        .filter(key -> path == null || key.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new Failure(
            Exit.NO_KEY,
            "there is no key at %s; these are plugged in:".formatted(path),
            paths(keys)));
  }

  private static List<String> paths(List<HidKey> keys) {
    return keys.stream().map(key -> "  " + key.path() + "  " + name(key)).toList();
  }

  static String ids(HidKey key) {
    return "%04x:%04x".formatted(key.vendorId(), key.productId());
  }

  static void write(HidKey key, JsonGenerator json) throws IOException {
    json.writeStringField("path", key.path());
    json.writeStringField("vendorId", "%04x".formatted(key.vendorId()));
    json.writeStringField("productId", "%04x".formatted(key.productId()));
    json.writeStringField("manufacturer", key.manufacturer());
    json.writeStringField("product", key.product());
    json.writeStringField("serialNumber", key.serialNumber());
  }

  /** All that tells it from others. */
  static String name(HidKey key) {
    return Stream.of(ids(key), key.manufacturer(), key.product(), key.serialNumber())
        .filter(text -> !text.isEmpty())
        .reduce((a, b) -> a + " " + b)
        .orElse("");
  }

  static Failure failure(IOException e) {
    return failure(exit(e), e.getMessage() == null ? e.toString() : e.getMessage(), e);
  }

  /** The first line of what is wrong, and below it the others: what to do may take several. */
  static Failure failure(Exit exit, String message, Exception cause) {
    List<String> lines = message.lines().toList();
    return new Failure(exit, lines.get(0), lines.subList(1, lines.size()), cause);
  }

  /** How a run ends that a key, or the way to it, did not let come to its end. */
  static Exit exit(@Nullable Throwable problem) {
    if (problem instanceof DeadlineException) {
      return Exit.NO_KEY;
    }
    if (problem instanceof AccessException access) {
      return switch (access.problem().name()) {
        case U2F_OFF -> Exit.REFUSED;
        case NO_NATIVE_LIBRARY, NATIVE_ACCESS_OFF -> Exit.ITSELF;
        default -> Exit.NO_KEY;
      };
    }
    return Exit.REFUSED;
  }
}
