package org.u2f4j.examples.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an account.
 *
 * @param at when
 * @param kind what
 * @param factor with which second factor; null where none was asked for
 * @param client from where
 * @param detail which key or device, or why something was refused; null if there is nothing to add
 */
public record Event(
    Instant at,
    Kind kind,
    @Nullable Factor factor,
    Client client,
    @Nullable String detail) {
  /** What can happen. The names are stable; the words are for people. */
  public enum Kind {
    /** The account was made. */
    CREATED("account created"),
    /** Somebody signed in. */
    SIGNED_IN("signed in"),
    /** Somebody who was signed in proved anew who they are. */
    PROVEN("confirmed identity"),
    /** The password was wrong. */
    PASSWORD_REFUSED("wrong password"),
    /** The password was right and the second factor was not. */
    FACTOR_REFUSED("second factor refused"),
    /** A key's counter did not grow. */
    COUNTER_REFUSED("security key refused: it may have been copied"),
    /** The password was changed. */
    PASSWORD_CHANGED("password changed"),
    /** A key was added. */
    KEY_ADDED("security key added"),
    /** A key was given another name. */
    KEY_RENAMED("security key renamed"),
    /** A key was removed. */
    KEY_REMOVED("security key removed"),
    /** The owner has cleared the mark that a refused counter left. */
    KEY_CLEARED("warning about a security key cleared"),
    /** An authenticator app was set up, perhaps in place of another one. */
    APP_ADDED("authenticator app set up"),
    /** The authenticator app was removed. */
    APP_REMOVED("authenticator app removed"),
    /** There are new recovery codes; the old ones count no longer. */
    RECOVERY_CODES_MADE("new recovery codes"),
    /** Two-factor authentication was turned off. */
    TURNED_OFF("two-factor authentication turned off"),
    /** A device counts no longer as remembered, or none does. */
    DEVICES_FORGOTTEN("devices forgotten"),
    /** Somebody signed out. */
    SIGNED_OUT("signed out");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /**
     * The kind in a few words.
     *
     * @return such as "signed in"
     */
    public String words() {
      return words;
    }
  }

  /**
   * The detail in words.
   *
   * @return which key or device; or the sentence that says why something was refused; null if there is
   *     nothing to add
   */
  public @Nullable String detailWords() {
    return kind == Kind.FACTOR_REFUSED && detail != null
        ? Refusal.valueOf(detail).sentence()
        : detail;
  }
}
