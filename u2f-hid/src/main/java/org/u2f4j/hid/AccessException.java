package org.u2f4j.hid;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A key cannot be used, for a reason that a person can do something about. */
public final class AccessException extends IOException {
  private static final long serialVersionUID = 1;

  /** Its stable name. */
  private final AccessProblem.Name name;

  /** What is wrong. */
  private final String sentence;

  /** What helps. */
  private final String cure;

  /**
   * A key that cannot be used.
   *
   * @param problem why; its sentence and its cure are the message
   * @param cause what failed, if anything did
   */
  public AccessException(AccessProblem problem, @Nullable Throwable cause) {
    super(problem.sentence() + ": " + problem.cure(), cause);
    this.name = problem.name();
    this.sentence = problem.sentence();
    this.cure = problem.cure();
  }

  /**
   * A key that cannot be used.
   *
   * @param problem why; its sentence and its cure are the message
   */
  public AccessException(AccessProblem problem) {
    this(problem, null);
  }

  /**
   * Why.
   *
   * @return the problem
   */
  public AccessProblem problem() {
    return new AccessProblem(name, sentence, cure);
  }
}
