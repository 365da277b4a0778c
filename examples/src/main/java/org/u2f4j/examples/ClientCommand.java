package org.u2f4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.TrustedFacets;
import org.u2f4j.client.U2fClient;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.SignRequest;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f register} and {@code u2f sign}: a relying party's request in, a response out. */
final class ClientCommand implements Command {
  enum Verb {
    REGISTER,
    SIGN
  }

  private final Verb verb;
  private final UsbKeys usb;

  ClientCommand(Verb verb, UsbKeys usb) {
    this.verb = verb;
    this.usb = usb;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = verb == Verb.REGISTER
        ? Command.spec(
            "register",
            "Registers a key with a web site",
            "Reads a register request of the U2F JavaScript API, has a key on USB or a software key"
                + " answer it, and prints the response, nothing else, on standard output.",
            "%nExamples:",
            "  echo '{\"version\":\"U2F_V2\",\"challenge\":\"7kV2bGx1\",",
            "    \"appId\":\"https://example.com\"}' | tee request.json |",
            "    u2f register --origin https://example.com --soft my.key | tee response.json",
            "  u2f inspect --file response.json",
            "  u2f register --origin https://example.com --soft my.key <request.json",
            "",
            "With a key on USB:",
            "  u2f register --origin https://example.com <request.json",
            "  u2f register --origin https://example.com --trace FILE <request.json")
        : Command.spec(
            "sign",
            "Signs in to a web site with a registered key",
            "Reads a sign request of the U2F JavaScript API, has a key on USB or a software key"
                + " answer it, and prints the response, nothing else, on standard output. The key"
                + " handle in the request is the one that \"u2f inspect\" shows of the response to the"
                + " registration.",
            "%nExamples, after those of \"u2f register --help\":",
            "  echo '{\"version\":\"U2F_V2\",\"challenge\":\"7kV2bGx1\",",
            "    \"appId\":\"https://example.com\",",
            "    \"keyHandle\":\"'$(u2f inspect --file response.json |",
            "      sed -n 's/.*for a sign request *//p')'\"}' | tee sign.json |",
            "    u2f sign --origin https://example.com --soft my.key",
            "  u2f sign --origin https://example.com --soft my.key <sign.json",
            "",
            "With a key on USB:",
            "  u2f sign --origin https://example.com <sign.json");
    if (verb == Verb.SIGN) {
      spec.aliases("authenticate");
    }
    spec.addOption(Command.option(
            String.class, "URL", "Origin of the web site, like https://example.com.", "--origin")
        .required(true)
        .build());
    spec.addOption(Command.option(
            Path.class, "FILE", "Read the request from FILE, not from standard input.", "--request")
        .build());
    Keys.addOptions(spec, verb == Verb.REGISTER);
    Keys.addTimeout(spec, "Give up after SECONDS, or sooner if the request says so.");
    spec.addOption(Command.flag(
            "Let the request name any AppID, without asking the AppID's owner whether this origin"
                + " may use it. Only for requests that you have made yourself.",
            "--trust-app-id")
        .build());
    spec.addOption(Command.flag(
            "Answer a failure on standard output too, as the API does: errorCode and errorMessage.",
            "--json")
        .build());
    TraceFile.addOptions(spec);
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  /** A request that was read: how to have it answered, and its own time limit. */
  private record Job(@Nullable Integer timeoutSeconds, Work work) {}

  private interface Work {
    String answer(U2fClient client, TouchPrompt prompt, TraceFile trace)
        throws ErrorCodeException, Failure, InterruptedException;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    String origin = Origin.checked(options.matchedOptionValue("--origin", ""));
    Keys keys = Keys.of(options, verb == Verb.REGISTER, usb);
    Duration timeout = Keys.timeout(options);
    try {
      try (TraceFile trace = TraceFile.of(options)) {
        terminal.out().println(answer(options, terminal, origin, keys, timeout, trace));
      } catch (IOException e) {
        throw new Failure(Exit.ITSELF, "the trace cannot be written: " + Terminal.reason(e), e);
      }
      return Exit.DONE;
    } catch (Failure e) {
      if (Command.has(options, "--json")) {
        terminal.json(asErrorCode(e).toJson());
      }
      throw e;
    }
  }

  private String answer(
      ParseResult options,
      Terminal terminal,
      String origin,
      Keys keys,
      Duration timeout,
      TraceFile trace)
      throws Failure, InterruptedException {
    Job job = read(options, terminal, origin, keys);
    TouchPrompt prompt = new TouchPrompt(terminal, sooner(timeout, job.timeoutSeconds()));
    FacetRule rule = Command.has(options, "--trust-app-id")
        ? FacetRule.trustedProgram()
        : FacetRule.trustedFacets(TrustedFacets.overHttp());
    U2fClient client = new U2fClient(rule, new TouchPolling(prompt));
    return Interruption.interruptible(() -> {
      try {
        return job.work().answer(client, prompt, trace);
      } catch (ErrorCodeException e) {
        throw explained(e, origin);
      } finally {
        prompt.end();
      }
    });
  }

  private static Duration sooner(Duration timeout, @Nullable Integer seconds) {
    Duration own = seconds == null ? timeout : Duration.ofSeconds(Math.max(seconds, 0));
    return own.compareTo(timeout) < 0 ? own : timeout;
  }

  private Job read(ParseResult options, Terminal terminal, String origin, Keys keys)
      throws Failure {
    String what = verb == Verb.REGISTER
        ? "a register request of the U2F JavaScript API (JSON)"
        : "a sign request of the U2F JavaScript API (JSON)";
    @Nullable Path file = options.matchedOptionValue("--request", null);
    Bytes text = Bytes.of(terminal.read(file, what));
    try {
      if (verb == Verb.REGISTER) {
        RegisterRequest request = RegisterRequest.decode(text);
        return new Job(request.timeoutSeconds(), (client, prompt, trace) -> {
          Deadline end = prompt.deadline();
          return keys.ask(
                  key -> client.register(request, origin, key, end),
                  race -> client.register(request, origin, race, end),
                  prompt,
                  trace)
              .toJson();
        });
      }
      SignRequest request = SignRequest.decode(text);
      return new Job(request.timeoutSeconds(), (client, prompt, trace) -> {
        Deadline end = prompt.deadline();
        return keys.ask(
                key -> client.sign(request, origin, key, end),
                race -> client.sign(request, origin, race, end),
                prompt,
                trace)
            .toJson();
      });
    } catch (FormatException e) {
      throw new Failure(Exit.BROKEN, "this is not " + what + ": " + e.getMessage(), e);
    }
  }

  private Failure explained(ErrorCodeException e, String origin) {
    boolean register = verb == Verb.REGISTER;
    String cure = switch (e.code()) {
      case TIMEOUT -> blocked(e) ? "" : "; --timeout gives more time";
      case DEVICE_INELIGIBLE ->
        register
            ? "; use another key"
            : "; use the key that was registered, under the AppID that it was registered for";
      case BAD_REQUEST ->
        e.getCause() instanceof IOException fetching
            ? "; only that list could let " + origin + " use this AppID" + network(fetching)
            : "; give the right --origin, or --trust-app-id if the request is your own";
      default -> "";
    };
    Exit exit = e.code() == ErrorCode.BAD_REQUEST ? Exit.REFUSED : UsbKeys.exit(e.getCause());
    return UsbKeys.failure(exit, e.getMessage() + cure, e);
  }

  /** Whether keys were there that could not be used, which more time does not mend. */
  private static boolean blocked(ErrorCodeException e) {
    return e.getCause() != null && e.getCause().getSuppressed().length > 0;
  }

  private static String network(IOException e) {
    boolean silence = e instanceof DeadlineException || e.getCause() instanceof IOException;
    return silence ? "; is the network reachable?" : "";
  }

  private static ErrorCodeException asErrorCode(Failure failure) {
    if (failure.getCause() instanceof ErrorCodeException e) {
      return e;
    }
    if (failure.getCause() instanceof DeadlineException) {
      return new ErrorCodeException(
          ErrorCode.TIMEOUT, String.valueOf(failure.getMessage()), failure);
    }
    ErrorCode code = switch (failure.exit) {
      case BROKEN -> ErrorCode.BAD_REQUEST;
      case NO_KEY -> ErrorCode.CONFIGURATION_UNSUPPORTED;
      default -> ErrorCode.OTHER_ERROR;
    };
    return new ErrorCodeException(code, String.valueOf(failure.getMessage()), failure);
  }
}
