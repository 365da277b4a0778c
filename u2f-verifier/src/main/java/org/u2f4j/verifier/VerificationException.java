package org.u2f4j.verifier;

import java.util.regex.Pattern;

/**
 * A response, an attestation or metadata were refused. The message says what was expected and what
 * came, on one line, and holds no secret; {@link #reason()} is for programs.
 */
public final class VerificationException extends Exception {
  private static final long serialVersionUID = 1;

  /** Control, format and unassigned characters, and those that end a line or a paragraph. */
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  /** Why, for programs. */
  private final Reason reason;

  /**
   * A refusal.
   *
   * @param reason why, for programs
   * @param message what was expected and what came
   */
  public VerificationException(Reason reason, String message) {
    super(visible(message));
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
    super(visible(message), cause);
    this.reason = reason;
  }

  /**
   * A stranger's text as a message may quote it.
   *
   * @param text any text
   * @return its first 200 characters, on one line and without invisible ones
   */
  public static String shown(String text) {
    String start = text.length() <= 200 ? text : text.substring(0, 200) + "\u2026";
    return visible(start);
  }

  /** Whoever wrote a part of a message, it stays one line of a log. */
  private static String visible(String message) {
    return INVISIBLE.matcher(message).replaceAll("?");
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
