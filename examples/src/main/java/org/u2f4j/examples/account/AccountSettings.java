package org.u2f4j.examples.account;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * Where accounts are kept, and to which site their keys are bound.
 *
 * @param database {@code jdbc:sqlite:} and a file, or {@code jdbc:postgresql:} and what the driver
 *     takes
 * @param keyFile the file that the secrets of authenticator apps are encrypted with; all processes on
 *     one database need the same
 * @param site what keys are bound to, and authenticator apps show the name of
 * @param cost what hashing a password costs
 * @param clock tells the time
 */
public record AccountSettings(
    String database, Path keyFile, Site site, Argon2PasswordHash.Cost cost, InstantSource clock) {
  /** What the terminal calls itself, for the RP ID localhost. */
  public static final String TERMINAL = "http://localhost";

  /**
   * The usual ones, for localhost and the terminal, with a SQLite file and the key file in a folder.
   *
   * @param folder is made, for its owner alone, if it does not exist
   * @return settings
   */
  public static AccountSettings in(Path folder) {
    return new AccountSettings(
        "jdbc:sqlite:" + folder.resolve("accounts.db"),
        folder.resolve("accounts.key"),
        new Site("localhost", "u2f", List.of(TERMINAL)),
        Argon2PasswordHash.Cost.USUAL,
        InstantSource.system());
  }

  /**
   * The same with another database.
   *
   * @param address {@code jdbc:postgresql:} and what the driver takes, or another SQLite file
   * @return settings
   */
  public AccountSettings withDatabase(String address) {
    return new AccountSettings(address, keyFile, site, cost, clock);
  }

  /**
   * The same for another site.
   *
   * @param other what keys are bound to
   * @return settings
   */
  public AccountSettings withSite(Site other) {
    return new AccountSettings(database, keyFile, other, cost, clock);
  }

  /**
   * Where programs keep what belongs to the person who runs them, by the system's custom.
   *
   * @return a folder of ours, which need not exist
   */
  public static Path userFolder() {
    String home = variable("HOME", System.getProperty("user.home", ""));
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows")) {
      return Path.of(variable("LOCALAPPDATA", System.getProperty("user.home", "")), "u2f4j");
    }
    if (system.startsWith("mac")) {
      return Path.of(home, "Library", "Application Support", "u2f4j");
    }
    return Path.of(variable("XDG_DATA_HOME", home + "/.local/share"), "u2f4j");
  }

  private static String variable(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  /** Hides the address of the database, which may have a password in it. */
  @Override
  public String toString() {
    return "accounts of " + site + ", key file " + keyFile;
  }
}
