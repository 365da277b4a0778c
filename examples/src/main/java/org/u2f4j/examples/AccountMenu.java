package org.u2f4j.examples;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Profile;
import org.u2f4j.examples.account.RefusedException;

/** {@code u2f account} alone, on a terminal: what can be done now, by number, until q ends it. */
final class AccountMenu {
  private static final String END = "q";
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
      String answer = dialogue.choice("Number, or q to end: ", words(verbs.size()));
      if (answer == null || answer.equals(END)) {
        return;
      }
      choose(verbs.get(Integer.parseInt(answer) - 1));
    }
  }

  private static List<String> words(int numbers) {
    return Stream.concat(
            IntStream.rangeClosed(1, numbers).mapToObj(Integer::toString), Stream.of(END))
        .toList();
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
