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
      return new Failure(
          problem.exit, String.valueOf(problem.getMessage()), problem.details, e);
    }
    Exit exit = e.reason() == Refusal.KEY_TIMEOUT ? Exit.NO_KEY : Exit.REFUSED;
    return new Failure(exit, sentence(e), e);
  }

  /** What happened and what to do, with what can be done here. */
  static String sentence(RefusedException e) {
    Instant retryAt = e.retryAt();
    String more = switch (e.reason()) {
      case NOT_SIGNED_IN -> " (u2f account sign-in)";
      case TOO_MANY_TRIES ->
        retryAt == null ? "" : " You can try again at " + AccountReport.time(retryAt) + ".";
      case LAST_FACTOR -> " (u2f account two-factor-off)";
      case KEY_COUNTER -> " (u2f account keys)";
      default -> "";
    };
    return e.getMessage() + more;
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
