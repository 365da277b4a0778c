package org.u2f4j.examples;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.account.Client;
import org.u2f4j.examples.account.Factor;
import org.u2f4j.examples.account.Prompt;
import org.u2f4j.examples.account.Refusal;
import org.u2f4j.examples.account.RefusedException;
import org.u2f4j.examples.account.Step;

/** Asks for a second factor, and for another one if that does not work out. */
final class FactorDialogue {
  private final Accounts accounts;
  private final Client client;
  private final AccountKey key;
  private final Dialogue dialogue;

  FactorDialogue(Accounts accounts, Client client, AccountKey key, Dialogue dialogue) {
    this.accounts = accounts;
    this.client = client;
    this.key = key;
    this.dialogue = dialogue;
  }

  /**
   * Ends a sign-in, or a new proof.
   *
   * @param first which factor to ask for first; null for the key if there is one
   */
  Step.SignedIn ask(Step.SecondFactor step, @Nullable Factor first, boolean remember)
      throws Failure, RefusedException, InterruptedException {
    Factor factor = first == null ? usual(step.factors()) : first;
    while (true) {
      Failure failure;
      try {
        return use(factor, step.attempt(), remember);
      } catch (RefusedException e) {
        failure = AccountFailure.of(e);
        if (e.reason() == Refusal.ATTEMPT_OVER || e.reason() == Refusal.TOO_MANY_TRIES) {
          throw failure;
        }
      } catch (Failure e) {
        failure = e;
      }
      Factor other = another(failure, step.factors());
      if (other == null) {
        accounts.signIn().cancel(step.attempt());
        throw new Failure(failure.exit, "given up", failure);
      }
      factor = other;
    }
  }

  private static Factor usual(Set<Factor> factors) {
    return factors.contains(Factor.KEY)
        ? Factor.KEY
        : factors.contains(Factor.APP) ? Factor.APP : Factor.RECOVERY_CODE;
  }

  private Step.SignedIn use(Factor factor, String attempt, boolean remember)
      throws Failure, RefusedException, InterruptedException {
    return switch (factor) {
      case APP ->
        accounts
            .signIn()
            .code(client, attempt, dialogue.ask("Code of your authenticator app: "), remember);
      case RECOVERY_CODE ->
        accounts.signIn().recoveryCode(client, attempt, dialogue.ask("Recovery code: "), remember);
      default -> {
        Prompt prompt = accounts.signIn().startKey(attempt);
        AccountKey.Answer answer = key.get(prompt);
        try {
          yield accounts
              .signIn()
              .finishKey(client, attempt, prompt.ceremony(), answer.json(), remember);
        } catch (RefusedException e) {
          throw AccountFailure.of(e, answer.problem());
        }
      }
    };
  }

  /** Which factor to go on with; null to give up. */
  private @Nullable Factor another(Failure failure, Set<Factor> factors) throws Failure {
    dialogue.say(failure);
    Map<String, String> ways = new LinkedHashMap<>();
    if (factors.contains(Factor.KEY)) {
      ways.put("k", "try a security key");
    }
    if (factors.contains(Factor.APP)) {
      ways.put("a", "use your authenticator app instead");
    }
    if (factors.contains(Factor.RECOVERY_CODE)) {
      ways.put("r", "use a recovery code");
    }
    ways.put("q", "give up");
    String question = ways.entrySet().stream()
        .map(way -> way.getKey() + " = " + way.getValue())
        .collect(Collectors.joining(", ", "", ": "));
    String answer = dialogue.choice(question, List.copyOf(ways.keySet()));
    return answer == null
        ? null
        : switch (answer) {
          case "k" -> Factor.KEY;
          case "a" -> Factor.APP;
          case "r" -> Factor.RECOVERY_CODE;
          default -> null;
        };
  }
}
