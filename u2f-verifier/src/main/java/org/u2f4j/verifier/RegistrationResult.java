package org.u2f4j.verifier;

/**
 * A registration that was accepted.
 *
 * @param registration what was stored
 * @param attestation what is known of the key
 */
public record RegistrationResult(Registration registration, AttestationResult attestation) {}
