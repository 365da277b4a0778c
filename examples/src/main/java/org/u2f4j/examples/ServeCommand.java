package org.u2f4j.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.examples.State.Site;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.RegistrationStoreException;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f serve-register} and {@code u2f serve-sign}: the relying party on one terminal. */
final class ServeCommand implements Command {
  private static final String ACCOUNT = "me";
  private static final String APP_ID = "https://example.com";

  private final boolean register;
  private final String name;

  ServeCommand(boolean register) {
    this.register = register;
    this.name = register ? "serve-register" : "serve-sign";
  }

  @Override
  public CommandSpec spec() {
    String start = "u2f serve-%s start --state site".formatted(register ? "register" : "sign");
    String client = register ? "u2f register" : "u2f sign";
    CommandSpec spec = Command.spec(
        name,
        register ? "Plays the web site that registers a key" : "Plays the web site that signs in",
        "\"start\" prints a request for \"" + client + "\" on standard output; \"finish\" reads the"
            + " response from standard input, makes every check of a relying party, and tells the"
            + " result. What was asked, and the registrations with their counters, are in the state"
            + " file, which both commands share. A response counts once, for five minutes."
            + (register ? " Whom to trust with attestation is said to \"finish\"." : ""),
        register ? "%nExamples:" : "%nExamples, after those of \"u2f serve-register --help\":",
        "  " + start + " |",
        "    " + client + " --origin https://example.com --soft my.key |",
        "    u2f " + name + " finish --state site");
    spec.addPositional(PositionalParamSpec.builder()
        .index("0")
        .arity("1")
        .required(true)
        .type(String.class)
        .paramLabel("STEP")
        .description("start or finish.")
        .build());
    spec.addOption(Command.option(
            Path.class,
            "FILE",
            "Keep the state in FILE, which start makes if there is none. Whoever can write FILE can"
                + " sign in.",
            "--state")
        .required(true)
        .build());
    spec.addOption(Command.option(
            String.class,
            "NAME",
            "start: whose key it is to be. Default: " + ACCOUNT + ".",
            "--account")
        .build());
    spec.addOption(Command.option(
            String.class,
            "ID",
            "start: the AppID. Default: that of the last start, at first " + APP_ID + ".",
            "--app-id")
        .build());
    spec.addOption(Command.option(
            List.class,
            "ORIGIN",
            "start: an origin that may use the AppID; can be given several times. Default: those of"
                + " the last start, or the AppID's own.",
            "--facet")
        .auxiliaryTypes(String.class)
        .build());
    if (register) {
      Trust.addOptions(spec);
    }
    spec.addOption(
        Command.flag("finish: print the result as one JSON object.", "--json").build());
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    String step = options.matchedPositionalValue(0, "");
    Path path = options.matchedOptionValue("--state", Path.of(""));
    if (path.toString().isBlank()) {
      throw new Failure(Exit.USAGE, "--state is the name of a file, not \"" + path + "\"");
    }
    try {
      switch (step) {
        case "start" -> start(options, path, terminal);
        case "finish" -> finish(options, path, terminal);
        default -> throw new Failure(Exit.USAGE, "STEP is start or finish, not \"" + step + "\"");
      }
      return Exit.DONE;
    } catch (RegistrationStoreException e) {
      throw new Failure(
          Exit.ITSELF, "the state cannot be kept in %s: %s".formatted(path, e.getMessage()), e);
    } catch (IOException e) {
      throw new Failure(
          Exit.BROKEN, "the state in %s cannot be used: %s".formatted(path, Terminal.reason(e)), e);
    }
  }

  private void start(ParseResult options, Path path, Terminal terminal)
      throws Failure, IOException, InterruptedException {
    String account = options.matchedOptionValue("--account", ACCOUNT);
    if (account.isBlank()) {
      throw new Failure(Exit.USAGE, "--account is a name, not \"" + account + "\"");
    }
    if (register && Trust.isSaid(options)) {
      throw new Failure(Exit.USAGE, "whom to trust is said to finish, which checks, not to start");
    }
    try (State state = State.open(path)) {
      Site site = site(options, state.site());
      RelyingParty relyingParty = relyingParty(site, state, AttestationTrust.acceptAny());
      if (!site.equals(state.site())) {
        state.site(site);
      }
      if (!register && state.registrations(account).isEmpty()) {
        throw new Failure(
            Exit.REFUSED,
            "%s has no key for %s yet; \"u2f serve-register\" registers one"
                .formatted(path, account));
      }
      String request;
      if (register) {
        PendingRegistration pending = relyingParty.startRegistration(account);
        state.keep(pending.challenge(), pending.toJson(), pending.expiresAt());
        request = pending.requestJson();
      } else {
        PendingAuthentication pending = relyingParty.startAuthentication(account);
        state.keep(pending.challenge(), pending.toJson(), pending.expiresAt());
        request = pending.requestJson();
      }
      terminal.out().println(request);
    }
  }

  private static Site site(ParseResult options, @Nullable Site last) {
    String appId = options.matchedOptionValue("--app-id", last == null ? APP_ID : last.appId());
    List<String> known = last == null || !last.appId().equals(appId) ? List.of() : last.facets();
    return new Site(appId, List.copyOf(options.matchedOptionValue("--facet", known)));
  }

  private static RelyingParty relyingParty(Site site, State state, AttestationTrust trust)
      throws Failure {
    try {
      RelyingParty.Builder builder =
          RelyingParty.builder(new AppId(site.appId()), state, trust).engine(EcdsaEngine.jdk());
      String[] facets = site.facets().toArray(String[]::new);
      return (facets.length == 0 ? builder : builder.facets(facets)).build();
    } catch (IllegalArgumentException e) {
      throw new Failure(Exit.USAGE, e.getMessage() + ": --facet", e);
    }
  }

  private void finish(ParseResult options, Path path, Terminal terminal)
      throws Failure, IOException, InterruptedException {
    for (String option : List.of("--account", "--app-id", "--facet")) {
      if (options.hasMatchedOption(option)) {
        throw new Failure(Exit.USAGE, option + " goes with start; the state file has it");
      }
    }
    AttestationTrust trust = register ? Trust.of(options, terminal) : AttestationTrust.acceptAny();
    String what = "the response of \"u2f %s\" (JSON)".formatted(register ? "register" : "sign");
    Bytes text = Bytes.of(terminal.read(null, what));
    boolean json = Command.has(options, "--json");
    if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw nothingAsked(path);
    }
    try (State state = State.open(path)) {
      Site site = state.site();
      if (site == null) {
        throw nothingAsked(path);
      }
      Answer answer = new Answer(relyingParty(site, state, trust), state, name);
      String result = register ? answer.registered(text, json) : answer.signed(text, json);
      if (json) {
        terminal.json(result);
      } else {
        terminal.out().println(result);
      }
    } catch (FormatException e) {
      throw answered(
          json,
          terminal,
          "MALFORMED",
          Exit.BROKEN,
          "this is not " + what + ": " + e.getMessage(),
          e);
    } catch (ErrorCodeException e) {
      String sentence = "the client answered with an error: %s; \"u2f %s start\" asks again"
          .formatted(e.getMessage(), name);
      throw answered(json, terminal, "CLIENT_ERROR", Exit.REFUSED, sentence, e);
    } catch (VerificationException e) {
      String sentence = "refused: %s (%s)".formatted(e.getMessage(), e.reason());
      throw answered(json, terminal, e.reason().name(), Exit.REFUSED, sentence, e);
    }
  }

  private Failure nothingAsked(Path path) {
    return new Failure(
        Exit.REFUSED, "nothing was asked: \"u2f %s start\" makes %s".formatted(name, path));
  }

  /** A program that asked for JSON gets the refusal there, too. */
  private static Failure answered(
      boolean json, Terminal terminal, String reason, Exit exit, String sentence, Exception cause) {
    if (json) {
      terminal.json(Answer.refusal(reason, String.valueOf(cause.getMessage())));
    }
    return new Failure(exit, sentence, cause);
  }
}
