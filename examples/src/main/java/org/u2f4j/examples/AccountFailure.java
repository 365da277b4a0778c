package org.u2f4j.examples;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Refusal;
import org.u2f4j.examples.account.RefusedException;
import org.u2f4j.strictjson.JsonWriter;

/** How a run ends in which an account refused something. */
final class AccountFailure {
  private AccountFailure() {}

  static Failure of(RefusedException e) {
    return of(e, null);
  }

  /**
   * The same.
   *
   * @param problem what the way to the key says, which tells more; null if it says nothing
   */
  static Failure of(RefusedException e, @Nullable Failure problem) {
    if (problem != null) {
      e.addSuppressed(problem);
      return new Failure(problem.exit, String.valueOf(problem.getMessage()), problem.details, e);
    }
    Exit exit = e.reason() == Refusal.KEY_TIMEOUT ? Exit.NO_KEY : Exit.REFUSED;
    return new Failure(exit, sentence(e), e);
  }

  /** What happened and what to do, with the command that does it. */
  static String sentence(RefusedException e) {
    String sentence = String.valueOf(e.getMessage());
    Instant retryAt = e.retryAt();
    if (retryAt != null) {
      return sentence + " You can at " + AccountReport.time(retryAt) + ".";
    }
    String command = switch (e.reason()) {
      case NOT_SIGNED_IN -> "sign-in";
      case LAST_FACTOR -> "two-factor-off";
      case KEY_COUNTER -> "keys";
      default -> null;
    };
    return command == null ? sentence : sentence.replaceFirst("\\.$", ": u2f account " + command);
  }

  /** For programs: a refusal by its name, anything else as FAILED. */
  static String json(Failure failure) {
    Throwable told = failure;
    while (told.getCause() instanceof Failure deeper) {
      told = deeper; // somebody gave up because of that
    }
    String name = told.getCause() instanceof RefusedException e ? e.reason().name() : "FAILED";
    String message = String.valueOf(told.getMessage());
    return JsonWriter.object(json -> {
      json.writeStringField("error", name);
      json.writeStringField("errorMessage", message);
    });
  }
}
