package org.u2f4j.verifier;

import java.util.EnumSet;
import java.util.Set;
import org.u2f4j.verifier.CounterVerdict.Kind;

/**
 * Decides which counters pass.
 *
 * <p>Whatever a policy accepts, the stored counter never goes down, and a counter that was repeated
 * or has gone back marks its registration ({@link Registration#anomaly()}). An application that
 * would rather ask for a further proof than refuse accepts those two here and looks at the mark.
 */
@FunctionalInterface
public interface CounterPolicy {
  /**
   * Decides.
   *
   * @param verdict what the counter says
   * @return whether the signature may pass
   */
  boolean accepts(CounterVerdict verdict);

  /**
   * For raw U2F: the counter must grow.
   *
   * @return a policy that accepts FIRST, ADVANCED and NEAR_END
   */
  static CounterPolicy u2f() {
    return accepting(Kind.FIRST, Kind.ADVANCED, Kind.NEAR_END);
  }

  /**
   * For WebAuthn: the counter must grow, or always be zero (Web Authentication, section 7.2).
   *
   * @return a policy that accepts FIRST, ADVANCED, NEAR_END and CONSTANT_ZERO
   */
  static CounterPolicy webAuthn() {
    return accepting(Kind.FIRST, Kind.ADVANCED, Kind.NEAR_END, Kind.CONSTANT_ZERO);
  }

  /**
   * Exactly the named verdicts.
   *
   * @param first one that passes
   * @param others more that pass
   * @return a policy that refuses all others
   */
  static CounterPolicy accepting(Kind first, Kind... others) {
    Set<Kind> accepted = Set.copyOf(EnumSet.of(first, others));
    return verdict -> accepted.contains(verdict.kind());
  }
}
