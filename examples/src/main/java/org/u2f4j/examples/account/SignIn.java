package org.u2f4j.examples.account;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.u2f4j.FormatException;
import org.u2f4j.examples.account.Step.SecondFactor;
import org.u2f4j.examples.account.Step.SignedIn;
import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.VerificationException;

/** Signing in, and proving anew who one is: the password first, then a second factor. */
public final class SignIn {
  private final Database database;
  private final Passwords passwords;
  private final Site site;
  private final AuthenticatorApp app;

  SignIn(Database database, Passwords passwords, Site site, AuthenticatorApp app) {
    this.database = database;
    this.passwords = passwords;
    this.site = site;
    this.app = app;
  }

  /**
   * Begins to sign in.
   *
   * @param client who is calling
   * @param email as typed
   * @param password as typed; the caller wipes it
   * @param remembered what {@link Step.SignedIn#remembered} said on this device once; null if nothing
   * @return the second factor to ask for; or the session, if two-factor authentication is off or the
   *     device is remembered
   * @throws RefusedException if one of them is wrong, nobody learns which; or after too many
   */
  public Step password(Client client, String email, char[] password, @Nullable String remembered)
      throws RefusedException {
    return passwords.check(client, email, password, remembered, (transaction, account) -> {
      Set<Factor> factors = Factors.of(transaction, account);
      Optional<String> device = Devices.find(transaction, account, remembered);
      if (factors.isEmpty() || device.isPresent()) {
        if (device.isPresent()) {
          Devices.used(transaction, device.get());
        }
        Factor factor = factors.isEmpty() ? Factor.NONE : Factor.REMEMBERED_DEVICE;
        History.record(transaction, account, client, Event.Kind.SIGNED_IN, factor, null);
        return signedIn(transaction, account, factors.isEmpty(), null);
      }
      return secondFactor(transaction, client, account, factors, null);
    });
  }

  /**
   * Begins to prove anew who one is; ends as signing in does, with a new session.
   *
   * @param client who is calling
   * @param session a session
   * @param password as typed; the caller wipes it
   * @return the second factor to ask for, whatever device it is; or the session, if two-factor
   *     authentication is off
   * @throws RefusedException if the password is wrong, or after too many
   */
  public Step prove(Client client, String session, char[] password) throws RefusedException {
    Session of = database.read(transaction -> Session.find(transaction, session));
    return passwords.check(client, of, password, (transaction, account) -> {
      Session still = Session.find(transaction, session);
      Set<Factor> factors = Factors.of(transaction, account);
      if (factors.isEmpty()) {
        Session.end(transaction, still.hash());
        History.record(transaction, account, client, Event.Kind.PROVEN, Factor.NONE, null);
        return signedIn(transaction, account, true, null);
      }
      return secondFactor(transaction, client, account, factors, still.hash());
    });
  }

  private static SecondFactor secondFactor(
      Transaction transaction,
      Client client,
      String account,
      Set<Factor> factors,
      @Nullable String session)
      throws SQLException {
    String attempt = Attempt.start(transaction, client, account, session);
    return new SecondFactor(attempt, factors, transaction.now().plus(Attempt.LASTS));
  }

  static SignedIn signedIn(
      Transaction transaction, String account, boolean proven, @Nullable String remembered)
      throws SQLException {
    String session = Session.start(transaction, account, proven);
    return new SignedIn(session, transaction.now().plus(Session.LASTS), remembered);
  }

  /**
   * The second factors that an attempt can be finished with.
   *
   * @param attempt that of the second factor
   * @return KEY, APP, RECOVERY_CODE, those that there are
   * @throws RefusedException if the attempt is over
   */
  public Set<Factor> factors(String attempt) throws RefusedException {
    return database.read(transaction ->
        Factors.of(transaction, Attempt.find(transaction, attempt).account()));
  }

  /**
   * Asks for a key.
   *
   * @param attempt that of the second factor
   * @return what to ask any of the account's keys
   * @throws RefusedException if the attempt is over, or the account has no key
   */
  public Prompt startKey(String attempt) throws RefusedException {
    return database.change(transaction -> {
      Attempt of = Attempt.lock(transaction, attempt);
      if (!Factors.of(transaction, of.account()).contains(Factor.KEY)) {
        throw new RefusedException(Refusal.FACTOR_MISSING);
      }
      Site.Asker asker = site.in(transaction);
      PendingAuthentication pending = asker.party().startAuthentication(of.account());
      String ceremony = Ceremony.keep(
          transaction, of.hash(), Ceremony.Kind.USE_KEY, pending.toJson(), pending.expiresAt());
      return new Prompt(ceremony, asker.options(pending), pending.expiresAt());
    });
  }

  /**
   * Signs in with a key's answer.
   *
   * @param client who is calling
   * @param attempt that of the second factor
   * @param ceremony that of the prompt
   * @param responseJson the key's answer as WebAuthn has it; or {@code {"errorCode":5}}, the error code
   *     of U2F, if there is none
   * @param remember whether to remember this device
   * @return the session
   * @throws RefusedException if the answer does not pass; it cannot be given again then, but the
   *     attempt goes on
   */
  public SignedIn finishKey(
      Client client, String attempt, String ceremony, String responseJson, boolean remember)
      throws RefusedException {
    return factor(client, attempt, Factor.KEY, remember, (transaction, of) -> {
      String pending = Ceremony.take(transaction, of.hash(), Ceremony.Kind.USE_KEY, ceremony);
      try {
        AuthenticationResult result =
            site.in(transaction).finish(PendingAuthentication.fromJson(pending), responseJson);
        return name(transaction, of.account(), result);
      } catch (VerificationException e) {
        throw KeyRefusal.of(e, false);
      } catch (FormatException e) {
        throw new IllegalStateException("a pending authentication cannot be read", e);
      }
    });
  }

  private static @Nullable String name(
      Transaction transaction, String account, AuthenticationResult result) throws SQLException {
    return SecurityKey.list(transaction, account).stream()
        .filter(key -> key.keyHandle().equals(result.registration().keyHandle()))
        .findFirst()
        .map(SecurityKey::name)
        .orElse(null);
  }

  /**
   * Signs in with a code of the authenticator app.
   *
   * @param client who is calling
   * @param attempt that of the second factor
   * @param code six digits, as typed
   * @param remember whether to remember this device
   * @return the session
   * @throws RefusedException if the code is wrong, was used, or there were too many
   */
  public SignedIn code(Client client, String attempt, String code, boolean remember)
      throws RefusedException {
    return factor(client, attempt, Factor.APP, remember, (transaction, of) -> {
      app.check(transaction, of.account(), code);
      return null;
    });
  }

  /**
   * Signs in with a recovery code, which is used up then.
   *
   * @param client who is calling
   * @param attempt that of the second factor
   * @param code as typed
   * @param remember whether to remember this device
   * @return the session
   * @throws RefusedException if the code is wrong, was used, or there were too many
   */
  public SignedIn recoveryCode(Client client, String attempt, String code, boolean remember)
      throws RefusedException {
    return factor(client, attempt, Factor.RECOVERY_CODE, remember, (transaction, of) -> {
      RecoveryCodes.use(transaction, of.account(), code);
      return RecoveryCodes.left(transaction, of.account()) + " left";
    });
  }

  /** Checks a factor, and says what to note of it. */
  private interface Check {
    @Nullable
    String run(Transaction transaction, Attempt attempt) throws SQLException, RefusedException;
  }

  private SignedIn factor(
      Client client, String attempt, Factor factor, boolean remember, Check check)
      throws RefusedException {
    return database.change(transaction -> {
      Attempt of = Attempt.lock(transaction, attempt);
      String account = of.account();
      String detail;
      try {
        detail = check.run(transaction, of);
      } catch (RefusedException e) {
        History.refused(transaction, account, client, factor, e.reason());
        throw e;
      }
      Attempt.end(transaction, of.hash());
      if (of.session() != null) {
        Session.end(transaction, of.session());
      }
      Event.Kind kind = of.session() == null ? Event.Kind.SIGNED_IN : Event.Kind.PROVEN;
      History.record(transaction, account, client, kind, factor, detail);
      String token = remember ? Devices.remember(transaction, account, client) : null;
      return signedIn(transaction, account, true, token);
    });
  }

  /**
   * Gives up an attempt.
   *
   * @param attempt which one; nothing happens if it is over
   */
  public void cancel(String attempt) throws RefusedException {
    database.change(transaction -> {
      Attempt.end(transaction, Tokens.hash(attempt));
      return attempt;
    });
  }

  /**
   * Signs out.
   *
   * @param client who is calling
   * @param session which session
   * @throws RefusedException if it has ended before
   */
  public void signOut(Client client, String session) throws RefusedException {
    database.change(transaction -> {
      Session of = Session.lock(transaction, session);
      Session.end(transaction, of.hash());
      History.record(transaction, of.account(), client, Event.Kind.SIGNED_OUT, null, null);
      return of;
    });
  }

  /**
   * Ends the session that a new one takes the place of on a device, perhaps somebody else's. The history
   * has the new one only.
   *
   * @param session which session; nothing happens if it has ended
   */
  public void leave(String session) throws RefusedException {
    database.change(transaction -> {
      Session.end(transaction, Tokens.hash(session));
      return session;
    });
  }
}
