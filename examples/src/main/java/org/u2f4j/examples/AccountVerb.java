package org.u2f4j.examples;

import java.util.Arrays;
import java.util.List;

/** What {@code u2f account} can do. */
enum AccountVerb {
  CREATE(
      "create",
      "Creates an account and signs in",
      "Makes an account of an e-mail address and a password, and signs in to it.",
      "u2f account create alice@example.org",
      "EMAIL"),
  SIGN_IN(
      "sign-in",
      "Signs in: password, then a second factor",
      "Asks for the password, then for a security key. Enter while it waits, or a key that does not"
          + " pass, leads to the authenticator app and the recovery codes.",
      "u2f account sign-in alice@example.org",
      "EMAIL"),
  SIGN_OUT("sign-out", "Signs out", "Ends the session of this terminal.", "u2f account sign-out"),
  STATUS(
      "status",
      "Shows who is signed in and how the account is protected",
      "Shows whether two-factor authentication is on, by what, and whether a key may have been"
          + " copied.",
      "u2f account status"),
  CONFIRM(
      "confirm",
      "Confirms that it is you, for ten minutes",
      "What changes how you sign in needs password and second factor anew, unless you gave them in"
          + " the last ten minutes. It asks for them itself; this does it ahead, with another key than"
          + " the one that is to be added, for one.",
      "u2f account confirm"),
  KEYS(
      "keys",
      "Lists the account's security keys",
      "Shows name, dates, vendor and model, and the counter of each key.",
      "u2f account keys"),
  ADD_KEY(
      "add-key",
      "Adds a security key",
      "Asks for a name, then for a touch of the key. The first one turns two-factor authentication"
          + " on.",
      "u2f account add-key 'blue key'",
      "NAME"),
  RENAME_KEY(
      "rename-key",
      "Gives a key another name",
      "Gives a key another name.",
      "u2f account rename-key 'blue key' 'key at home'",
      "NAME",
      "NEW-NAME"),
  REMOVE_KEY(
      "remove-key",
      "Removes a key",
      "Removes a key, after asking. The last second factor stays; \"two-factor-off\" removes all.",
      "u2f account remove-key 'blue key'",
      "NAME"),
  CLEAR_WARNING(
      "clear-warning",
      "Clears the warning that a key may have been copied",
      "For an owner who knows that there is no copy: the key's next counter is taken as it is.",
      "u2f account clear-warning 'blue key'",
      "NAME"),
  ADD_APP(
      "add-app",
      "Sets up an authenticator app",
      "Shows a QR code for the app on your phone, and asks for its first code.",
      "u2f account add-app"),
  REMOVE_APP(
      "remove-app",
      "Removes the authenticator app",
      "Removes the authenticator app, after asking, if there is a security key.",
      "u2f account remove-app"),
  RECOVERY_CODES(
      "recovery-codes",
      "Makes new recovery codes",
      "Shows ten codes to print and keep. Each signs in once in place of key and app; older ones"
          + " count no longer.",
      "u2f account recovery-codes"),
  DEVICES(
      "devices",
      "Lists the remembered devices",
      "Shows the devices that need no second factor: those that \"sign-in --remember\" and the page"
          + " have remembered.",
      "u2f account devices"),
  FORGET_DEVICE(
      "forget-device",
      "Forgets one remembered device, or all",
      "Has a device, by its number in the list of \"devices\", need the second factor again; all of"
          + " them with \"all\".",
      "u2f account forget-device 1",
      "NUMBER"),
  HISTORY(
      "history",
      "Shows what happened to the account",
      "Shows the latest hundred events: what, when, from which device, with which factor.",
      "u2f account history"),
  PASSWORD(
      "password",
      "Changes the password",
      "Changes the password. All other sessions end, and devices are forgotten.",
      "u2f account password"),
  TWO_FACTOR_OFF(
      "two-factor-off",
      "Turns two-factor authentication off",
      "Removes all keys, the authenticator app and the recovery codes, after asking.",
      "u2f account two-factor-off");

  final String word;
  final String header;
  final String description;
  final String example;
  private final String arguments;

  AccountVerb(String word, String header, String description, String example, String... arguments) {
    this.word = word;
    this.header = header;
    this.description = description;
    this.example = example;
    this.arguments = String.join(" ", arguments);
  }

  static AccountVerb of(String word) {
    return Arrays.stream(values())
        .filter(verb -> verb.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no verb " + word));
  }

  /** What may stand behind the word, and is asked for otherwise. */
  List<String> arguments() {
    return arguments.isEmpty() ? List.of() : List.of(arguments.split(" ", -1));
  }

  /** Whether a key may be asked. */
  boolean asksForFactors() {
    return switch (this) {
      case CREATE, SIGN_OUT, STATUS, KEYS, RENAME_KEY, DEVICES, FORGET_DEVICE, HISTORY -> false;
      default -> true;
    };
  }

  /** Whether a password may be asked for. */
  boolean asksForPassword() {
    return this == CREATE || asksForFactors();
  }

  /** Whether it asks if that is meant. */
  boolean asksWhetherMeant() {
    return switch (this) {
      case REMOVE_KEY, REMOVE_APP, TWO_FACTOR_OFF -> true;
      default -> false;
    };
  }
}
