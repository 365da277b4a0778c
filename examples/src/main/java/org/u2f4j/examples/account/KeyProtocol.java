package org.u2f4j.examples.account;

import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.RegistrationResult;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;

/**
 * In which form keys are asked and answer. One decision for all accounts: a key that was added in one
 * form is bound to its AppID or RP ID.
 */
interface KeyProtocol {
  /** The relying party on a store, which may be good for one transaction only. */
  RelyingParty relyingParty(RegistrationStore store);

  /** What to ask of a key that is to be added. */
  String request(RelyingParty site, PendingRegistration pending, String email);

  /** What to ask of a key that is to sign in. */
  String request(RelyingParty site, PendingAuthentication pending);

  RegistrationResult finish(RelyingParty site, PendingRegistration pending, String responseJson)
      throws VerificationException;

  AuthenticationResult finish(RelyingParty site, PendingAuthentication pending, String responseJson)
      throws VerificationException;
}
