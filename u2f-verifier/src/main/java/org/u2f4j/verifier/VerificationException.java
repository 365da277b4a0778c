package org.u2f4j.verifier;

/**
 * A response, an attestation or metadata were refused. The message says what was expected and what
 * came, and holds no secret; {@link #reason()} is for programs.
 */
public final class VerificationException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why, for programs. */
  private final Reason reason;

  /**
   * A refusal.
   *
   * @param reason why, for programs
   * @param message what was expected and what came
   */
  public VerificationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * A refusal that another failure led to.
   *
   * @param reason why, for programs
   * @param message what was expected and what came
   * @param cause the other failure
   */
  public VerificationException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** A stranger's text, short enough, on one line and without invisible characters. */
  static String shown(String text) {
    String start = text.length() <= 200 ? text : text.substring(0, 200) + "\u2026";
    return start.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
  }

  /**
   * Why, for programs.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
