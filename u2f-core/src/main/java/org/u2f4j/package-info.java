/**
 * The values of FIDO U2F, each a type of its own, and how the library fits together.
 *
 * <p>A relying party asks a client to register a key, and later to sign with it. In between:
 *
 * <ol>
 *   <li>The relying party makes a {@link org.u2f4j.json.RegisterRequest} or a {@link
 *       org.u2f4j.json.SignRequest} and sends it as JSON.
 *   <li>The client, {@link org.u2f4j.client.U2fClient}, checks that the caller may use the {@link
 *       org.u2f4j.AppId}, and wraps the challenge in {@link org.u2f4j.json.ClientData}.
 *   <li>It sends the key a message of {@link org.u2f4j.message} with the two SHA-256 values, the
 *       {@link org.u2f4j.ApplicationParameter} and the {@link org.u2f4j.ChallengeParameter}, over a
 *       {@link org.u2f4j.apdu.Transport}: {@link org.u2f4j.soft.SoftwareKey} is one.
 *   <li>The key waits for a touch and answers with a signature; the client answers with JSON.
 *   <li>The relying party decodes it and verifies the signature over {@code signedBytes}.
 * </ol>
 *
 * <p>Browsers ask in another way, WebAuthn, for the same messages: {@link
 * org.u2f4j.json.CreationOptions} and {@link org.u2f4j.json.RequestOptions} are what they take, and
 * {@link org.u2f4j.client.WebAuthnClient} answers them as a browser does.
 *
 * <p>Every value is immutable. What was decoded from bytes encodes to the same bytes, and a decoder
 * throws {@link org.u2f4j.FormatException} for whatever it cannot read. Nothing here verifies a signature:
 * that is the relying party's half, the module {@code org.u2f4j.verifier}.
 */
@NullMarked
package org.u2f4j;

import org.jspecify.annotations.NullMarked;
