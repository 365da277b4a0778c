package org.u2f4j.verifier.webauthn;

import java.time.Instant;
import java.util.List;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.AttestationResponse;
import org.u2f4j.verifier.AttestationCertificate;
import org.u2f4j.verifier.AttestationResult;
import org.u2f4j.verifier.MessageVerifier;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationCheck;
import org.u2f4j.verifier.RegistrationResult;
import org.u2f4j.verifier.VerificationException;

/** What is in a browser's answer to creation options (Web Authentication, section 7.1). */
record CreationCheck(
    String account, AttestationResponse response, AppId rpId, FrameRule frames, boolean zeroAaguid)
    implements RegistrationCheck {
  private static final Bytes NO_AAGUID = Bytes.of(new byte[16]);

  @Override
  public RegistrationResult verify(MessageVerifier verifier, Instant now)
      throws VerificationException {
    // No page asked within another one, unless that was allowed.
    frames.require(response.clientData());
    // Attestation object, authenticator data and COSE key have the form that they should have.
    AttestationObject object = attestationObject();
    UserPublicKey publicKey = publicKey(object);
    AuthenticatorData data = object.authenticatorData();
    // The key signed for this RP ID, and was touched.
    data.require(rpId.applicationParameter(), rpId.value());
    // A U2F key names no model, if that is demanded.
    requireZeroAaguid(object);
    // Certificate, signature, attestation and trust.
    AttestationResult attestation =
        object.verify(verifier, response.clientData().challengeParameter());
    Registration registration = new Registration(
        account,
        // what is stored must not hold on to the message that it was cut from
        new KeyHandle(Bytes.of(object.credential().id().bytes().toArray())),
        publicKey,
        rpId,
        data.counter(),
        attestation.certificate().map(AttestationCertificate::der).orElse(Bytes.EMPTY),
        transports(attestation),
        now,
        null,
        null);
    return new RegistrationResult(registration, attestation, data.flags());
  }

  private AttestationObject attestationObject() throws VerificationException {
    try {
      AttestationObject object = AttestationObject.decode(response.attestationObject());
      if (!object.credential().id().equals(response.id())) {
        throw new FormatException("its credential id is not the answer's \"id\"");
      }
      return object;
    } catch (FormatException e) {
      throw WebAuthnRelyingParty.malformed(e.in("\"attestationObject\""));
    }
  }

  private static UserPublicKey publicKey(AttestationObject object) throws VerificationException {
    try {
      return object.credential().publicKey();
    } catch (FormatException e) {
      throw WebAuthnRelyingParty.malformed(e);
    }
  }

  private void requireZeroAaguid(AttestationObject object) throws VerificationException {
    Bytes aaguid = object.credential().aaguid();
    if (zeroAaguid && object.format().equals("fido-u2f") && !aaguid.equals(NO_AAGUID)) {
      throw new VerificationException(
          Reason.WRONG_AAGUID, "a U2F key has the AAGUID zero, not " + aaguid.hex());
    }
  }

  /** As the browser says, else as the certificate does. */
  private List<String> transports(AttestationResult attestation) {
    List<String> told = CredentialRecord.webAuthnTransports(response.transports());
    return told.isEmpty()
        ? attestation.certificate().map(AttestationCertificate::transports).orElse(List.of())
        : told;
  }
}
