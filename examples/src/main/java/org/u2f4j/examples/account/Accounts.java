package org.u2f4j.examples.account;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.u2f4j.Bytes;

/** Accounts in a database. Several processes may have it open; all threads may use this. */
public final class Accounts implements AutoCloseable {
  private static final String CHECK = "key file check";

  /** Whatever has a time of its own, and may be forgotten after that. */
  private static final List<String> SWEEPS = List.of(
      "DELETE FROM sessions WHERE expires_at <= ?",
      "DELETE FROM remembered_devices WHERE expires_at <= ?",
      "DELETE FROM attempts WHERE expires_at <= ?",
      "DELETE FROM ceremonies WHERE expires_at <= ?",
      "DELETE FROM rate_limits WHERE expires_at <= ?",
      "DELETE FROM events WHERE expires_at <= ?");

  private final Database database;
  private final Passwords passwords;
  private final SignIn signIn;
  private final Profile profile;
  private final SecurityKeys keys;
  private final AuthenticatorApp app;
  private final RecoveryCodes recoveryCodes;
  private final Devices devices;
  private final History history;

  private Accounts(
      Database database, KeyFile keyFile, PasswordHash hash, AccountSettings settings) {
    this.database = database;
    this.passwords = new Passwords(database, hash);
    this.app = new AuthenticatorApp(database, keyFile, settings.site().name());
    this.signIn = new SignIn(database, passwords, settings.site(), app);
    this.profile = new Profile(database, passwords);
    this.keys = new SecurityKeys(database, settings.site());
    this.recoveryCodes = new RecoveryCodes(database);
    this.devices = new Devices(database);
    this.history = new History(database);
  }

  /**
   * Opens the database, brings its tables up to date, and forgets what has expired.
   *
   * @param settings where and how
   * @return the accounts, to be closed
   * @throws IOException if the database cannot be reached or set up, or the key file cannot be used;
   *     the message says what to do
   */
  public static Accounts open(AccountSettings settings) throws IOException {
    return open(settings, new Argon2PasswordHash(settings.cost()));
  }

  static Accounts open(AccountSettings settings, PasswordHash hash) throws IOException {
    Path folder = settings.keyFile().toAbsolutePath().getParent();
    if (folder != null) {
      OwnerOnly.makeFolder(folder);
    }
    Database database = Database.open(settings.database(), settings.clock());
    try {
      KeyFile keyFile = KeyFile.open(settings.keyFile());
      requireSame(database, keyFile, settings.keyFile());
      Accounts accounts = new Accounts(database, keyFile, hash, settings);
      accounts.sweep();
      return accounts;
    } catch (DatabaseException e) {
      database.close();
      throw new IOException("the database cannot be used: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** The first key file that is used with a database is the one for ever. */
  private static void requireSame(Database database, KeyFile keyFile, Path path)
      throws IOException {
    try {
      String sealed = database.change(transaction -> {
        transaction.update(
            "INSERT INTO key_file_check (id, sealed) VALUES (1, ?) ON CONFLICT (id) DO NOTHING",
            keyFile.seal(CHECK, Bytes.EMPTY));
        return transaction
            .first(row -> row.getString("sealed"), "SELECT sealed FROM key_file_check")
            .orElseThrow();
      });
      keyFile.open(CHECK, sealed);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "%s is not the key file of this database: put back the one that was used with it first"
              .formatted(path),
          e);
    } catch (RefusedException e) {
      throw new IllegalStateException("nobody is refused here", e);
    }
  }

  /** Forgets what has expired; open() does so, and a program that runs for long once in a while. */
  public void sweep() {
    try {
      for (String sql : SWEEPS) {
        database.change(transaction -> transaction.update(sql, transaction.now()));
      }
    } catch (RefusedException e) {
      throw new IllegalStateException("nobody is refused here", e);
    }
  }

  /**
   * Asks beforehand whether an account can have an address, as making one tells.
   *
   * @param client who is calling; counted, with wrong passwords and new accounts, if it is taken
   * @param email the address
   * @throws RefusedException if it is none, or is taken
   */
  public void requireFree(Client client, String email) throws RefusedException {
    passwords.requireFree(client, email);
  }

  /**
   * Asks beforehand whether a new password will do.
   *
   * @param email the account's address
   * @param password the password; the caller wipes it
   * @throws RefusedException if it is too short, too long, or the address
   */
  public void requireGoodPassword(String email, char[] password) throws RefusedException {
    Passwords.requireGood(email, password);
  }

  /**
   * Makes an account.
   *
   * @param client who is calling
   * @param email its address
   * @param password 10 to 128 characters; the caller wipes it
   * @throws RefusedException if the address or the password will not do, or the address is taken
   */
  public void create(Client client, String email, char[] password) throws RefusedException {
    passwords.create(client, email, password);
  }

  /**
   * Signing in and out, fresh proofs.
   *
   * @return the operations
   */
  public SignIn signIn() {
    return signIn;
  }

  /**
   * What the account has, its password, turning two-factor authentication off.
   *
   * @return the operations
   */
  public Profile profile() {
    return profile;
  }

  /**
   * Security keys.
   *
   * @return the operations
   */
  public SecurityKeys keys() {
    return keys;
  }

  /**
   * The authenticator app.
   *
   * @return the operations
   */
  public AuthenticatorApp app() {
    return app;
  }

  /**
   * Recovery codes.
   *
   * @return the operations
   */
  public RecoveryCodes recoveryCodes() {
    return recoveryCodes;
  }

  /**
   * Remembered devices.
   *
   * @return the operations
   */
  public Devices devices() {
    return devices;
  }

  /**
   * What happened.
   *
   * @return the operations
   */
  public History history() {
    return history;
  }

  @Override
  public void close() {
    database.close();
  }
}
