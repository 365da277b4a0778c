package org.u2f4j.examples.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A person is refused something. The message is the sentence to show, and holds no secret. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why. */
  private final Refusal reason;

  /** From when on it may be tried again. */
  private final @Nullable Instant retryAt;

  RefusedException(Refusal reason) {
    this(reason, null, null);
  }

  RefusedException(Refusal reason, @Nullable Instant retryAt, @Nullable Throwable cause) {
    super(reason.sentence(), cause);
    this.reason = reason;
    this.retryAt = retryAt;
  }

  /**
   * Why, for programs.
   *
   * @return the reason
   */
  public Refusal reason() {
    return reason;
  }

  /**
   * From when on it may be tried again.
   *
   * @return the time after {@link Refusal#TOO_MANY_TRIES}; null after others
   */
  public @Nullable Instant retryAt() {
    return retryAt;
  }
}
