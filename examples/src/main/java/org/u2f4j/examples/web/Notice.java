package org.u2f4j.examples.web;

/** What to say on the page that follows. The names are in a cookie; the sentences are for people. */
enum Notice {
  CREATED("Your account was created. Protect it with a security key now.", false),
  SIGNED_OUT("You are signed out.", false),
  SESSION_OVER("You are not signed in, or no longer. Sign in again.", true),
  ATTEMPT_OVER("This sign-in is over. Start again with your password.", true),
  CANCELLED("Cancelled. Nothing was changed.", false),
  KEY_RENAMED("The security key has its new name.", false),
  KEY_REMOVED("The security key was removed. Other devices are signed out.", false),
  KEY_CLEARED("The warning was cleared.", false),
  APP_ADDED("Your authenticator app is set up.", false),
  APP_REMOVED("The authenticator app was removed. Other devices are signed out.", false),
  DEVICE_REVOKED("The device needs your second factor again.", false),
  DEVICES_REVOKED("All devices need your second factor again.", false),
  PASSWORD_CHANGED("Your password was changed. Other devices are signed out.", false),
  TURNED_OFF("Two-factor authentication is off. Your password alone signs in.", false),
  NOT_FOUND("It is not there any more. Here is the list as it is now.", true);

  final String sentence;

  /** Whether something went wrong. */
  final boolean alert;

  Notice(String sentence, boolean alert) {
    this.sentence = sentence;
    this.alert = alert;
  }
}
