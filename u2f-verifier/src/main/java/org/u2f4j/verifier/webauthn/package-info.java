/**
 * WebAuthn's envelope: how browsers, which have no U2F API any more, reach the same keys, and newer
 * ones. One store, one verification path and one set of reasons serve both.
 *
 * <pre>{@code
 * RelyingParty site = RelyingParty.builder(new AppId("https://example.com"), store, trust).build();
 * WebAuthnRelyingParty browsers = WebAuthnRelyingParty.builder(site, "example.com").build();
 *
 * PendingRegistration pending = site.startRegistration(account);
 * store.keep(pending.challenge(), pending.toJson(), pending.expiresAt());
 * CreationOptions.User user = new CreationOptions.User(userHandle, name, displayName);
 * String options = browsers.creationOptions(pending, user);
 * // options go to the page, whose answer comes back
 * AttestationResponse response = AttestationResponse.decode(responseJson);
 * String kept = store.consume(response.clientData().challenge()).orElseThrow(); // once
 * PendingRegistration taken = PendingRegistration.fromJson(kept);
 * if (taken.account().equals(account)) { // an answer to what somebody else was asked is not theirs
 *   browsers.finishRegistration(taken, response);
 * }
 * }</pre>
 *
 * <p>and the same, the comparison of accounts too, with {@code startAuthentication}, {@code requestOptions}, {@code AssertionResponse}
 * and {@code finishAuthentication}. On the page, over https:
 *
 * <pre>{@code
 * const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
 * const credential = await navigator.credentials.create({publicKey});
 * send(JSON.stringify(credential.toJSON()));
 * // to sign in: parseRequestOptionsFromJSON, and navigator.credentials.get
 * }</pre>
 *
 * <h2>From U2F to WebAuthn</h2>
 *
 * <ol>
 *   <li>Choose the RP ID: the host of the pages, or a domain above it. Keys are bound to it for ever.
 *   <li>Keep the {@link org.u2f4j.verifier.RelyingParty}, its AppID and its store as they are. Old
 *       registrations stay bound to the AppID; new ones have the RP ID in its place ({@link
 *       org.u2f4j.AppId#isRpId()}). Nothing in the database has to be changed.
 *   <li>Give each account a user handle: random bytes, stored with it.
 *   <li>Send pages the options. When an account has old registrations, they carry the extension appid,
 *       by which the browser signs with those too, or appidExclude, by which it does not register
 *       such a key again. The browser has to find the AppID good: its host is that of the page, or
 *       the page is on its list of facets. Chromium refuses any on localhost.
 *   <li>Old registrations can be used as long as their owners like; counters go on. The AppID can go
 *       when no registration is bound to it any more.
 *   <li>Programs of one's own that spoke U2F go on with {@code requestJson()}, which names old
 *       registrations only, or change to {@link org.u2f4j.client.WebAuthnClient}, which reaches all. A
 *       client of U2F cannot use what was registered here.
 * </ol>
 *
 * <p>To take registrations to other software, or back, use {@link
 * org.u2f4j.verifier.webauthn.CredentialRecord}:
 *
 * <table>
 *   <caption>A registration and a credential record</caption>
 *   <tr><th>registration</th><th>credential record</th></tr>
 *   <tr><td>key handle</td><td>id, 0 to 1,023 bytes</td></tr>
 *   <tr><td>public key, 65 bytes</td><td>COSE_Key, 77 bytes</td></tr>
 *   <tr><td>counter, perhaps none</td><td>signCount; 0 for none</td></tr>
 *   <tr><td>transports usb, nfc, ble, usb-internal</td><td>usb, nfc, ble, internal</td></tr>
 *   <tr><td>transports bt, lightning</td><td>none</td></tr>
 *   <tr><td>AppID, a URL</td><td>to be named in appid and appidExclude</td></tr>
 *   <tr><td>RP ID, a domain</td><td>the RP ID</td></tr>
 * </table>
 *
 * <h2>What was chosen</h2>
 *
 * <ul>
 *   <li>Attestation: fido-u2f, packed and none are taken; others are UNSUPPORTED_ATTESTATION. The last,
 *       and packed without certificates, pass unless trust is required: that any key will do then,
 *       is what not requiring it means.
 *   <li>The AAGUID of fido-u2f: any, unless {@code requireZeroAaguid()} was said. It is not signed and
 *       never shown to a source of trust.
 *   <li>User verified, backup and extensions: recorded in the result's flags, not judged, nor compared
 *       with what the registration said. In a registration that is fido-u2f or none they are not
 *       signed, and neither is the counter: only packed has them vouched for.
 *   <li>The AppID: accepted only if the registration is bound to it, the options asked for it, and the
 *       browser says that it used it.
 *   <li>The user handle in an answer is ignored: whose credential it is, the store says.
 *   <li>Frames of other origins' pages are refused, unless those pages are named.
 * </ul>
 */
@NullMarked
package org.u2f4j.verifier.webauthn;

import org.jspecify.annotations.NullMarked;
