package org.u2f4j.verifier;

import org.u2f4j.message.AuthenticationResponse;

/**
 * What there is to check of an authentication in an envelope of some kind, besides what was asked
 * for, when, by whom and from where, and the counter.
 */
@FunctionalInterface
public interface AuthenticationCheck {
  /**
   * Checks all of it.
   *
   * @param verifier checks signatures
   * @param registration the registration that the response names, as it is stored
   * @return what the key signed
   * @throws VerificationException if a check fails
   */
  AuthenticationResponse verify(MessageVerifier verifier, Registration registration)
      throws VerificationException;
}
