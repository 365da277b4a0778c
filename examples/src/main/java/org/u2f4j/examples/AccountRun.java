package org.u2f4j.examples;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
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
import org.u2f4j.examples.account.Step;
import picocli.CommandLine.ParseResult;

/** One run of {@code u2f account}: the verbs, with whoever is signed in. */
final class AccountRun {
  private static final Client CLIENT = new Client(
      "this computer",
      "terminal of %s on %s"
          .formatted(System.getProperty("user.name"), System.getProperty("os.name")));

  private final Accounts accounts;
  private final SessionFile file;
  private final AccountKey key;
  private final Dialogue dialogue;
  private final AccountReport report;
  private final Terminal terminal;
  private final ParseResult options;
  private final FactorDialogue factors;
  private final @Nullable Factor firstFactor;

  AccountRun(
      Accounts accounts,
      SessionFile file,
      AccountKey key,
      AccountReport report,
      Terminal terminal,
      ParseResult options)
      throws Failure {
    this.accounts = accounts;
    this.file = file;
    this.key = key;
    this.report = report;
    this.terminal = terminal;
    this.options = options;
    this.dialogue = new Dialogue(terminal);
    this.factors = new FactorDialogue(accounts, CLIENT, key, dialogue);
    this.firstFactor = firstFactor(options.matchedOptionValue("--with", null));
  }

  void run(AccountVerb verb) throws Failure, RefusedException, InterruptedException {
    switch (verb) {
      case CREATE -> create();
      case SIGN_IN -> signIn(argument(0, "E-mail address: "));
      case SIGN_OUT -> signOut();
      case STATUS -> report.overview(accounts.profile().overview(session()));
      case CONFIRM -> confirm();
      case KEYS -> report.keys(accounts.keys().list(session()));
      case ADD_KEY -> addKey();
      case RENAME_KEY -> renameKey();
      case REMOVE_KEY -> removeKey();
      case CLEAR_KEY -> clearKey();
      case ADD_APP -> addApp();
      case REMOVE_APP -> removeApp();
      case RECOVERY_CODES ->
        report.recoveryCodes(proven(session -> accounts.recoveryCodes().make(CLIENT, session)));
      case DEVICES -> report.devices(accounts.devices().list(session()));
      case FORGET_DEVICE -> forgetDevice();
      case HISTORY -> report.history(accounts.history().list(session()));
      case PASSWORD -> changePassword();
      case TWO_FACTOR_OFF -> turnOff();
    }
  }

  /** What the account has of whoever is signed in here; null if nobody is. */
  Profile.@Nullable Overview whoIsSignedIn() throws Failure, InterruptedException {
    try {
      return accounts.profile().overview(session());
    } catch (RefusedException e) {
      return null;
    }
  }

  /** What the command line says, else what the person says. */
  private String argument(int index, String question) throws Failure {
    String given = options.matchedPositionalValue(index, null);
    return given == null ? dialogue.ask(question) : given;
  }

  private char[] password(String question) throws Failure {
    return dialogue.password(question, options.matchedOptionValue("--password-file", null));
  }

  /** A new one; a person types it twice, since it is not seen. */
  private char[] newPassword(String option) throws Failure {
    @Nullable Path from = options.matchedOptionValue(option, null);
    char[] password = dialogue.password("New password, 10 characters or more: ", from);
    if (from == null && dialogue.personal()) {
      char[] again = dialogue.password("The same again: ", null);
      boolean same = Arrays.equals(password, again);
      Arrays.fill(again, '\0');
      if (!same) {
        Arrays.fill(password, '\0');
        throw new Failure(Exit.BROKEN, "the two passwords differ: try again");
      }
    }
    return password;
  }

  /** Of whoever is signed in here; if nobody is, the account will say so. */
  private String session() throws Failure, InterruptedException {
    return file.session().orElse("");
  }

  private void create() throws Failure, RefusedException, InterruptedException {
    String email = argument(0, "E-mail address: ");
    char[] password = newPassword("--password-file");
    try {
      accounts.create(CLIENT, email, password);
      enter(email, accounts.signIn().password(CLIENT, email, password, null));
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private void signIn(String email) throws Failure, RefusedException, InterruptedException {
    @Nullable String remembered = file.remembered(email);
    enter(
        email,
        afterPassword(password -> accounts.signIn().password(CLIENT, email, password, remembered)));
  }

  private interface PasswordCheck {
    Step check(char[] password) throws RefusedException;
  }

  /** A person who mistypes it is asked again, until the account has enough. */
  private Step afterPassword(PasswordCheck check) throws Failure, RefusedException {
    while (true) {
      char[] password = password("Password: ");
      try {
        return check.check(password);
      } catch (RefusedException e) {
        boolean fixed = options.hasMatchedOption("--password-file");
        if (e.reason() != Refusal.WRONG_PASSWORD || fixed || !dialogue.personal()) {
          throw e;
        }
        dialogue.say(AccountFailure.sentence(e));
      } finally {
        Arrays.fill(password, '\0');
      }
    }
  }

  /** After the password: the second factor if need be, then somebody is signed in here. */
  private void enter(String email, Step step)
      throws Failure, RefusedException, InterruptedException {
    Step.SignedIn signedIn = finish(step);
    file.signedIn(email, signedIn); // whose session was there is nobody's any more
    Profile.Overview overview = accounts.profile().overview(signedIn.session());
    report.result(
        json -> {
          json.writeStringField("email", overview.email());
          json.writeBooleanField("twoFactor", overview.twoFactor());
          json.writeStringField("sessionEnds", signedIn.expiresAt().toString());
        },
        "Signed in as %s, until %s."
            .formatted(overview.email(), AccountReport.time(signedIn.expiresAt())));
    report.warn(overview.warnings());
    if (!overview.twoFactor()) {
      dialogue.say("Only the password protects this account: \"u2f account add-key\" adds a key.");
    } else if (options.hasMatchedOption("--remember") && signedIn.remembered() != null) {
      dialogue.say("This device is remembered for 30 days: \"u2f account devices\" lists it.");
    }
  }

  private Step.SignedIn finish(Step step) throws Failure, RefusedException, InterruptedException {
    return step instanceof Step.SecondFactor next
        ? factors.ask(next, firstFactor, Command.has(options, "--remember"))
        : (Step.SignedIn) step;
  }

  private static @Nullable Factor firstFactor(@Nullable String with) throws Failure {
    if (with == null) {
      return null;
    }
    return switch (with) {
      case "key" -> Factor.KEY;
      case "app" -> Factor.APP;
      case "recovery-code" -> Factor.RECOVERY_CODE;
      default ->
        throw new Failure(Exit.USAGE, "--with is key, app or recovery-code, not \"" + with + "\"");
    };
  }

  private void signOut() throws Failure, RefusedException, InterruptedException {
    String session = session();
    file.signedOut();
    accounts.signIn().signOut(CLIENT, session);
    report.done("Signed out.");
  }

  private interface Work<T> {
    T with(String session) throws Failure, RefusedException, InterruptedException;
  }

  /** Does what needs a fresh proof, after asking for one if need be. */
  private <T> T proven(Work<T> work) throws Failure, RefusedException, InterruptedException {
    try {
      return work.with(session());
    } catch (RefusedException e) {
      if (e.reason() != Refusal.PROOF_NEEDED) {
        throw e;
      }
    }
    return work.with(prove());
  }

  private String prove() throws Failure, RefusedException, InterruptedException {
    String session = session();
    String email = accounts.profile().overview(session).email();
    dialogue.say("Confirm that it is you: password, then second factor.");
    Step.SignedIn signedIn =
        finish(afterPassword(password -> accounts.signIn().prove(CLIENT, session, password)));
    file.signedIn(email, signedIn);
    return signedIn.session();
  }

  private void confirm() throws Failure, RefusedException, InterruptedException {
    prove();
    report.done("Confirmed, for ten minutes.");
  }

  private void addKey() throws Failure, RefusedException, InterruptedException {
    String name = argument(0, "Name of the key: ");
    String before = session();
    Prompt prompt = proven(session -> accounts.keys().startAdd(session, name));
    String session = session();
    if (!session.equals(before) && dialogue.personal()) {
      dialogue.answer("Now insert the key that is to be added, alone, and press Enter. ");
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
    if (accounts.profile().overview(session).recoveryCodesLeft() == 0) {
      dialogue.say(
          "For the day when you lose it: \"u2f account recovery-codes\" makes codes to keep,");
      dialogue.say("and \"u2f account add-key\" adds another key.");
    }
  }

  private SecurityKey find(String name) throws Failure, RefusedException, InterruptedException {
    return accounts.keys().list(session()).stream()
        .filter(one -> one.name().equals(name.strip()))
        .findFirst()
        .orElseThrow(() -> new Failure(
            Exit.REFUSED,
            "your account has no key \"%s\"; \"u2f account keys\" lists them".formatted(name)));
  }

  private void renameKey() throws Failure, RefusedException, InterruptedException {
    SecurityKey found = find(argument(0, "Name of the key: "));
    String name = argument(1, "New name: ");
    accounts.keys().rename(CLIENT, session(), found.id(), name);
    report.done("The key \"%s\" is now \"%s\".".formatted(found.name(), name.strip()));
  }

  private void removeKey() throws Failure, RefusedException, InterruptedException {
    SecurityKey found = find(argument(0, "Name of the key: "));
    requireMeant("Remove the key \"%s\", so that it no longer signs in?".formatted(found.name()));
    proven(session -> {
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

  private void clearKey() throws Failure, RefusedException, InterruptedException {
    SecurityKey found = find(argument(0, "Name of the key: "));
    proven(session -> {
      accounts.keys().clearWarning(CLIENT, session, found.id());
      return true;
    });
    report.done("The warning about the key \"%s\" is cleared.".formatted(found.name()));
  }

  private void addApp() throws Failure, RefusedException, InterruptedException {
    AuthenticatorApp.SetUp setUp = proven(session -> accounts.app().start(session));
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
      String code = dialogue.ask("Code that the app shows: ");
      try {
        accounts.app().finish(CLIENT, session(), setUp.ceremony(), code);
        break;
      } catch (RefusedException e) {
        if (e.reason() != Refusal.CODE_WRONG) {
          throw e;
        }
        dialogue.say(AccountFailure.sentence(e)); // at the end of a script's input ask() gives up
      }
    }
    report.done("Your authenticator app is set up.");
  }

  private void removeApp() throws Failure, RefusedException, InterruptedException {
    requireMeant("Remove the authenticator app, so that its codes no longer sign in?");
    try {
      proven(session -> {
        accounts.app().remove(CLIENT, session);
        return true;
      });
    } catch (RefusedException e) {
      throw e.reason() == Refusal.NOT_FOUND
          ? new Failure(Exit.REFUSED, "your account has no authenticator app", e)
          : AccountFailure.of(e);
    }
    report.done("The authenticator app is removed; all other sessions have ended.");
  }

  private void forgetDevice() throws Failure, RefusedException, InterruptedException {
    String session = session();
    String number = argument(0, "Number of the device, as \"u2f account devices\" shows it: ");
    if (number.toLowerCase(Locale.ROOT).equals("all")) {
      accounts.devices().revokeAll(CLIENT, session);
      report.done("All devices are forgotten.");
      return;
    }
    List<Devices.Device> devices = accounts.devices().list(session);
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

  private void changePassword() throws Failure, RefusedException, InterruptedException {
    String email = accounts.profile().overview(session()).email();
    Instant proven = accounts.profile().overview(session()).provenUntil();
    if (proven == null || !proven.isAfter(Instant.now())) {
      prove(); // first, or somebody would type a new password in vain
    }
    char[] password = newPassword("--new-password-file");
    try {
      file.signedIn(email, accounts.profile().changePassword(CLIENT, session(), password));
    } finally {
      Arrays.fill(password, '\0');
    }
    report.done("The password is changed; all other sessions have ended, and remembered devices are"
        + " forgotten.");
  }

  private void turnOff() throws Failure, RefusedException, InterruptedException {
    requireMeant(
        "Turn two-factor authentication off, and remove all keys, app and recovery codes?");
    proven(session -> {
      accounts.profile().turnOff(CLIENT, session);
      return true;
    });
    report.done("Two-factor authentication is off: only the password protects this account.");
  }
}
