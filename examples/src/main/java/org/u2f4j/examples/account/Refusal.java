package org.u2f4j.examples.account;

/** Why a person is refused something. The names are stable; the sentences are for people. */
public enum Refusal {
  /** The address has no form of an e-mail address. */
  EMAIL_INVALID("That is not an e-mail address. It looks like name@example.org."),
  /** Somebody has an account with this address. */
  EMAIL_TAKEN(
      "There is an account with this e-mail address already. Sign in, or use another address."),
  /** The new password is too short, too long, or the e-mail address. */
  PASSWORD_WEAK("Choose a password of 10 to 128 characters that is not your e-mail address."),
  /** No account has this address, or its password is another one: nobody learns which. */
  WRONG_PASSWORD("The e-mail address or the password is wrong. Try again."),
  /** Somebody who is signed in gave another password than the account's. */
  WRONG_OWN_PASSWORD("The password is wrong. Try again."),
  /** Too many wrong passwords or codes; {@link RefusedException#retryAt()} tells until when. */
  TOO_MANY_TRIES("There were too many wrong tries. Wait a while, then try again."),
  /** The sign-in was not finished in time, was finished before, or was given up. */
  ATTEMPT_OVER("This sign-in is over. Start again with your password."),
  /** The session has ended, or there never was one. */
  NOT_SIGNED_IN("You are not signed in, or no longer. Sign in again."),
  /** Password and second factor are needed again before this. */
  PROOF_NEEDED("Please confirm that it is you: give your password and second factor again."),
  /** The account does not have this second factor. */
  FACTOR_MISSING("This way of confirming is not set up for your account. Choose another one."),
  /** What the key or the app was to answer was answered before, took too long, or was given up. */
  CEREMONY_OVER("This took too long, or was answered already. Start again."),
  /** Nobody touched a key in time. */
  KEY_TIMEOUT("No key was touched in time. Insert your security key, try again, and touch it."),
  /** The browser or the program says that it could not ask a key, or somebody cancelled. */
  KEY_NOT_USED("The security key was not used: cancelled, or it could not be reached. Try again."),
  /** None of the account's keys is there, but perhaps another one. */
  KEY_UNKNOWN("This security key does not belong to your account. Use one that you added."),
  /** The key belongs to this account, or another one, already. */
  KEY_KNOWN("This security key is registered already. Use another one."),
  /** The key's counter did not grow: somebody may have copied it. */
  KEY_COUNTER(
      "This security key may have been copied, so it was refused. Sign in another way and look at your keys."),
  /** What came from the key is no valid answer to what was asked. */
  KEY_INVALID("The security key's answer was not valid. Try again."),
  /** The account has as many keys as it can have. */
  KEYS_FULL("Your account has 20 security keys, and there is no room for more. Remove one first."),
  /** The name is empty, too long, or has characters that cannot be seen. */
  NAME_INVALID("Give the key a name of 1 to 64 visible characters."),
  /** Another key of the account has this name. */
  NAME_TAKEN("You have a key of this name already. Choose another name."),
  /** The account has no such key or device, perhaps no longer. */
  NOT_FOUND("It is not there any more. Look at the list again."),
  /** It is the only second factor. */
  LAST_FACTOR(
      "This is your only second factor. Add another one first, or turn two-factor authentication off."),
  /** The code of the authenticator app is wrong. */
  CODE_WRONG("The code is wrong. Wait for the next one, and check your phone's clock."),
  /** The code of the authenticator app was used before. */
  CODE_USED("This code was used already. Wait for the next one."),
  /** The recovery code is wrong, or was used before. */
  RECOVERY_CODE_WRONG("This recovery code is wrong, or was used already.");

  private final String sentence;

  Refusal(String sentence) {
    this.sentence = sentence;
  }

  /**
   * What to show.
   *
   * @return a sentence or two: what happened, and what to do
   */
  public String sentence() {
    return sentence;
  }
}
