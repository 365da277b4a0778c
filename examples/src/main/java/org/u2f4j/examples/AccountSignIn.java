package org.u2f4j.examples;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.account.Client;
import org.u2f4j.examples.account.Factor;
import org.u2f4j.examples.account.Profile;
import org.u2f4j.examples.account.Refusal;
import org.u2f4j.examples.account.RefusedException;
import org.u2f4j.examples.account.Step;
import picocli.CommandLine.ParseResult;

/** Who is signed in at this terminal: the way in, the way out, and fresh proofs. */
final class AccountSignIn {
  static final Client CLIENT = new Client(
      "this computer",
      "terminal of %s on %s"
          .formatted(System.getProperty("user.name"), System.getProperty("os.name")));

  private static final Set<Refusal> WRONG =
      Set.of(Refusal.WRONG_PASSWORD, Refusal.WRONG_OWN_PASSWORD);

  /** Something that is done with a session. */
  interface Work<T> {
    T with(String session) throws Failure, RefusedException, InterruptedException;
  }

  private final Accounts accounts;
  private final SessionFile file;
  private final Dialogue dialogue;
  private final AccountReport report;
  private final ParseResult options;
  private final FactorDialogue factors;
  private final @Nullable Factor firstFactor;

  AccountSignIn(
      Accounts accounts,
      SessionFile file,
      AccountKey key,
      AccountReport report,
      Terminal terminal,
      ParseResult options)
      throws Failure {
    this.accounts = accounts;
    this.file = file;
    this.dialogue = new Dialogue(terminal);
    this.report = report;
    this.options = options;
    this.factors = new FactorDialogue(accounts, CLIENT, key, dialogue);
    this.firstFactor = firstFactor(options.matchedOptionValue("--with", null));
  }

  /** Of whoever is signed in here; if nobody is, the account will say so. */
  String session() throws Failure, InterruptedException {
    return file.session().orElse("");
  }

  /** What the account has of whoever is signed in here; null if nobody is. */
  Profile.@Nullable Overview whoIsSignedIn() throws Failure, InterruptedException {
    try {
      return accounts.profile().overview(session());
    } catch (RefusedException e) {
      return null;
    }
  }

  void create(String email) throws Failure, RefusedException, InterruptedException {
    accounts.requireFree(CLIENT, email); // before a password is typed in vain
    char[] password = newPassword("--password-file", email);
    try {
      accounts.create(CLIENT, email, password);
      enter(email, accounts.signIn().password(CLIENT, email, password, null));
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  void signIn(String email) throws Failure, RefusedException, InterruptedException {
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
        if (!WRONG.contains(e.reason()) || fixed || !dialogue.personal()) {
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
    String before = session();
    file.signedIn(email, signedIn);
    accounts.signIn().leave(before); // nobody has it any more
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
      if (Command.has(options, "--remember")) {
        dialogue.say("This device is not remembered: there is no second factor to leave out.");
      }
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

  void signOut() throws Failure, RefusedException, InterruptedException {
    String session = session();
    file.signedOut();
    accounts.signIn().signOut(CLIENT, session);
    report.done("Signed out.");
  }

  /** Does what needs a fresh proof, after asking for one if need be. */
  <T> T proven(Work<T> work) throws Failure, RefusedException, InterruptedException {
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
    Profile.Overview overview = accounts.profile().overview(session);
    @Nullable Path soft = options.matchedOptionValue("--soft", null);
    String factor = soft != null && asksKey(overview)
        ? ", then the software key in " + soft
        : overview.twoFactor() ? ", then second factor" : "";
    dialogue.say("Confirm that it is you: password" + factor + ".");
    Step.SignedIn signedIn =
        finish(afterPassword(password -> accounts.signIn().prove(CLIENT, session, password)));
    file.signedIn(overview.email(), signedIn);
    return signedIn.session();
  }

  private static boolean proven(Profile.Overview overview) {
    Instant until = overview.provenUntil();
    return until != null && until.isAfter(Instant.now());
  }

  /** Whether a key comes first when a second factor is asked for. */
  private boolean asksKey(Profile.Overview overview) {
    return overview.factors().contains(Factor.KEY)
        && (firstFactor == null || firstFactor == Factor.KEY);
  }

  /** A software key that is to be added cannot give the proof for that: either it is new, or known. */
  void requireProofWithout(Path soft) throws Failure, RefusedException, InterruptedException {
    Profile.Overview overview = accounts.profile().overview(session());
    if (!proven(overview) && asksKey(overview)) {
      throw new Failure(
          Exit.REFUSED,
          "%s is to be added, so it cannot confirm that it is you. Do that first, with a key that your account has:"
              .formatted(soft),
          List.of(
              "  u2f account confirm                  for one on USB",
              "  u2f account confirm --soft ITS-FILE  for one in a file",
              "or give --with app or --with recovery-code, if you have them."));
    }
  }

  void confirm() throws Failure, RefusedException, InterruptedException {
    prove();
    report.done("Confirmed, for ten minutes.");
  }

  void changePassword() throws Failure, RefusedException, InterruptedException {
    String option = "--new-password-file";
    Profile.Overview overview = accounts.profile().overview(session());
    if (!options.hasMatchedOption(option) && !proven(overview)) {
      prove(); // first, or somebody would type a new password in vain
    }
    char[] password = newPassword(option, overview.email());
    try {
      file.signedIn(
          overview.email(),
          proven(session -> accounts.profile().changePassword(CLIENT, session, password)));
    } finally {
      Arrays.fill(password, '\0');
    }
    report.done("The password is changed; all other sessions have ended, and remembered devices are"
        + " forgotten.");
  }

  private char[] password(String question) throws Failure {
    return dialogue.password(question, options.matchedOptionValue("--password-file", null));
  }

  /** A new one; a person types it twice, since it is not seen, and again if it is no good. */
  private char[] newPassword(String option, String email) throws Failure, RefusedException {
    @Nullable Path from = options.matchedOptionValue(option, null);
    boolean typed = from == null && dialogue.personal();
    while (true) {
      char[] password = dialogue.password("New password, 10 characters or more: ", from);
      boolean good = false;
      try {
        accounts.requireGoodPassword(email, password);
        good = !typed || same(password);
        if (good) {
          return password;
        }
        dialogue.say("The two passwords differ. Try again.");
      } catch (RefusedException e) {
        if (!typed) {
          throw e;
        }
        dialogue.say(AccountFailure.sentence(e));
      } finally {
        if (!good) {
          Arrays.fill(password, '\0');
        }
      }
    }
  }

  private boolean same(char[] password) throws Failure {
    char[] again = dialogue.password("The same again: ", null);
    boolean same = Arrays.equals(password, again);
    Arrays.fill(again, '\0');
    return same;
  }
}
