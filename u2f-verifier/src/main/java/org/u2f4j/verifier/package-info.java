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
 * <p>Before that, a stranger's response may fail in three more ways, none of which is the program's
 * fault: {@code decode} throws a {@link org.u2f4j.FormatException} if it does not parse, or an {@link
 * org.u2f4j.json.ErrorCodeException} if it is an error code, such as a timeout; and {@code consume} is
 * empty if nobody asked for it, it comes too late, or it came before. Those who keep the pending value
 * in the session need no challenge, and hand {@code finish} the response as received.
 *
 * <p>Whose response it is, the pending value tells, not the session that it comes in: a page that
 * waits for somebody's second factor, or registers a key for whoever has signed in, compares that
 * account with {@link org.u2f4j.verifier.PendingRegistration#account()} or {@link
 * org.u2f4j.verifier.PendingAuthentication#account()}. Otherwise a response to a request of one's own
 * would do for anybody's account.
 *
 * <p>Words: a <em>pending</em> value is what was asked and is awaited; a <em>registration</em> is
 * what is kept of a key; a <em>verdict</em> is what a counter says; an <em>anomaly</em> is the mark
 * that a suspicious counter leaves; a <em>root</em> is a certificate that is trusted to vouch for
 * attestation certificates.
 *
 * <p>What another library registered with U2F becomes a {@link org.u2f4j.verifier.Registration} that
 * is added to the store: key handle, public key (65 bytes), certificate in DER or nothing, and the
 * AppID that was asked with, to the character. A library that counts from -1, as java-u2flib-server
 * does, means null by that; a registration that it calls compromised it refuses, so leave it out:
 * here nothing refuses a registration for a mark. For WebAuthn there is {@link
 * org.u2f4j.verifier.webauthn.CredentialRecord}.
 *
 * <pre>{@code
 * Bytes der = Bytes.of(certificate.getEncoded());
 * Registration old = new Registration(
 *     account,
 *     KeyHandle.fromBase64Url(keyHandle),
 *     UserPublicKey.decode(Bytes.fromBase64Url(publicKey)),
 *     appId,
 *     counter < 0 ? null : counter,
 *     der,
 *     AttestationCertificate.decode(der).transports(),
 *     Instant.now(),
 *     null,
 *     null);
 * boolean added = store.add(old); // false: its key handle is known
 * }</pre>
 *
 * <p>Not done here: passwords and sessions, who may register a key, names of keys, revocation lists
 * of attestation certificates, and telling the user. Signatures are verified by a security provider
 * or Bouncy Castle, chosen by {@link org.u2f4j.verifier.EcdsaEngine}.
 */
@NullMarked
package org.u2f4j.verifier;

import org.jspecify.annotations.NullMarked;
