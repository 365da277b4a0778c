package org.u2f4j.verifier;

/**
 * An authentication that was accepted. Who signed in is the registration's {@link
 * Registration#account()}; an application that knows somebody already, by a password, compares.
 *
 * @param registration the registration that signed, as it is stored now; its {@link
 *     Registration#anomaly()} tells whether a suspicious counter was seen, now or earlier
 * @param counter what the counter said
 * @param flags the user presence byte, in WebAuthn the flags, as received, 0 to 255; bit 0 is set
 */
public record AuthenticationResult(Registration registration, CounterVerdict counter, int flags) {}
