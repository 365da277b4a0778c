package org.u2f4j.examples.account;

import java.sql.SQLException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Which second factors an account has. Two-factor authentication is on if there is a key or an app. */
final class Factors {
  private Factors() {}

  /** Those that can be asked for; empty if two-factor authentication is off. */
  static Set<Factor> of(Transaction transaction, String account) throws SQLException {
    Set<Factor> factors = EnumSet.noneOf(Factor.class);
    if (transaction.exists("SELECT 1 FROM key_names WHERE account = ?", account)) {
      factors.add(Factor.KEY);
    }
    if (transaction.exists("SELECT 1 FROM authenticator_apps WHERE account = ?", account)) {
      factors.add(Factor.APP);
    }
    if (!factors.isEmpty() && RecoveryCodes.left(transaction, account) > 0) {
      factors.add(Factor.RECOVERY_CODE);
    }
    return Collections.unmodifiableSet(factors);
  }

  /** Of several keys and an app one may go; the last of them goes with two-factor authentication. */
  static void requireAnother(Transaction transaction, String account)
      throws SQLException, RefusedException {
    int keys = SecurityKey.list(transaction, account).size();
    int apps = of(transaction, account).contains(Factor.APP) ? 1 : 0;
    if (keys + apps < 2) {
      throw new RefusedException(Refusal.LAST_FACTOR);
    }
  }
}
