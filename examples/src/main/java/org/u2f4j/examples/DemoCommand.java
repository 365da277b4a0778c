package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.TraceTransport;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.U2fClient;
import org.u2f4j.examples.Field.Section;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;
import org.u2f4j.soft.Defect;
import org.u2f4j.soft.SoftwareKey;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f demo}: one registration and two sign-ins, both sides played here, all shown. */
final class DemoCommand implements Command {
  private static final AppId APP_ID = new AppId("https://demo.example");
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String NOTE =
      "These are the demo's own checks. The whole of a relying party's half belongs to the module"
          + " u2f-verifier, which is still empty.";

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
    boolean late = false;
    if (defect != null) {
      Defect given = defect(defect);
      key = key.withDefect(given);
      late = given == Defect.SLOW || given == Defect.MUTE;
    }
    boolean json = Command.has(options, "--json");
    Checks checks = new Checks();
    Loop loop = new Loop(terminal, key, json, late && terminal.errIsTerminal(), checks);
    try {
      Interruption.interruptible(() -> loop.finish());
    } catch (Failure e) {
      if (json) {
        terminal.json(loop.json(e));
      }
      throw e;
    }
    if (json) {
      terminal.json(loop.json(null));
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

  private static void print(Checks checks, Terminal terminal) {
    terminal.out().println(terminal.heading("Checked"));
    for (Checks.Check check : checks.all()) {
      String verdict = check.good() ? terminal.good("ok    ") : terminal.bad("FAILED");
      terminal.out().println("  " + verdict + "  " + check.what());
    }
    terminal.out().println();
    terminal.out().println(NOTE);
  }

  /** The relying party, the client and the key in one place. */
  private static final class Loop implements TraceTransport.Listener {
    private final SecureRandom random = new SecureRandom();
    private final Terminal terminal;
    private final Listing listing;
    private final boolean quiet;
    private final boolean late;
    private final Checks checks;
    private final Transport key;
    private final U2fClient client =
        new U2fClient(FacetRule.sameHost(), new TouchPolling(TouchPolling.SILENT));
    private final List<Section> passed = new ArrayList<>();
    private boolean silent;
    private @Nullable String registered;
    private @Nullable String signed;

    Loop(Terminal terminal, Transport key, boolean quiet, boolean late, Checks checks) {
      this.terminal = terminal;
      this.listing = new Listing(terminal);
      this.quiet = quiet;
      this.late = late;
      this.checks = checks;
      this.key = new TraceTransport(key, this);
    }

    boolean finish() throws Failure, InterruptedException {
      try {
        run();
        return checks.allGood();
      } catch (ErrorCodeException e) {
        Exit exit = e.code() == ErrorCode.TIMEOUT ? Exit.NO_KEY : Exit.REFUSED;
        throw new Failure(exit, String.valueOf(e.getMessage()), e);
      } catch (FormatException e) {
        throw new Failure(Exit.REFUSED, "a message does not parse: " + e.getMessage(), e);
      }
    }

    private void run() throws ErrorCodeException, FormatException, InterruptedException {
      heading("1. Register: the relying party asks, the key makes a key pair for it.");
      RegisterRequest request = new RegisterRequest(APP_ID, challenge(), List.of());
      show("request to the client", request.toJson());
      RegisterResponse registration;
      try {
        sayThatItTakesLong();
        registration = client.register(request, APP_ID.value(), key, Deadline.after(PATIENCE));
        show("client data", registration.clientData());
      } finally {
        showPassed();
      }
      registered = registration.toJson();
      show("response to the relying party", registered);
      checks.registration(request.challenge(), APP_ID, registration);

      heading("2. Sign in: the relying party asks, the key signs with that key pair.");
      long counter = signIn(registration, 0);

      heading("3. Sign in again: only the counter is of interest, so nothing else is shown.");
      silent = true;
      signIn(registration, counter);
    }

    private long signIn(RegisterResponse registration, long lastCounter)
        throws ErrorCodeException, FormatException, InterruptedException {
      SignRequest request = new SignRequest(
          APP_ID,
          challenge(),
          List.of(new RegisteredKey(registration.registration().keyHandle())));
      show("request to the client", request.toJson());
      SignResponse response;
      try {
        sayThatItTakesLong();
        response = client.sign(request, APP_ID.value(), key, Deadline.after(PATIENCE));
        show("client data", response.clientData());
      } finally {
        showPassed();
      }
      signed = response.toJson();
      show("response to the relying party", signed);
      checks.authentication(
          request.challenge(), APP_ID, registration.registration(), response, lastCounter);
      return response.authentication().counter();
    }

    private String challenge() {
      byte[] bytes = new byte[32];
      random.nextBytes(bytes);
      return Bytes.of(bytes).base64Url();
    }

    private void heading(String text) {
      if (!quiet) {
        terminal.out().println(terminal.heading(text));
        terminal.out().println();
      }
    }

    private void sayThatItTakesLong() {
      terminal.out().flush();
      if (late) {
        terminal.say("waiting for the key");
      }
    }

    private void show(Section section) {
      if (!quiet && !silent) {
        listing.print(section);
      }
    }

    /** What went to the key and came back: shown after the client data, though made before. */
    private void showPassed() {
      passed.forEach(this::show);
      passed.clear();
    }

    private void show(String title, String json) throws FormatException {
      show(Layout.json(title, Bytes.utf8(json)));
    }

    private void show(String title, ClientData clientData) throws FormatException {
      show(Layout.json(title, clientData.bytes()));
    }

    @Override
    public void sent(CommandApdu command) {
      try {
        passed.add(Layout.command(command.encode()));
      } catch (FormatException e) {
        throw new IllegalStateException("what was encoded decodes", e);
      }
    }

    @Override
    public void received(CommandApdu command, ResponseApdu response) {
      try {
        passed.addAll(Layout.response(response.encode()));
      } catch (FormatException e) {
        throw new IllegalStateException("what was decoded decodes again", e);
      }
    }

    String json(@Nullable Failure failure) {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
        json.writeStartObject();
        json.writeBooleanField("ok", failure == null && checks.allGood());
        if (failure != null) {
          json.writeStringField("error", failure.getMessage());
        }
        json.writeArrayFieldStart("checks");
        for (Checks.Check check : checks.all()) {
          json.writeStartObject();
          json.writeStringField("check", check.what());
          json.writeBooleanField("ok", check.good());
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("note", NOTE);
        if (registered != null) {
          json.writeFieldName("registration");
          json.writeRawValue(registered);
        }
        if (signed != null) {
          json.writeFieldName("authentication");
          json.writeRawValue(signed);
        }
        json.writeEndObject();
      } catch (IOException e) {
        throw new IllegalStateException("a string takes whatever is written", e);
      }
      return text.toString();
    }
  }
}
