/**
 * FIDO metadata as a source of trust in attestation: the blob of the FIDO Metadata Service, version
 * 3, verified once and then asked for as long as the application likes.
 *
 * <pre>{@code
 * MetadataBlob blob = MetadataBlob.verify(Path.of("blob.jwt"), MetadataRules.STRICT, Instant.now());
 * RelyingParty party = RelyingParty.builder(appId, store, blob).build();
 * }</pre>
 *
 * <p>That relying party refuses all keys that the blob does not vouch for, among them those of makers
 * who are not in it; {@code blob.recordOnly()} refuses none, and the result of a registration tells
 * what the blob says.
 *
 * <p>Nothing is fetched unless a {@link org.u2f4j.verifier.metadata.MetadataFetcher} is told to, and
 * nothing reads the clock: the time at which the blob has to be valid is a parameter. Who runs for
 * longer than the blob is good for fetches and verifies a new one before {@link
 * org.u2f4j.verifier.metadata.MetadataBlob#validUntil()}, and makes a new relying party of it.
 *
 * <p>What is checked, in this order: the form (compact JWS, RS256 or ES256, certificates in its
 * header), the signer's key usage and name, the way from the signer to a root, the signature, the dates of the
 * signing certificates, the serial number, and the date of the next update. Not checked: whether a
 * signing certificate was revoked, which would need the network; rogue lists, which name single keys
 * of a form of attestation that U2F does not have; and the legal header, which is for people to
 * read.
 */
@NullMarked
package org.u2f4j.verifier.metadata;

import org.jspecify.annotations.NullMarked;
