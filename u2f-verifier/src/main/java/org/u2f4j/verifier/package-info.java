/**
 * The relying party's half of FIDO U2F.
 *
 * <p>An application makes one {@link org.u2f4j.verifier.RelyingParty} from its AppID, a {@link
 * org.u2f4j.verifier.RegistrationStore} and a choice of {@link org.u2f4j.verifier.AttestationTrust},
 * and then:
 *
 * <pre>{@code
 * PendingRegistration pending = relyingParty.startRegistration(account);
 * store.keep(pending.challenge(), pending.toJson(), pending.expiresAt());
 * // pending.requestJson() goes to the client, whose response comes back
 * RegisterResponse response = RegisterResponse.decode(responseJson);
 * String kept = store.consume(response.clientData().challenge()).orElseThrow();
 * relyingParty.finishRegistration(PendingRegistration.fromJson(kept), response);
 * }</pre>
 *
 * <p>and the same with {@code startAuthentication} and {@code finishAuthentication} whenever someone
 * signs in. {@code finish} stores what is to be stored and returns it, or throws a {@link
 * org.u2f4j.verifier.VerificationException} with a {@link org.u2f4j.verifier.Reason}.
 *
 * <p>Words: a <em>pending</em> value is what was asked and is awaited; a <em>registration</em> is
 * what is kept of a key; a <em>verdict</em> is what a counter says; an <em>anomaly</em> is the mark
 * that a suspicious counter leaves; a <em>root</em> is a certificate that is trusted to vouch for
 * attestation certificates.
 *
 * <p>Not done here: passwords and sessions, who may register a key, names of keys, revocation lists
 * of attestation certificates, and telling the user. Signatures are verified by a security provider
 * or Bouncy Castle, chosen by {@link org.u2f4j.verifier.EcdsaEngine}.
 */
@NullMarked
package org.u2f4j.verifier;

import org.jspecify.annotations.NullMarked;
