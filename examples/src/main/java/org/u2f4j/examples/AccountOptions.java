package org.u2f4j.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.AccountSettings;
import org.u2f4j.examples.account.Site;
import org.u2f4j.examples.web.PublicUrl;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Where accounts are kept and to which site they belong: options of the terminal and of the page. */
final class AccountOptions {
  /** Instead of the option, since everybody on a machine can read its command lines. */
  private static final String DATABASE = "U2F_DATABASE";

  private static final String SQLITE = "jdbc:sqlite:";
  private static final String NAME = "u2f";

  private AccountOptions() {}

  static void add(CommandSpec spec) {
    spec.addOption(Command.option(
            String.class,
            "URL",
            "The database: jdbc:sqlite:FILE, or%n  jdbc:postgresql://HOST/NAME and what that driver"
                + " takes. Default: what the variable " + DATABASE
                + " says, else a SQLite file in the folder of --data.",
            "--database")
        .build());
    spec.addOption(Command.option(
            Path.class,
            "DIR",
            "Folder for the database, its key file, and who is signed in here. Default: "
                + "u2f4j in this user's folder for data.",
            "--data")
        .build());
    spec.addOption(Command.option(
            String.class,
            "URL",
            "Where people find the page of the accounts, like%n  https://id.example.org: keys belong"
                + " to its host for ever. Default: localhost.",
            "--public-url")
        .build());
  }

  static Path folder(ParseResult options) throws Failure {
    Path folder = options.matchedOptionValue("--data", null);
    if (folder != null && folder.toString().isBlank()) {
      throw new Failure(Exit.USAGE, "--data is the name of a folder, not \"" + folder + "\"");
    }
    return folder == null ? AccountSettings.userFolder() : folder;
  }

  static AccountSettings settings(ParseResult options) throws Failure {
    AccountSettings settings = AccountSettings.in(folder(options));
    String database = options.matchedOptionValue("--database", System.getenv(DATABASE));
    if (database != null && !database.isEmpty()) {
      requireKnown(database);
      settings = settings.withDatabase(database);
    }
    @Nullable PublicUrl url = publicUrl(options);
    return url == null ? settings : settings.withSite(site(url));
  }

  /** What it says behind its kind is not shown: it may hold a password. */
  private static void requireKnown(String database) throws Failure {
    if (!database.startsWith(SQLITE) && !database.startsWith("jdbc:postgresql:")) {
      throw new Failure(
          Exit.USAGE,
          "a database is jdbc:sqlite:FILE or jdbc:postgresql://HOST/NAME, not \"%s...\""
              .formatted(database.replaceFirst("(?s)^((jdbc:)?\\w*:?).*", "$1")));
    }
  }

  /** Where there is no database there is no account. */
  static void requireAccounts(AccountSettings settings) throws Failure {
    String database = settings.database();
    String file = database.startsWith(SQLITE) ? database.substring(SQLITE.length()) : "";
    // a file in place of the folder is told by who uses it; whether notExists says so depends on
    // the JDK
    if (!file.isEmpty()
        && Files.notExists(Path.of(file))
        && !Files.isRegularFile(Path.of(file).resolveSibling(""))) {
      throw new Failure(
          Exit.REFUSED,
          "there is no account in %s yet: \"u2f account create\" makes one; if you have one, --data says where"
              .formatted(file));
    }
  }

  /** The site at a public URL: what comes from there may ask keys, and nothing else. */
  static Site site(PublicUrl url) {
    return new Site(url.host(), NAME, List.of(url.origin()));
  }

  static @Nullable PublicUrl publicUrl(ParseResult options) throws Failure {
    @Nullable String text = options.matchedOptionValue("--public-url", null);
    try {
      return text == null ? null : PublicUrl.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Failure(
          Exit.USAGE, "--public-url cannot be %s: %s".formatted(text, e.getMessage()), e);
    }
  }
}
