package org.u2f4j.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.LineVerifier.Result;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f verify}: a verdict for each line of registrations and authentications. */
final class VerifyCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        "verify",
        "Verifies registrations and authentications, line by line",
        "Reads JSON Lines and prints one result for each line, in order, as soon as it is there: id,"
            + " line, result (accept or reject), then what was learnt, or reason and detail. A line"
            + " that cannot be read is rejected with the reason UNREADABLE; blank lines are passed"
            + " over. A line has at most " + LineReader.MAX_LENGTH
            + " bytes, eight levels, and these members, by"
            + " themselves or in an object \"inputs\"; others are ignored:%n%n"
            + "  id  a string or a number; without it, the number of the line%n"
            + "  kind  registration, authentication, or registration-parse, which checks%n"
            + "    nothing but the form of registrationData, --require-trust or not; and%n"
            + "    webauthn-registration, webauthn-assertion, webauthn-registration-parse%n"
            + "  appId, challenge, clientData  (base64) of the request and the response%n"
            + "  facets  origins that may use the AppID; without it, the AppID's own%n"
            + "  registrationData  (base64) of a registration%n"
            + "  signatureData  (base64) of an authentication, with publicKey (hex, 65%n"
            + "    bytes), storedCounter (without it, or null, any counter passes) and%n"
            + "    keyHandle (base64)%n"
            + "  applicationParameter, challengeParameter  (hex) in place of appId and%n"
            + "    clientData; with them, they have to agree%n%n"
            + "and of WebAuthn:%n%n"
            + "  rpId, origins, challenge, clientDataJSON  (base64) of options and response;%n"
            + "    without origins, https:// and the RP ID%n"
            + "  attestationObject  (base64) of a registration%n"
            + "  authenticatorData, signature  (base64) of an assertion, with publicKey (hex),%n"
            + "    storedCounter, and appId if the AppID was asked for too%n"
            + "  credentialId  (base64) of both%n"
            + "  rpIdHash, clientDataHash  (hex) in place of rpId and clientDataJSON; with%n"
            + "    them, they have to agree. Kinds that end in -hash are the same as without.%n%n"
            + "\"leftOut\" names the checks for which a line has not enough. Each line stands for"
            + " itself: no counter and no key handle is remembered for the next one.",
        "%nExamples, after those of \"u2f register --help\":",
        "  sed 's|^{|{\"kind\":\"registration\",\"challenge\":\"7kV2bGx1\",|",
        "    s|^{|{\"appId\":\"https://example.com\",|' response.json | tee lines |",
        "    u2f verify",
        "  u2f verify --engine best lines");
    spec.addPositional(PositionalParamSpec.builder()
        .index("0")
        .arity("0..1")
        .type(Path.class)
        .paramLabel("FILE")
        .description("Read the lines from FILE; without it, or with -, from standard input.")
        .build());
    Trust.addOptions(spec);
    spec.addOption(Command.option(
            String.class,
            "NAME",
            "What verifies signatures: " + Engines.NAMES + ". Default: auto, which changes from jdk"
                + " to best after " + Engines.FIRST_STAGE_LINES + " lines.",
            "--engine")
        .build());
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    Engines engines = Engines.named(options.matchedOptionValue("--engine", "auto"));
    LineVerifier verifier = new LineVerifier(Trust.of(options, terminal), engines);
    @Nullable Path file = options.matchedPositionalValue(0, null);
    if (file != null && file.toString().equals("-")) {
      file = null;
    }
    if (file == null && terminal.inIsTerminal()) {
      terminal.say("Paste JSON Lines here and end with Ctrl-D on a line of its own.");
    }
    Tally tally = new Tally(terminal);
    InOrder<Result> inOrder =
        new InOrder<>(verifier::verify, Runtime.getRuntime().availableProcessors());
    String where = file == null ? "standard input" : file.toString();
    // neither is closed: a reader may wait in it, and the process ends with this
    InputStream in = file == null ? terminal.in() : open(file);
    boolean toTheEnd = Interruption.interruptible(() -> {
      try {
        return inOrder.run(new LineReader(in), (result, waiting) -> {
          tally.count(result.outcome());
          terminal.json(result.json());
          return !waiting || !terminal.out().checkError(); // which flushes
        });
      } catch (IOException e) {
        throw unreadable(where, e);
      } finally {
        terminal.out().flush();
        tally.clear();
      }
    });
    if (!toTheEnd) {
      return Exit.PIPE;
    }
    terminal.say(tally.sentence() + "; engine: " + engines.description());
    return tally.exit();
  }

  private static InputStream open(Path file) throws Failure {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  private static Failure unreadable(String where, IOException e) {
    return new Failure(Exit.BROKEN, where + " cannot be read: " + Terminal.reason(e), e);
  }
}
