package org.u2f4j.examples.account;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** Codes to print and keep, for the day when key and phone are lost. Each works once. */
public final class RecoveryCodes {
  private static final String BUCKET = " recovery codes";
  private static final int COUNT = 10;

  private final Database database;

  RecoveryCodes(Database database) {
    this.database = database;
  }

  /**
   * Makes new ones; the old ones count no longer.
   *
   * @param client who is calling
   * @param session a session with a fresh proof
   * @return ten codes of four groups of five letters and digits; shown once
   * @throws RefusedException if two-factor authentication is off
   */
  public List<String> make(Client client, String session) throws RefusedException {
    List<String> codes = Stream.generate(Tokens::recoveryCode).limit(COUNT).toList();
    return database.change(transaction -> {
      String account = Session.lockProven(transaction, session).account();
      if (Factors.of(transaction, account).isEmpty()) {
        throw new RefusedException(Refusal.FACTOR_MISSING);
      }
      transaction.update("DELETE FROM recovery_codes WHERE account = ?", account);
      for (String code : codes) {
        transaction.update(
            "INSERT INTO recovery_codes (account, code_hash) VALUES (?, ?)",
            account,
            Tokens.recoveryHash(account, code));
      }
      History.record(transaction, account, client, Event.Kind.RECOVERY_CODES_MADE, null, null);
      return codes;
    });
  }

  static int left(Transaction transaction, String account) throws SQLException {
    return transaction
        .first(
            row -> row.getInt(1),
            "SELECT count(*) FROM recovery_codes WHERE account = ? AND used_at IS NULL",
            account)
        .orElse(0);
  }

  /** Uses a code of an account that is locked. */
  static void use(Transaction transaction, String account, String code)
      throws SQLException, RefusedException {
    // counted apart from the app's: whoever guesses those does not take the owner's last way in
    RateLimit.CODE.count(transaction, account + BUCKET);
    int used = transaction.update(
        "UPDATE recovery_codes SET used_at = ?"
            + " WHERE account = ? AND code_hash = ? AND used_at IS NULL",
        transaction.now(),
        account,
        Tokens.recoveryHash(account, code));
    if (used == 0) {
      throw new RefusedException(Refusal.RECOVERY_CODE_WRONG);
    }
    RateLimit.CODE.clear(transaction, account + BUCKET);
  }
}
