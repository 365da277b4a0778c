package org.u2f4j.hid;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A key cannot be used, for a reason that a person can do something about. */
public final class AccessException extends IOException {
  private static final long serialVersionUID = 1;

  /** Why. */
  private final AccessProblem problem;

  /**
   * A key that cannot be used.
   *
   * @param problem why
   * @param detail what the system says, or empty
   * @param cause what failed, if anything did
   */
  public AccessException(AccessProblem problem, String detail, @Nullable Throwable cause) {
    super(
        problem.sentence() + (detail.isEmpty() ? "" : " (" + detail + ")") + ": " + problem.cure(),
        cause);
    this.problem = problem;
  }

  /**
   * Why.
   *
   * @return the problem
   */
  public AccessProblem problem() {
    return problem;
  }
}
