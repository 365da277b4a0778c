package org.u2f4j.examples.account;

import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import org.u2f4j.Bytes;

/** The app on a phone that shows six digits. An account has one at most. */
public final class AuthenticatorApp {
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private record App(String secret, long lastStep) {}

  /**
   * An app is to be set up.
   *
   * @param ceremony what to hand to {@link AuthenticatorApp#finish}
   * @param secret for those who type it: 32 letters and digits
   * @param uri for those who are on the phone already
   * @param qrCode of the URI
   * @param expiresAt until when a first code counts
   */
  public record SetUp(
      String ceremony, String secret, String uri, QrCode qrCode, Instant expiresAt) {
    @Override
    public String toString() {
      return "set-up until " + expiresAt;
    }
  }

  private final Database database;
  private final KeyFile keyFile;
  private final String issuer;

  AuthenticatorApp(Database database, KeyFile keyFile, String issuer) {
    this.database = database;
    this.keyFile = keyFile;
    this.issuer = issuer;
  }

  /**
   * Begins to set one up; an app that is there stays until {@link #finish}.
   *
   * @param session a session with a fresh proof
   * @return what the app needs; shown once
   * @throws RefusedException if the session has ended, or has no fresh proof
   */
  public SetUp start(String session) throws RefusedException {
    Bytes secret = Tokens.random(Totp.SECRET_BYTES);
    return database.change(transaction -> {
      Session of = Session.lockProven(transaction, session);
      Instant expiresAt = transaction.now().plus(PATIENCE);
      String sealed = keyFile.seal(place(of.account()), secret);
      String ceremony =
          Ceremony.keep(transaction, of.hash(), Ceremony.Kind.ADD_APP, sealed, expiresAt);
      String uri = Totp.uri(issuer, of.email(), secret);
      return new SetUp(ceremony, Totp.base32(secret), uri, QrCode.of(uri), expiresAt);
    });
  }

  /**
   * Sets it up, if the app shows the right code. A wrong one may be corrected.
   *
   * @param client who is calling
   * @param session the session that began
   * @param ceremony that of {@link #start}
   * @param code six digits
   * @throws RefusedException if the code is wrong, or there were too many; or it took too long
   */
  public void finish(Client client, String session, String ceremony, String code)
      throws RefusedException {
    database.change(transaction -> {
      Session of = Session.lock(transaction, session);
      String account = of.account();
      String sealed = Ceremony.look(transaction, of.hash(), Ceremony.Kind.ADD_APP, ceremony);
      RateLimit.CODE.count(transaction, account);
      long step = requireRight(account, sealed, code, transaction.now());
      Ceremony.take(transaction, of.hash(), Ceremony.Kind.ADD_APP, ceremony);
      Set<Factor> before = Factors.of(transaction, account);
      transaction.update(
          "INSERT INTO authenticator_apps (account, secret, added_at, last_step)"
              + " VALUES (?, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET"
              + " secret = excluded.secret, added_at = excluded.added_at,"
              + " last_step = excluded.last_step",
          account,
          sealed,
          transaction.now(),
          step);
      RateLimit.CODE.clear(transaction, account);
      if (before.isEmpty() || before.contains(Factor.APP)) { // turned on, or another app is out
        of.endAllElse(transaction);
      }
      History.record(transaction, account, client, Event.Kind.APP_ADDED, Factor.APP, null);
      return account;
    });
  }

  /**
   * Removes the app.
   *
   * @param client who is calling
   * @param session a session with a fresh proof; all others end, and devices are forgotten
   * @throws RefusedException if there is none, or it is the last second factor
   */
  public void remove(Client client, String session) throws RefusedException {
    database.change(transaction -> {
      Session of = Session.lockProven(transaction, session);
      if (!Factors.of(transaction, of.account()).contains(Factor.APP)) {
        throw new RefusedException(Refusal.NOT_FOUND);
      }
      Factors.requireAnother(transaction, of.account());
      transaction.update("DELETE FROM authenticator_apps WHERE account = ?", of.account());
      of.endAllElse(transaction);
      History.record(transaction, of.account(), client, Event.Kind.APP_REMOVED, Factor.APP, null);
      return of;
    });
  }

  /** Checks a code of an account that is locked; it counts once. */
  void check(Transaction transaction, String account, String code)
      throws SQLException, RefusedException {
    App app = transaction
        .first(
            row -> new App(row.getString("secret"), row.getLong("last_step")),
            "SELECT secret, last_step FROM authenticator_apps WHERE account = ?",
            account)
        .orElseThrow(() -> new RefusedException(Refusal.FACTOR_MISSING));
    RateLimit.CODE.count(transaction, account);
    long step = requireRight(account, app.secret, code, transaction.now());
    if (step <= app.lastStep) {
      throw new RefusedException(Refusal.CODE_USED);
    }
    transaction.update(
        "UPDATE authenticator_apps SET last_step = ? WHERE account = ?", step, account);
    RateLimit.CODE.clear(transaction, account);
  }

  private long requireRight(String account, String sealed, String code, Instant now)
      throws RefusedException {
    OptionalLong step;
    try {
      step = Totp.step(keyFile.open(place(account), sealed), code, now);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an app's secret in the database was altered", e);
    }
    return step.orElseThrow(() -> new RefusedException(Refusal.CODE_WRONG));
  }

  private static String place(String account) {
    return "authenticator app of " + account;
  }
}
