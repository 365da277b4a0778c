package org.u2f4j.verifier;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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
 * <p>Immutable but for a bounded cache of certificates: of chains up to 2,048 bytes long, the last 512
 * at least and 1,024 at most. May be used by several threads at once.
 */
public final class MessageVerifier {
  private static final int KEPT_CERTIFICATES = 1_024;

  /** Real ones are shorter; one that a stranger made can take fifty times its length when parsed. */
  private static final int LONGEST_KEPT = 2_048;

  private final EcdsaEngine engine;
  private final AttestationTrust trust;
  private final InstantSource clock;

  /** By SHA-256, since a certificate is a stranger's to choose and Bytes.hashCode can be made to collide. */
  private final BoundedCache<Bytes, TrustCheck.Verdict> certificates =
      new BoundedCache<>(KEPT_CERTIFICATES);

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
    Bytes signed = registration.signedBytes(application, challenge);
    return attested(List.of(registration.certificate()), null, signed, registration.signature());
  }

  /**
   * Checks an attestation of the format packed with certificates (Web Authentication, section 8.2):
   * besides what is checked of every attestation, the profile of the certificate, and the AAGUID in
   * it, if there is one.
   *
   * @param x5c the attestation certificate, then those that lead to a root, if any
   * @param aaguid the model that the authenticator data name, 16 bytes
   * @param signed what was signed: authenticator data and hash of the client data
   * @param signature ECDSA with SHA-256 in DER
   * @return what the attestation says
   * @throws VerificationException if a check fails
   */
  public AttestationResult verifyPacked(
      List<Bytes> x5c, Bytes aaguid, Bytes signed, Bytes signature) throws VerificationException {
    return attested(x5c, aaguid, signed, signature);
  }

  /**
   * Judges a key that says nothing of its make: no attestation, or one that it signed itself.
   *
   * @param explanation why there is no certificate, in a sentence
   * @return that its make is unknown
   * @throws VerificationException if trust is required
   */
  public AttestationResult verifyWithoutCertificate(String explanation)
      throws VerificationException {
    return requireTrust(new AttestationResult(
        AttestationResult.Trust.UNKNOWN,
        explanation,
        List.of(),
        null,
        null,
        null,
        null,
        List.of(),
        null));
  }

  private AttestationResult attested(
      List<Bytes> x5c, @Nullable Bytes aaguid, Bytes signed, Bytes signature)
      throws VerificationException {
    Instant now = clock.instant();
    Bytes digest = digest(x5c, aaguid);
    AttestationResult kept = kept(digest, now);
    List<AttestationCertificate> chain = kept == null ? decode(x5c) : kept.chain();
    AttestationCertificate certificate = chain.get(0);
    // The certificate's key is a point on P-256.
    UserPublicKey attestationKey = certificate
        .publicKey()
        .orElseThrow(() -> new VerificationException(
            Reason.WRONG_CERTIFICATE_KEY,
            "the attestation certificate's key is not a point on P-256"));
    // The signature is strict DER, r and s are in range, and it is over the bytes received.
    if (!fits(attestationKey, signed, signature)) {
      throw new VerificationException(
          Reason.WRONG_SIGNATURE,
          "the signature does not fit the attestation certificate's key and the signed bytes:"
              + " wrong AppID or altered client data, key handle, public key or certificate");
    }
    if (kept != null) {
      return requireTrust(kept);
    }
    // The certificate is made for this, and for this model.
    if (aaguid != null) {
      certificate.requirePackedProfile(aaguid);
    }
    // Attestation and trust: not before somebody has shown to have the certificate's key.
    return requireTrust(judge(chain, aaguid, digest, now));
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
    Bytes signed = authentication.signedBytes(application, challenge);
    verify(key, signed, authentication.signature());
  }

  /**
   * Checks a signature made with a registration, and nothing else.
   *
   * @param key the public key of the registration
   * @param signed what was signed, exactly as it was received
   * @param signature ECDSA with SHA-256 in DER
   * @throws VerificationException if the signature is not strict DER, or does not fit
   */
  public void verify(UserPublicKey key, Bytes signed, Bytes signature)
      throws VerificationException {
    if (!fits(key, signed, signature)) {
      throw new VerificationException(
          Reason.WRONG_SIGNATURE,
          "the signature does not fit the registered key and the signed bytes:"
              + " another key's, wrong AppID, or altered client data, presence or counter");
    }
  }

  /** Strict DER first, r and s in range: engines differ in what they let pass. */
  private boolean fits(UserPublicKey key, Bytes signed, Bytes signature)
      throws VerificationException {
    EcdsaSignature.requireStrict(signature);
    return engine.verify(key, signed, signature);
  }

  /** What a verdict depends on, but for the time. */
  private static Bytes digest(List<Bytes> x5c, @Nullable Bytes aaguid) {
    Bytes all = aaguid == null ? Bytes.EMPTY : aaguid;
    for (Bytes der : x5c) {
      all = Bytes.concat(all, der.sha256());
    }
    return all.sha256();
  }

  private @Nullable AttestationResult kept(Bytes digest, Instant now) {
    TrustCheck.Verdict known = certificates.get(digest);
    return known != null && known.holdsAt(now) ? known.result() : null;
  }

  private static List<AttestationCertificate> decode(List<Bytes> x5c) throws VerificationException {
    try {
      List<AttestationCertificate> chain = new ArrayList<>();
      for (Bytes der : x5c) {
        // A copy: the message it was cut from need not be kept with it.
        chain.add(AttestationCertificate.decode(Bytes.of(der.toArray())));
      }
      return List.copyOf(chain);
    } catch (FormatException e) {
      throw new VerificationException(
          Reason.MALFORMED_CERTIFICATE, "the attestation certificate: " + e.getMessage(), e);
    }
  }

  private AttestationResult judge(
      List<AttestationCertificate> chain, @Nullable Bytes aaguid, Bytes digest, Instant now) {
    TrustCheck.Verdict verdict =
        TrustCheck.verdict(chain, trust.lookup(chain, aaguid), now, trust.expiredAllowed());
    if (chain.stream().mapToInt(c -> c.der().length()).sum() <= LONGEST_KEPT) {
      certificates.put(digest, verdict);
    }
    return verdict.result();
  }
}
