package org.u2f4j.examples;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Profile;
import org.u2f4j.examples.account.RefusedException;

/** {@code u2f account} alone, on a terminal: what can be done now, by number, until Enter ends it. */
final class AccountMenu {
  private static final List<AccountVerb> NOBODY = List.of(AccountVerb.SIGN_IN, AccountVerb.CREATE);
  private static final List<AccountVerb> SOMEBODY =
      Arrays.stream(AccountVerb.values()).filter(verb -> !NOBODY.contains(verb)).toList();

  private final AccountRun run;
  private final AccountSignIn signIn;
  private final Dialogue dialogue;
  private final Terminal terminal;

  AccountMenu(AccountRun run, AccountSignIn signIn, Terminal terminal) {
    this.run = run;
    this.signIn = signIn;
    this.terminal = terminal;
    this.dialogue = new Dialogue(terminal);
  }

  void show() throws Failure, InterruptedException {
    while (true) {
      Profile.Overview overview = signIn.whoIsSignedIn();
      dialogue.say(heading(overview));
      List<AccountVerb> verbs = overview == null ? NOBODY : SOMEBODY;
      for (int i = 0; i < verbs.size(); i++) {
        dialogue.say("%3d  %s".formatted(i + 1, verbs.get(i).header));
      }
      String answer = dialogue.answer("Number, or Enter to end: ");
      if (answer == null || answer.isEmpty()) {
        return;
      }
      int number = answer.matches("[0-9]{1,3}") ? Integer.parseInt(answer) : 0;
      if (number >= 1 && number <= verbs.size()) {
        choose(verbs.get(number - 1));
      }
    }
  }

  private static String heading(Profile.@Nullable Overview overview) {
    return overview == null
        ? "Nobody is signed in."
        : "Signed in as %s; two-factor authentication is %s."
            .formatted(overview.email(), overview.twoFactor() ? "on" : "off");
  }

  private void choose(AccountVerb verb) throws InterruptedException {
    try {
      run.run(verb);
      terminal.out().flush();
    } catch (RefusedException e) {
      dialogue.say(AccountFailure.sentence(e));
    } catch (Failure e) {
      dialogue.say(e);
    }
  }
}
