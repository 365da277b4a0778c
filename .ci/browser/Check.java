import java.util.Objects;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.VerificationException;

/** What has to be so; anything else is a failure, which says what was seen. */
final class Check {
  private Check() {}

  static final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String message) {
      super(message);
    }
  }

  interface Finish {
    Object run() throws VerificationException;
  }

  static void equal(String what, Object expected, Object seen) throws Failure {
    if (!Objects.equals(expected, seen)) {
      throw new Failure("%s: expected %s, seen %s".formatted(what, expected, seen));
    }
  }

  /** The browser itself refuses. */
  static void error(String name, String said) throws Failure {
    if (!said.startsWith(name + ":")) {
      throw new Failure("the page should have said %s, it said %s".formatted(name, said));
    }
  }

  /** The relying party refuses, for that reason. */
  static Reason refused(Reason expected, Finish finish) throws Failure {
    Object accepted;
    try {
      accepted = finish.run();
    } catch (VerificationException e) {
      if (e.reason() == expected) {
        return expected;
      }
      throw new Failure(
          "%s expected, refused as %s: %s".formatted(expected, e.reason(), e.getMessage()));
    }
    throw new Failure("%s expected, accepted: %s".formatted(expected, accepted));
  }
}
