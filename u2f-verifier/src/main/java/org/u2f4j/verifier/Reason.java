package org.u2f4j.verifier;

/**
 * Why something was refused. The names are stable: programs may store and compare them.
 *
 * <p>What a person should be told differs: {@link #CLIENT_ERROR}, {@link #EXPIRED}, {@link
 * #KEY_HANDLE_KNOWN} and {@link #REGISTRATION_LIMIT} happen in good faith and are met by another try; the rest is a broken client,
 * a wrong configuration, or an attack.
 */
public enum Reason {
  /** The client answered with an error code instead of a response. */
  CLIENT_ERROR,
  /**
   * The response does not parse: its JSON, base64, client data, raw message, CBOR or attestation
   * statement, a user public key that is not on P-256 among them. The message says which part, and
   * where.
   */
  MALFORMED,
  /** The pending value's time is over. */
  EXPIRED,
  /**
   * The pending value was issued for another AppID; or what a key signed for WebAuthn is for another
   * RP ID or AppID than the registration is, or was asked for.
   */
  WRONG_APP_ID,
  /** The client data were made for something else: registering instead of signing, for example. */
  WRONG_TYPE,
  /** The client data carry another challenge than the one issued. */
  WRONG_CHALLENGE,
  /** The client data come from an origin that is not an allowed facet. */
  WRONG_ORIGIN,
  /** The client data of WebAuthn come from a frame of another origin's page, which was not allowed. */
  CROSS_ORIGIN,
  /** The response names a key handle that was not asked for, or that the account does not have. */
  UNKNOWN_KEY_HANDLE,
  /** The key handle is registered already, for this account or another. */
  KEY_HANDLE_KNOWN,
  /** The account has 32 registrations by now: it has to remove one first. */
  REGISTRATION_LIMIT,
  /** The attestation of WebAuthn is of a format other than fido-u2f, packed and none. */
  UNSUPPORTED_ATTESTATION,
  /** A packed attestation was made with another algorithm than ES256. */
  WRONG_ALGORITHM,
  /** The AAGUID is not the certificate's, or is not zero where that is demanded. */
  WRONG_AAGUID,
  /** The attestation certificate does not parse. */
  MALFORMED_CERTIFICATE,
  /** The attestation certificate's key is not a point on P-256. */
  WRONG_CERTIFICATE_KEY,
  /** A packed attestation's certificate is not one for that purpose: version, subject or extensions. */
  WRONG_CERTIFICATE_PROFILE,
  /** The signature is not strict DER of two numbers between 1 and the order of P-256. */
  MALFORMED_SIGNATURE,
  /** The signature does not fit the key and the signed bytes. */
  WRONG_SIGNATURE,
  /** The user presence bit is not set: nobody touched the key. */
  USER_NOT_PRESENT,
  /** The counter policy refuses the counter; the registration was marked. */
  COUNTER_REFUSED,
  /** No root that is trusted vouches for the attestation certificate. */
  UNTRUSTED_ATTESTATION,
  /** A certificate on the way to a trusted root is expired or not yet valid. */
  EXPIRED_ATTESTATION,
  /** The metadata name this kind of key, or its attestation key, revoked or compromised. */
  REVOKED_ATTESTATION,
  /** The metadata blob does not parse, or its signature does not fit. */
  MALFORMED_METADATA,
  /** The metadata blob's signing chain leads to no given root, or its signer has another name. */
  UNTRUSTED_METADATA,
  /** A certificate of the metadata blob's signing chain is expired or not yet valid. */
  EXPIRED_METADATA_SIGNER,
  /**
   * The metadata blob's nextUpdate has passed: of a blob that is verified, or, while a relying party
   * requires trust, of the one that it asks, which refuses all registrations then.
   */
  STALE_METADATA,
  /** The metadata blob has a lower serial number than one seen before. */
  ROLLED_BACK_METADATA
}
