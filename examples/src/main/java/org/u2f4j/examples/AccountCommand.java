package org.u2f4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.AccountSettings;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.account.DatabaseException;
import org.u2f4j.examples.account.RefusedException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f account}: an account with a password and a second factor, in the terminal. */
final class AccountCommand implements Command {
  static final String NAME = "account";

  private final UsbKeys usb;

  AccountCommand(UsbKeys usb) {
    this.usb = usb;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        NAME,
        "Keeps an account that a password and a security key protect",
        "Everything that the account page of a password manager offers: keys, an authenticator app,"
            + " recovery codes, remembered devices, a history. Without a command it shows a menu, on a"
            + " terminal. \"u2f account COMMAND --help\" tells more.",
        "%nExamples:",
        "  u2f account create alice@example.org",
        "  u2f account add-key 'blue key'",
        "  u2f account sign-in alice@example.org",
        "  u2f account keys",
        "",
        "Without a key at hand, with one in a file:",
        "  u2f account add-key 'file key' --soft my.key",
        "  u2f account sign-in alice@example.org --soft my.key");
    spec.usageMessage().synopsisSubcommandLabel("COMMAND");
    spec.usageMessage().commandListHeading("%nCommands:%n");
    addSigningIn(spec, true);
    AccountOptions.add(spec);
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    for (AccountVerb verb : AccountVerb.values()) {
      spec.addSubcommand(verb.word, spec(verb));
    }
    return spec;
  }

  private static CommandSpec spec(AccountVerb verb) {
    CommandSpec spec =
        Command.spec(verb.word, verb.header, verb.description, "%nExamples:", "  " + verb.example);
    for (String argument : verb.arguments()) {
      spec.addPositional(PositionalParamSpec.builder()
          .paramLabel(argument)
          .arity("0..1")
          .type(String.class)
          .description("Asked for if it is not given.")
          .build());
    }
    if (verb.asksForPassword()) {
      spec.addOption(Command.option(
              Path.class,
              "FILE",
              "Take the password from the first line of FILE. Otherwise it is asked for; a script"
                  + " may write it, and other answers, to standard input, a line each.",
              "--password-file")
          .build());
    }
    if (verb == AccountVerb.PASSWORD) {
      spec.addOption(Command.option(
              Path.class, "FILE", "Take the new password from there.", "--new-password-file")
          .build());
    }
    if (verb == AccountVerb.SIGN_IN) {
      spec.addOption(
          Command.flag("Remember this device: for 30 days it needs no second factor.", "--remember")
              .build());
    }
    if (verb.asksForFactors()) {
      addSigningIn(spec, verb == AccountVerb.ADD_KEY);
    }
    if (verb.asksWhetherMeant()) {
      spec.addOption(Command.flag("Do not ask whether that is meant.", "--yes").build());
    }
    AccountOptions.add(spec);
    spec.addOption(Command.flag(
            "Print JSON, one object a line; of a failure, too: error and errorMessage.", "--json")
        .build());
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  private static void addSigningIn(CommandSpec spec, boolean makeKey) {
    spec.addOption(Command.option(
            String.class,
            "FACTOR",
            "Which second factor to ask for first: key, app or recovery-code. Default: key, if"
                + " there is one.",
            "--with")
        .build());
    Keys.addOptions(spec, makeKey);
    Keys.addTimeout(spec, "Wait SECONDS for the key.");
    TraceFile.addOptions(spec);
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    boolean alone = !options.commandSpec().subcommands().isEmpty();
    if (alone && !terminal.inIsTerminal()) {
      throw new Failure(
          Exit.USAGE,
          "the menu needs a terminal to ask on; elsewhere name a COMMAND, like \"u2f account status\"");
    }
    try {
      run(alone ? null : AccountVerb.of(options.commandSpec().name()), options, terminal);
      return Exit.DONE;
    } catch (Failure e) {
      if (Command.has(options, "--json") && e.exit != Exit.USAGE) {
        terminal.json(AccountFailure.json(e));
      }
      throw e;
    }
  }

  /** Whatever needs an account makes no database: it would find none in it. */
  private static Accounts open(@Nullable AccountVerb verb, AccountSettings settings)
      throws Failure, IOException {
    if (verb != null && verb != AccountVerb.CREATE) {
      AccountOptions.requireAccounts(settings);
    }
    return Accounts.open(settings);
  }

  /** Does one thing, or whatever a person chooses. */
  private void run(@Nullable AccountVerb verb, ParseResult options, Terminal terminal)
      throws Failure, InterruptedException {
    AccountSettings settings = AccountOptions.settings(options);
    Keys keys = Keys.of(options, verb == null || verb == AccountVerb.ADD_KEY, usb);
    Duration timeout = Keys.timeout(options);
    String origin = settings.site().origins().get(0);
    try (TraceFile trace = TraceFile.of(options);
        Accounts accounts = open(verb, settings)) {
      SessionFile file = new SessionFile(AccountOptions.folder(options), settings.database());
      AccountKey key = new AccountKey(keys, origin, timeout, trace, terminal);
      AccountReport report = new AccountReport(terminal, Command.has(options, "--json"));
      AccountSignIn signIn = new AccountSignIn(accounts, file, key, report, terminal, options);
      AccountRun run = new AccountRun(accounts, signIn, key, report, terminal, options);
      if (verb == null) {
        new AccountMenu(run, signIn, terminal).show();
      } else {
        run.run(verb);
      }
    } catch (RefusedException e) {
      throw AccountFailure.of(e);
    } catch (DatabaseException e) {
      throw new Failure(Exit.ITSELF, e.getMessage() + "; nothing has changed: try again", e);
    } catch (IOException e) {
      throw new Failure(Exit.ITSELF, Terminal.reason(e), e);
    }
  }
}
