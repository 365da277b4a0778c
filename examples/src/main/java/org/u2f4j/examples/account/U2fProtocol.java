package org.u2f4j.examples.account;

import java.time.InstantSource;
import org.u2f4j.AppId;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.RegistrationResult;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;

/** Keys are asked and answer in the JSON of the U2F JavaScript API. */
record U2fProtocol(AppId appId, String origin, EcdsaEngine engine, InstantSource clock)
    implements KeyProtocol {
  @Override
  public RelyingParty relyingParty(RegistrationStore store) {
    return RelyingParty.builder(appId, store, AttestationTrust.acceptAny())
        .facets(origin)
        .engine(engine)
        .clock(clock)
        .build();
  }

  @Override
  public String request(RelyingParty site, PendingRegistration pending, String email) {
    return pending.requestJson();
  }

  @Override
  public String request(RelyingParty site, PendingAuthentication pending) {
    return pending.requestJson();
  }

  @Override
  public RegistrationResult finish(
      RelyingParty site, PendingRegistration pending, String responseJson)
      throws VerificationException {
    return site.finishRegistration(pending, responseJson);
  }

  @Override
  public AuthenticationResult finish(
      RelyingParty site, PendingAuthentication pending, String responseJson)
      throws VerificationException {
    return site.finishAuthentication(pending, responseJson);
  }
}
