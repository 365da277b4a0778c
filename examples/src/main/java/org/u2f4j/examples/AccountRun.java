package org.u2f4j.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.account.AuthenticatorApp;
import org.u2f4j.examples.account.Client;
import org.u2f4j.examples.account.Devices;
import org.u2f4j.examples.account.Factor;
import org.u2f4j.examples.account.Profile;
import org.u2f4j.examples.account.Prompt;
import org.u2f4j.examples.account.Refusal;
import org.u2f4j.examples.account.RefusedException;
import org.u2f4j.examples.account.SecurityKey;
import picocli.CommandLine.ParseResult;

/** One run of {@code u2f account}: the verbs, with whoever is signed in. */
final class AccountRun {
  private static final Client CLIENT = AccountSignIn.CLIENT;

  private final Accounts accounts;
  private final AccountSignIn signIn;
  private final AccountKey key;
  private final Dialogue dialogue;
  private final AccountReport report;
  private final Terminal terminal;
  private final ParseResult options;

  AccountRun(
      Accounts accounts,
      AccountSignIn signIn,
      AccountKey key,
      AccountReport report,
      Terminal terminal,
      ParseResult options) {
    this.accounts = accounts;
    this.signIn = signIn;
    this.key = key;
    this.report = report;
    this.terminal = terminal;
    this.options = options;
    this.dialogue = new Dialogue(terminal);
  }

  void run(AccountVerb verb) throws Failure, RefusedException, InterruptedException {
    switch (verb) {
      case CREATE -> signIn.create(argument(0, "E-mail address: "));
      case SIGN_IN -> signIn.signIn(argument(0, "E-mail address: "));
      case SIGN_OUT -> signIn.signOut();
      case STATUS -> report.overview(overview());
      case CONFIRM -> signIn.confirm();
      case KEYS -> report.keys(accounts.keys().list(signIn.session()));
      case ADD_KEY -> addKey();
      case RENAME_KEY -> renameKey();
      case REMOVE_KEY -> removeKey();
      case CLEAR_WARNING -> clearWarning();
      case ADD_APP -> addApp();
      case REMOVE_APP -> removeApp();
      case RECOVERY_CODES -> recoveryCodes();
      case DEVICES -> report.devices(accounts.devices().list(signIn.session()));
      case FORGET_DEVICE -> forgetDevice();
      case HISTORY -> report.history(accounts.history().list(signIn.session()));
      case PASSWORD -> signIn.changePassword();
      case TWO_FACTOR_OFF -> turnOff();
    }
  }

  /** What the command line says, else what the person says. */
  private String argument(int index, String question) throws Failure {
    String given = options.matchedPositionalValue(index, null);
    return given == null ? dialogue.ask(question) : given;
  }

  private void addKey() throws Failure, RefusedException, InterruptedException {
    accounts.keys().list(signIn.session()); // before a name is asked for in vain
    String name = argument(0, "Name of the key: ");
    @Nullable Path soft = options.matchedOptionValue("--soft", null);
    if (soft != null) {
      signIn.requireProofWithout(soft);
    }
    String before = signIn.session();
    Prompt prompt = signIn.proven(session -> accounts.keys().startAdd(session, name));
    String session = signIn.session();
    if (!session.equals(before) && soft == null) {
      dialogue.say("Now plug in the key that is to be added, and touch that one.");
    }
    AccountKey.Answer answer = key.create(prompt);
    SecurityKey added;
    try {
      added = accounts.keys().finishAdd(CLIENT, session, prompt.ceremony(), answer.json());
    } catch (RefusedException e) {
      throw AccountFailure.of(e, answer.problem());
    }
    report.result(
        json -> AccountReport.write(added, json), "Your security key was successfully registered.");
    adviseWithoutCodes();
  }

  /** Whoever has only what can be lost is told what helps then. */
  private void adviseWithoutCodes() throws Failure, RefusedException, InterruptedException {
    Profile.Overview overview = overview();
    if (overview.recoveryCodesLeft() == 0) {
      dialogue.say(
          "For the day when you lose it: \"u2f account recovery-codes\" makes codes to keep,");
      dialogue.say("and \"u2f account add-key\" adds %s key."
          .formatted(overview.factors().contains(Factor.KEY) ? "another" : "a"));
    }
  }

  /** By a name that is asked for only if somebody is signed in. */
  private SecurityKey findKey() throws Failure, RefusedException, InterruptedException {
    List<SecurityKey> keys = accounts.keys().list(signIn.session());
    String name = argument(0, "Name of the key: ");
    return keys.stream()
        .filter(one -> one.name().equals(name.strip()))
        .findFirst()
        .orElseThrow(() -> new Failure(
            Exit.REFUSED,
            "your account has no key \"%s\"; \"u2f account keys\" lists them".formatted(name)));
  }

  private void renameKey() throws Failure, RefusedException, InterruptedException {
    SecurityKey found = findKey();
    String name = argument(1, "New name: ");
    accounts.keys().rename(CLIENT, signIn.session(), found.id(), name);
    report.done("The key \"%s\" is now \"%s\".".formatted(found.name(), name.strip()));
  }

  private void removeKey() throws Failure, RefusedException, InterruptedException {
    SecurityKey found = findKey();
    accounts.profile().requireAnotherFactor(signIn.session()); // before it is asked for nothing
    requireMeant("Remove the key \"%s\", so that it no longer signs in?".formatted(found.name()));
    signIn.proven(session -> {
      accounts.keys().remove(CLIENT, session, found.id());
      return true;
    });
    report.done(
        "The key \"%s\" is removed; all other sessions have ended, and remembered devices are"
                .formatted(found.name())
            + " forgotten.");
  }

  private void requireMeant(String question) throws Failure {
    if (!Command.has(options, "--yes") && !dialogue.yes(question)) {
      throw new Failure(Exit.REFUSED, "nothing has changed");
    }
  }

  private void clearWarning() throws Failure, RefusedException, InterruptedException {
    SecurityKey found = findKey();
    if (found.warning() == null) {
      throw new Failure(
          Exit.REFUSED, "there is no warning about the key \"%s\"".formatted(found.name()));
    }
    signIn.proven(session -> {
      accounts.keys().clearWarning(CLIENT, session, found.id());
      return true;
    });
    report.done("The warning about the key \"%s\" is cleared.".formatted(found.name()));
  }

  private void addApp() throws Failure, RefusedException, InterruptedException {
    if (overview().factors().contains(Factor.APP)) {
      dialogue.say(
          "This takes the place of the app that you have: its codes will no longer count.");
    }
    AuthenticatorApp.SetUp setUp = signIn.proven(session -> accounts.app().start(session));
    if (Command.has(options, "--json")) {
      report.result(
          json -> {
            json.writeStringField("secret", setUp.secret());
            json.writeStringField("uri", setUp.uri());
          },
          "");
    } else {
      terminal.err().print(setUp.qrCode().text(terminal.colours() && terminal.errIsTerminal()));
      dialogue.say("Scan this with your authenticator app, or type the secret there:");
      dialogue.say("  " + setUp.secret());
    }
    while (true) {
      String code = dialogue.ask("Code that the app shows, or Enter to give up: ");
      if (code.isEmpty()) {
        throw new Failure(Exit.REFUSED, "nothing has changed");
      }
      try {
        accounts.app().finish(CLIENT, signIn.session(), setUp.ceremony(), code);
        break;
      } catch (RefusedException e) {
        if (e.reason() != Refusal.CODE_WRONG) {
          throw e;
        }
        dialogue.say(AccountFailure.sentence(e)); // at the end of a script's input ask() gives up
      }
    }
    report.done("Your authenticator app is set up.");
    adviseWithoutCodes();
  }

  private void removeApp() throws Failure, RefusedException, InterruptedException {
    if (!overview().factors().contains(Factor.APP)) {
      throw new Failure(Exit.REFUSED, "your account has no authenticator app");
    }
    accounts.profile().requireAnotherFactor(signIn.session());
    requireMeant("Remove the authenticator app, so that its codes no longer sign in?");
    signIn.proven(session -> {
      accounts.app().remove(CLIENT, session);
      return true;
    });
    report.done("The authenticator app is removed; all other sessions have ended.");
  }

  private Profile.Overview overview() throws Failure, RefusedException, InterruptedException {
    return accounts.profile().overview(signIn.session());
  }

  private void recoveryCodes() throws Failure, RefusedException, InterruptedException {
    if (!overview().twoFactor()) {
      throw new Failure(
          Exit.REFUSED,
          "recovery codes stand in for a second factor, and your account has none yet:"
              + " u2f account add-key");
    }
    report.recoveryCodes(signIn.proven(session -> accounts.recoveryCodes().make(CLIENT, session)));
  }

  private void forgetDevice() throws Failure, RefusedException, InterruptedException {
    String session = signIn.session();
    List<Devices.Device> devices = accounts.devices().list(session);
    String number = argument(0, "Number of the device, as \"u2f account devices\" shows it: ");
    if (number.toLowerCase(Locale.ROOT).equals("all")) {
      accounts.devices().revokeAll(CLIENT, session);
      report.done("All devices are forgotten.");
      return;
    }
    int index = number.matches("[0-9]{1,4}") ? Integer.parseInt(number) : 0;
    if (index < 1 || index > devices.size()) {
      throw new Failure(
          Exit.REFUSED,
          "there is no device number \"%s\"; \"u2f account devices\" lists them".formatted(number));
    }
    accounts.devices().revoke(CLIENT, session, devices.get(index - 1).id());
    report.done(
        "The device \"%s\" is forgotten.".formatted(devices.get(index - 1).name()));
  }

  private void turnOff() throws Failure, RefusedException, InterruptedException {
    if (!overview().twoFactor()) {
      throw new Failure(Exit.REFUSED, "two-factor authentication is off already");
    }
    requireMeant(
        "Turn two-factor authentication off, and remove all keys, app and recovery codes?");
    signIn.proven(session -> {
      accounts.profile().turnOff(CLIENT, session);
      return true;
    });
    report.done("Two-factor authentication is off: only the password protects this account.");
  }
}
