/** The WebAuthn envelope. */
@NullMarked
package org.u2f4j.verifier.webauthn;

import org.jspecify.annotations.NullMarked;
