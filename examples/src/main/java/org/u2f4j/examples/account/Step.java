package org.u2f4j.examples.account;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What comes after the password. */
public sealed interface Step {
  /**
   * The password was right; a second factor is needed.
   *
   * @param attempt what to hand to the next call; a secret
   * @param factors which ones there are: KEY, APP, RECOVERY_CODE
   * @param expiresAt until when
   */
  record SecondFactor(String attempt, Set<Factor> factors, Instant expiresAt) implements Step {
    @Override
    public String toString() {
      return "second factor of " + factors + " until " + expiresAt;
    }
  }

  /**
   * Somebody is signed in. The session is a new one, whatever there was before.
   *
   * @param session what to hand to other operations; a secret
   * @param expiresAt until when
   * @param remembered what to hand to the next {@link SignIn#password} on this device; a secret; null
   *     unless the device was to be remembered just now
   */
  record SignedIn(
      String session, Instant expiresAt, @Nullable String remembered) implements Step {
    @Override
    public String toString() {
      return "session until " + expiresAt;
    }
  }
}
