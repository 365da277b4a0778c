package org.u2f4j.examples.account;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Transaction.Reader;

/**
 * Passwords. Hashing one takes a tenth of a second, so it is done between two transactions: the first
 * one counts the try, the second one acts on the answer, if the password is still the same.
 */
final class Passwords {
  private static final int SHORTEST = 10;
  private static final int LONGEST = 128;
  private static final int LONGEST_EMAIL = 254;

  private record Account(String id, String passwordHash) {}

  private static final Reader<Account> ACCOUNT =
      row -> new Account(row.getString("id"), row.getString("password_hash"));

  /**
   * A try that was counted, whose password it has to be, whether anybody could have made it, and what
   * to say if it is wrong.
   */
  private record Try(String counted, Optional<Account> account, boolean stranger, Refusal wrong) {}

  /** What comes after the right password; the account is locked. */
  interface Next<T> {
    T run(Transaction transaction, String account) throws SQLException, RefusedException;
  }

  private final Database database;
  private final PasswordHash hash;

  /** What an unknown account's password is compared with: it costs the same, and is nobody's. */
  private final String nobody;

  Passwords(Database database, PasswordHash hash) {
    this.database = database;
    this.hash = hash;
    this.nobody = hash.nobody();
  }

  void create(Client client, String typed, char[] password) throws RefusedException {
    String email = normal(typed);
    if (!isAddress(email)) {
      throw new RefusedException(Refusal.EMAIL_INVALID);
    }
    requireGood(email, password);
    database.change(transaction -> {
      RateLimit.ADDRESS.count(transaction, client.network());
      return true;
    });
    String kept = hash.hash(password);
    database.change(transaction -> {
      String id = Tokens.id();
      int made = transaction.update(
          "INSERT INTO accounts (id, email, password_hash, created_at, revision)"
              + " VALUES (?, ?, ?, ?, 0) ON CONFLICT (email) DO NOTHING",
          id,
          email,
          kept,
          transaction.now());
      if (made == 0) {
        throw new RefusedException(Refusal.EMAIL_TAKEN);
      }
      History.record(transaction, id, client, Event.Kind.CREATED, null, null);
      return id;
    });
  }

  void requireFree(Client client, String typed) throws RefusedException {
    String email = normal(typed);
    if (!isAddress(email)) {
      throw new RefusedException(Refusal.EMAIL_INVALID);
    }
    database.change(transaction -> {
      RateLimit.ADDRESS.count(transaction, client.network());
      if (transaction.exists("SELECT 1 FROM accounts WHERE email = ?", email)) {
        throw new RefusedException(Refusal.EMAIL_TAKEN);
      }
      RateLimit.ADDRESS.giveBack(transaction, client.network()); // making it counts
      return true;
    });
  }

  private static boolean isAddress(String email) {
    return email.length() <= LONGEST_EMAIL && email.matches("[^\\s\\p{C}@]+@[^\\s\\p{C}@]+");
  }

  private static String normal(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }

  static void requireGood(String typed, char[] password) throws RefusedException {
    String email = normal(typed);
    int length = Character.codePointCount(password, 0, password.length);
    if (length < SHORTEST || length > LONGEST || isEmail(password, email)) {
      throw new RefusedException(Refusal.PASSWORD_WEAK);
    }
  }

  /** Whether it is the address, in large or small letters. */
  private static boolean isEmail(char[] password, String email) {
    return password.length == email.length()
        && IntStream.range(0, password.length)
            .allMatch(i -> Character.toLowerCase(password[i]) == email.charAt(i));
  }

  /** Checks a password at sign-in. */
  <T> T check(
      Client client, String typed, char[] password, @Nullable String remembered, Next<T> next)
      throws RefusedException {
    String given = normal(typed);
    String email = isAddress(given) ? given : ""; // PostgreSQL takes no NUL in a text
    Try counted = database.change(transaction -> {
      Optional<Account> account = transaction.first(
          ACCOUNT, "SELECT id, password_hash FROM accounts WHERE email = ?", email);
      // strangers who try passwords, even from its network, do not lock the owner's own device out
      Optional<String> device =
          Devices.find(transaction, account.map(Account::id).orElse(""), remembered);
      if (device.isEmpty()) {
        RateLimit.ADDRESS.count(transaction, client.network());
      }
      String what = email + " on " + device.orElse("a stranger");
      RateLimit.PASSWORD.count(transaction, what);
      return new Try(what, account, device.isEmpty(), Refusal.WRONG_PASSWORD);
    });
    return compare(client, counted, password, next);
  }

  /** Checks the password of somebody who is signed in. */
  <T> T check(Client client, Session session, char[] password, Next<T> next)
      throws RefusedException {
    String sql = "SELECT id, password_hash FROM accounts WHERE id = ?";
    Try counted = database.change(transaction -> {
      RateLimit.PASSWORD.count(transaction, session.account());
      Optional<Account> account = transaction.first(ACCOUNT, sql, session.account());
      return new Try(session.account(), account, false, Refusal.WRONG_OWN_PASSWORD);
    });
    return compare(client, counted, password, next);
  }

  private <T> T compare(Client client, Try counted, char[] password, Next<T> next)
      throws RefusedException {
    Optional<Account> found = counted.account;
    String kept = found.map(Account::passwordHash).orElse(nobody);
    boolean matches = password.length <= LONGEST * 2 && hash.matches(password, kept);
    if (!matches || found.isEmpty()) {
      database.change(transaction -> {
        String account = found.map(Account::id).orElse(null);
        History.record(transaction, account, client, Event.Kind.PASSWORD_REFUSED, null, null);
        throw new RefusedException(counted.wrong);
      });
    }
    String account = found.orElseThrow().id();
    String renewed = hash.outdated(kept) ? hash.hash(password) : kept;
    return database.change(transaction -> {
      transaction.lock(account);
      int same = transaction.update(
          "UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ?",
          renewed,
          account,
          kept);
      if (same == 0) { // it was changed in the meantime
        throw new RefusedException(counted.wrong);
      }
      if (counted.stranger) {
        RateLimit.ADDRESS.giveBack(transaction, client.network());
      }
      RateLimit.PASSWORD.clear(transaction, counted.counted);
      return next.run(transaction, account);
    });
  }

  /** A new password. Whoever came in by the old one is out. */
  Step.SignedIn change(Client client, String session, char[] password) throws RefusedException {
    Session before = database.read(transaction -> Session.find(transaction, session));
    requireGood(before.email(), password);
    String kept = hash.hash(password);
    return database.change(transaction -> {
      Session of = Session.lockProven(transaction, session);
      transaction.update("UPDATE accounts SET password_hash = ? WHERE id = ?", kept, of.account());
      of.endAllElse(transaction);
      Session.end(transaction, of.hash());
      History.record(transaction, of.account(), client, Event.Kind.PASSWORD_CHANGED, null, null);
      return SignIn.signedIn(transaction, of.account(), true, null);
    });
  }
}
