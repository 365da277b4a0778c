package org.u2f4j.verifier.webauthn;

import org.u2f4j.AppId;
import org.u2f4j.FormatException;
import org.u2f4j.json.AssertionResponse;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.verifier.AuthenticationCheck;
import org.u2f4j.verifier.MessageVerifier;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.VerificationException;

/**
 * What is in a browser's answer to request options (Web Authentication, sections 7.2 and 10.1.1).
 *
 * @param scope the AppID if the browser says that it used it and was asked to, else the RP ID
 */
record AssertionCheck(AssertionResponse response, AppId scope, FrameRule frames)
    implements AuthenticationCheck {
  @Override
  public AuthenticationResponse verify(MessageVerifier verifier, Registration registration)
      throws VerificationException {
    // No page asked within another one, unless that was allowed.
    frames.require(response.clientData());
    AuthenticatorData data = authenticatorData();
    // The registration is bound to what was asked for; the key signed for that, and was touched.
    if (!registration.appId().equals(scope)) {
      throw new VerificationException(
          Reason.WRONG_APP_ID,
          "the registration is bound to %s, the answer, whose extension result appid is %s, is for %s"
              .formatted(registration.appId(), response.appId(), scope));
    }
    data.require(scope.applicationParameter(), scope.value());
    // The signature is over exactly the bytes that were received.
    verifier.verify(
        registration.publicKey(),
        data.signedBytes(response.clientData().challengeParameter()),
        response.signature());
    return new AuthenticationResponse(data.flags(), data.counter(), response.signature());
  }

  private AuthenticatorData authenticatorData() throws VerificationException {
    try {
      AuthenticatorData data = AuthenticatorData.decode(response.authenticatorData());
      if (data.credential() != null) {
        throw new FormatException("a new credential is no answer to this");
      }
      return data;
    } catch (FormatException e) {
      throw WebAuthnRelyingParty.malformed(e.in("\"authenticatorData\""));
    }
  }
}
