package org.u2f4j.examples.account;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The account as a whole: what it has, its password, and turning two-factor authentication off. */
public final class Profile {
  /**
   * What the account has.
   *
   * @param email its address
   * @param factors KEY, APP and RECOVERY_CODE, those that there are; two-factor authentication is off
   *     if there is none
   * @param recoveryCodesLeft how many were not used yet
   * @param warnings keys that may have been copied
   * @param provenUntil until when what needs a fresh proof can be done; null if there was no proof
   * @param sessionEnds when the session ends by itself
   */
  public record Overview(
      String email,
      Set<Factor> factors,
      int recoveryCodesLeft,
      List<SecurityKey> warnings,
      @Nullable Instant provenUntil,
      Instant sessionEnds) {
    /**
     * Whether two-factor authentication is on.
     *
     * @return true if there is a key or an app
     */
    public boolean twoFactor() {
      return !factors.isEmpty();
    }
  }

  private final Database database;
  private final Passwords passwords;

  Profile(Database database, Passwords passwords) {
    this.database = database;
    this.passwords = passwords;
  }

  /**
   * Looks at the account.
   *
   * @param session a session
   * @return what it has
   * @throws RefusedException if the session has ended
   */
  public Overview overview(String session) throws RefusedException {
    return database.read(transaction -> {
      Session of = Session.find(transaction, session);
      return new Overview(
          of.email(),
          Factors.of(transaction, of.account()),
          RecoveryCodes.left(transaction, of.account()),
          SecurityKey.list(transaction, of.account()).stream()
              .filter(key -> key.warning() != null)
              .toList(),
          of.provenUntil(transaction.now()),
          of.expiresAt());
    });
  }

  /**
   * Asks beforehand whether what needs a fresh proof can be done.
   *
   * @param session a session
   * @throws RefusedException if it has ended, or has no fresh proof
   */
  public void requireProof(String session) throws RefusedException {
    database.read(
        transaction -> Session.find(transaction, session).requireProven(transaction.now()));
  }

  /**
   * Asks beforehand whether a key or the app can be removed.
   *
   * @param session a session
   * @throws RefusedException if it has ended, or there is only one of them
   */
  public void requireAnotherFactor(String session) throws RefusedException {
    database.read(transaction -> {
      Factors.requireAnother(transaction, Session.find(transaction, session).account());
      return true;
    });
  }

  /**
   * Changes the password.
   *
   * @param client who is calling
   * @param session a session with a fresh proof; it ends as all others do, and devices are forgotten
   * @param password the new one, 10 to 128 characters; the caller wipes it
   * @return a new session
   * @throws RefusedException if the password will not do
   */
  public Step.SignedIn changePassword(Client client, String session, char[] password)
      throws RefusedException {
    return passwords.change(client, session, password);
  }

  /**
   * Turns two-factor authentication off: removes all keys, the app and the recovery codes.
   *
   * @param client who is calling
   * @param session a session with a fresh proof; all others end, and devices are forgotten
   * @throws RefusedException if it is off
   */
  public void turnOff(Client client, String session) throws RefusedException {
    database.change(transaction -> {
      Session of = Session.lockProven(transaction, session);
      String account = of.account();
      if (Factors.of(transaction, account).isEmpty()) {
        throw new RefusedException(Refusal.FACTOR_MISSING);
      }
      for (SecurityKey key : SecurityKey.list(transaction, account)) {
        transaction.keys().remove(account, key.keyHandle());
      }
      transaction.update("DELETE FROM authenticator_apps WHERE account = ?", account);
      transaction.update("DELETE FROM recovery_codes WHERE account = ?", account);
      of.endAllElse(transaction);
      History.record(transaction, account, client, Event.Kind.TURNED_OFF, null, null);
      return account;
    });
  }
}
