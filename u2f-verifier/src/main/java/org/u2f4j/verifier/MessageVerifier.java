package org.u2f4j.verifier;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.UserPublicKey;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;

/**
 * Checks the raw messages of a key, and nothing around them: signatures, user presence, attestation
 * and trust. Who asked, for what, and whether the counter grew is {@link RelyingParty}'s to check;
 * this class serves protocols that carry the messages in another way than the U2F JavaScript API.
 *
 * <p>Immutable but for a bounded cache of certificates: of those up to 2,048 bytes long, the last 512
 * at least and 1,024 at most. May be used by several threads at once.
 */
public final class MessageVerifier {
  private static final int KEPT_CERTIFICATES = 1_024;

  /** Real ones are shorter; one that a stranger made can take fifty times its length when parsed. */
  private static final int LONGEST_KEPT = 2_048;

  private record Known(TrustCheck.Verdict verdict, Instant since) {
    boolean holdsAt(Instant at) {
      return !at.isBefore(since) && at.isBefore(verdict.validUntil());
    }
  }

  private final EcdsaEngine engine;
  private final AttestationTrust trust;
  private final InstantSource clock;

  /** By SHA-256, since a certificate is a stranger's to choose and Bytes.hashCode can be made to collide. */
  private final BoundedCache<Bytes, Known> certificates = new BoundedCache<>(KEPT_CERTIFICATES);

  /**
   * A verifier.
   *
   * @param engine verifies signatures
   * @param trust whom to trust with attestation
   * @param clock tells the time at which certificates have to be valid
   */
  public MessageVerifier(EcdsaEngine engine, AttestationTrust trust, InstantSource clock) {
    this.engine = engine;
    this.trust = trust;
    this.clock = clock;
  }

  /**
   * The engine that verifies signatures.
   *
   * @return the engine, which can be asked why it was chosen
   */
  public EcdsaEngine engine() {
    return engine;
  }

  /**
   * Checks a registration (FIDO U2F Raw Message Formats, section 4.3).
   *
   * @param registration the message
   * @param application what the key was told in place of the AppID
   * @param challenge what the key was told in place of the client data
   * @return what its attestation says
   * @throws VerificationException if a check fails
   */
  public AttestationResult verify(
      RegistrationResponse registration,
      ApplicationParameter application,
      ChallengeParameter challenge)
      throws VerificationException {
    Instant now = clock.instant();
    Bytes digest = registration.certificate().sha256();
    AttestationResult kept = kept(digest, now);
    AttestationCertificate certificate =
        kept == null ? decode(registration.certificate()) : kept.certificate();
    // The certificate's key is a point on P-256.
    UserPublicKey attestationKey = requireKey(certificate);
    // The signature is strict DER, r and s are in range.
    EcdsaSignature.requireStrict(registration.signature());
    // The signature is over exactly the bytes that were received.
    Bytes signed = registration.signedBytes(application, challenge);
    if (!engine.verify(attestationKey, signed, registration.signature())) {
      throw new VerificationException(
          Reason.WRONG_SIGNATURE,
          "the signature does not fit the attestation certificate's key and the signed bytes:"
              + " wrong AppID or altered client data, key handle, public key or certificate");
    }
    // Attestation and trust: not before somebody has shown to have the certificate's key.
    return requireTrust(kept == null ? judge(certificate, digest, now) : kept);
  }

  private AttestationResult requireTrust(AttestationResult attestation)
      throws VerificationException {
    if (trust.required() && !attestation.trusted()) {
      throw new VerificationException(
          switch (attestation.trust()) {
            case EXPIRED -> Reason.EXPIRED_ATTESTATION;
            case REVOKED -> Reason.REVOKED_ATTESTATION;
            case STALE -> Reason.STALE_METADATA;
            default -> Reason.UNTRUSTED_ATTESTATION;
          },
          "the attestation is not trusted: " + attestation.explanation());
    }
    return attestation;
  }

  /**
   * Checks an authentication (FIDO U2F Raw Message Formats, section 5.3): user presence, bits 1 to 7
   * of whose byte may have any value, and the signature. The counter is not looked at.
   *
   * @param authentication the message
   * @param key the public key of the registration
   * @param application what the key was told in place of the AppID
   * @param challenge what the key was told in place of the client data
   * @throws VerificationException if a check fails
   */
  public void verify(
      AuthenticationResponse authentication,
      UserPublicKey key,
      ApplicationParameter application,
      ChallengeParameter challenge)
      throws VerificationException {
    // The person touched the key.
    if (!authentication.userPresent()) {
      throw new VerificationException(
          Reason.USER_NOT_PRESENT,
          "the user presence byte is %02x, its bit 0 is not set"
              .formatted(authentication.presence()));
    }
    // The signature is strict DER, r and s are in range.
    EcdsaSignature.requireStrict(authentication.signature());
    // The signature is over exactly the bytes that were received.
    Bytes signed = authentication.signedBytes(application, challenge);
    if (!engine.verify(key, signed, authentication.signature())) {
      throw new VerificationException(
          Reason.WRONG_SIGNATURE,
          "the signature does not fit the registered key and the signed bytes:"
              + " another key's, wrong AppID, or altered client data, presence or counter");
    }
  }

  private @Nullable AttestationResult kept(Bytes digest, Instant now) {
    Known known = certificates.get(digest);
    return known != null && known.holdsAt(now) ? known.verdict.result() : null;
  }

  private static AttestationCertificate decode(Bytes der) throws VerificationException {
    try {
      // A copy: the message it was cut from need not be kept with it.
      return AttestationCertificate.decode(Bytes.of(der.toArray()));
    } catch (FormatException e) {
      throw new VerificationException(
          Reason.MALFORMED_CERTIFICATE, "the attestation certificate: " + e.getMessage(), e);
    }
  }

  private static UserPublicKey requireKey(AttestationCertificate certificate)
      throws VerificationException {
    return certificate
        .publicKey()
        .orElseThrow(() -> new VerificationException(
            Reason.WRONG_CERTIFICATE_KEY,
            "the attestation certificate's key is not a point on P-256"));
  }

  private AttestationResult judge(AttestationCertificate certificate, Bytes digest, Instant now) {
    List<AttestationCertificate> chain = List.of(certificate);
    TrustCheck.Verdict verdict =
        TrustCheck.verdict(chain, trust.lookup(chain, null), now, trust.expiredAllowed());
    if (certificate.der().length() <= LONGEST_KEPT) {
      certificates.put(digest, new Known(verdict, now));
    }
    return verdict.result();
  }
}
