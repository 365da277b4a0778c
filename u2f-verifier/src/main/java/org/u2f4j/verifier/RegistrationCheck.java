package org.u2f4j.verifier;

import java.time.Instant;

/**
 * What there is to check of a registration in an envelope of some kind, besides what was asked for,
 * when, by whom and from where.
 */
@FunctionalInterface
public interface RegistrationCheck {
  /**
   * Checks all of it.
   *
   * @param verifier checks attestations, as the relying party trusts them
   * @param now when the registration is made
   * @return what is to be stored, unless its key handle is known
   * @throws VerificationException if a check fails
   */
  RegistrationResult verify(MessageVerifier verifier, Instant now) throws VerificationException;
}
