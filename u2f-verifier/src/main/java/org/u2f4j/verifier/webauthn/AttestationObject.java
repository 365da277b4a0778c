package org.u2f4j.verifier.webauthn;

import java.util.List;
import java.util.Set;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.verifier.AttestationResult;
import org.u2f4j.verifier.MessageVerifier;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.VerificationException;

/**
 * A new credential and what vouches for it (Web Authentication, section 6.5): a map of CBOR with the
 * members fmt, attStmt and authData, in any order.
 */
public final class AttestationObject {
  private static final Set<String> MEMBERS = Set.of("fmt", "attStmt", "authData");

  /** The certificate and those that lead to a root; real keys send one to three. */
  private static final int MAX_CERTIFICATES = 4;

  private final String format;
  private final CborMap statement;
  private final AuthenticatorData authenticatorData;
  private final AuthenticatorData.Credential credential;

  private AttestationObject(
      String format,
      CborMap statement,
      AuthenticatorData authenticatorData,
      AuthenticatorData.Credential credential) {
    this.format = format;
    this.statement = statement;
    this.authenticatorData = authenticatorData;
    this.credential = credential;
  }

  /**
   * Reads an attestation object.
   *
   * @param bytes strict CBOR, nothing behind it
   * @return the attestation object, whose statement was not looked at
   * @throws FormatException if that is not what the bytes are, or there is no new credential
   */
  public static AttestationObject decode(Bytes bytes) throws FormatException {
    CborMap object = CborReader.decode(bytes);
    object.requireOnly(MEMBERS);
    AuthenticatorData data;
    try {
      data = AuthenticatorData.decode(object.bytes("authData"));
    } catch (FormatException e) {
      throw e.in("\"authData\"");
    }
    if (data.credential() == null) {
      throw new FormatException("\"authData\" hold no new credential, by their flags");
    }
    return new AttestationObject(
        object.text("fmt"), object.map("attStmt"), data, data.credential());
  }

  /**
   * The format of the attestation statement.
   *
   * @return "fido-u2f", "packed", "none", or whatever was received
   */
  public String format() {
    return format;
  }

  /**
   * What the key says of itself.
   *
   * @return the authenticator data, with a credential
   */
  public AuthenticatorData authenticatorData() {
    return authenticatorData;
  }

  /**
   * The new credential.
   *
   * @return that of the authenticator data
   */
  public AuthenticatorData.Credential credential() {
    return credential;
  }

  /**
   * Checks the attestation statement (Web Authentication, sections 8.2, 8.6 and 8.7).
   *
   * <p>The format fido-u2f does not sign the AAGUID, so it says nothing there and nobody is asked
   * what make it stands for.
   *
   * @param verifier checks signatures, certificates and trust
   * @param clientDataHash SHA-256 of the client data
   * @return what the attestation says
   * @throws VerificationException if a check fails, or the format is none of fido-u2f, packed (with
   *     certificates, or signed by the credential itself) and none
   */
  public AttestationResult verify(MessageVerifier verifier, ChallengeParameter clientDataHash)
      throws VerificationException {
    try {
      return switch (format) {
        case "fido-u2f" -> fidoU2f(verifier, clientDataHash);
        case "packed" -> packed(verifier, authenticatorData.signedBytes(clientDataHash));
        case "none" -> none(verifier);
        default ->
          throw new VerificationException(
              Reason.UNSUPPORTED_ATTESTATION,
              "the attestation's format is \"%s\", none of fido-u2f, packed and none"
                  .formatted(VerificationException.shown(format)));
      };
    } catch (FormatException e) {
      throw WebAuthnRelyingParty.malformed(e.in("the attestation"));
    }
  }

  private AttestationResult fidoU2f(MessageVerifier verifier, ChallengeParameter clientDataHash)
      throws FormatException, VerificationException {
    // libfido2 writes an "alg" here, too
    statement.requireOnly(Set.of("x5c", "sig", "alg"));
    if (statement.has("alg")) {
      requireEs256();
    }
    List<Bytes> x5c = statement.list("x5c");
    if (x5c.size() != 1) {
      throw new FormatException("\"x5c\" has one certificate, not " + x5c.size());
    }
    if (!credential.id().fitsMessage()) {
      throw new FormatException("a U2F key's credential id has at most %s bytes, not %s"
          .formatted(KeyHandle.MAX_LENGTH, credential.id().bytes().length()));
    }
    RegistrationResponse registration = new RegistrationResponse(
        credential.publicKey(), credential.id(), x5c.get(0), statement.bytes("sig"));
    return verifier.verify(registration, authenticatorData.application(), clientDataHash);
  }

  private AttestationResult packed(MessageVerifier verifier, Bytes signed)
      throws FormatException, VerificationException {
    statement.requireOnly(Set.of("alg", "sig", "x5c"));
    requireEs256();
    Bytes signature = statement.bytes("sig");
    if (!statement.has("x5c")) {
      verifier.verify(credential.publicKey(), signed, signature);
      return verifier.verifyWithoutCertificate("the credential attests itself");
    }
    List<Bytes> x5c = statement.list("x5c");
    if (x5c.isEmpty() || x5c.size() > MAX_CERTIFICATES) {
      throw new FormatException(
          "\"x5c\" has 1 to %s certificates, not %s".formatted(MAX_CERTIFICATES, x5c.size()));
    }
    return verifier.verifyPacked(x5c, credential.aaguid(), signed, signature);
  }

  private AttestationResult none(MessageVerifier verifier)
      throws FormatException, VerificationException {
    statement.requireOnly(Set.of());
    return verifier.verifyWithoutCertificate("there is no attestation");
  }

  private void requireEs256() throws FormatException, VerificationException {
    long algorithm = statement.number("alg");
    if (algorithm != CoseKey.ES256) {
      throw new VerificationException(
          Reason.WRONG_ALGORITHM,
          "the attestation's algorithm is %s, not %s, which is ES256"
              .formatted(algorithm, CoseKey.ES256));
    }
  }
}
