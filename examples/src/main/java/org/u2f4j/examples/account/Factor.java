package org.u2f4j.examples.account;

/** How somebody proved who they are, besides the password. The names are stable; the words are for people. */
public enum Factor {
  /** A security key. */
  KEY("security key"),
  /** A code of the authenticator app. */
  APP("authenticator app"),
  /** A recovery code. */
  RECOVERY_CODE("recovery code"),
  /** The device is remembered, since a second factor was given on it before. */
  REMEMBERED_DEVICE("remembered device"),
  /** Nothing else: two-factor authentication is off. */
  NONE("password alone");

  private final String words;

  Factor(String words) {
    this.words = words;
  }

  /**
   * The factor in a few words.
   *
   * @return such as "security key"
   */
  public String words() {
    return words;
  }
}
