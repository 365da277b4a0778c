package org.u2f4j.verifier;

/**
 * A registration that was accepted.
 *
 * @param registration what was stored
 * @param attestation what is known of the key
 * @param flags the flags of WebAuthn's authenticator data, 0 to 255, bit 0 set; 1 with U2F, whose
 *     registrations have no such byte and always a touch
 */
public record RegistrationResult(
    Registration registration, AttestationResult attestation, int flags) {}
