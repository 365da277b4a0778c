package org.u2f4j.verifier.webauthn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.verifier.Registration;

/**
 * A registration as other WebAuthn software stores it (Web Authentication, section 4, credential
 * record), to take it there and to bring it here.
 *
 * @param id the credential id, 0 to 1,023 bytes: the key handle
 * @param publicKey the public key as a COSE_Key, 77 bytes when made here
 * @param signCount the counter, 0 to 4,294,967,295; 0 too if none was seen
 * @param transports how the key can be reached, of "usb", "nfc", "ble", "smart-card", "hybrid" and
 *     "internal"; empty when unknown
 * @param scope what it is bound to: an RP ID, or the AppID that the extension appid has to name
 */
public record CredentialRecord(
    KeyHandle id, Bytes publicKey, long signCount, List<String> transports, AppId scope) {
  private static final List<String> TRANSPORTS =
      List.of("usb", "nfc", "ble", "smart-card", "hybrid", "internal");

  /**
   * Copies the list.
   *
   * @param id the credential id
   * @param publicKey the public key as a COSE_Key
   * @param signCount the counter
   * @param transports how the key can be reached
   * @param scope an RP ID or AppID
   */
  public CredentialRecord {
    transports = List.copyOf(transports);
  }

  /**
   * Takes a registration out.
   *
   * @param registration made with U2F or WebAuthn
   * @return the same for WebAuthn
   */
  public static CredentialRecord of(Registration registration) {
    Long counter = registration.counter();
    return new CredentialRecord(
        registration.keyHandle(),
        registration.publicKey().toCose(),
        counter == null ? 0 : counter,
        webAuthnTransports(registration.transports()),
        registration.appId());
  }

  /**
   * Brings a registration in.
   *
   * @param account whose it is to be
   * @param certificate the attestation certificate in DER, if it was kept, else nothing
   * @param registeredAt when it was made
   * @return the registration, to be added to the store
   * @throws FormatException if the public key is not one for ES256 with exactly the members kty, alg,
   *     crv, x and y, or not on the curve
   * @throws IllegalArgumentException if the account is empty, or the counter is not from 0 to 2^32-1
   */
  public Registration toRegistration(String account, Bytes certificate, Instant registeredAt)
      throws FormatException {
    return new Registration(
        account,
        id,
        CoseKey.decode(publicKey),
        scope,
        signCount == 0 ? null : signCount, // no signature seen, or a key without a counter
        certificate,
        transports,
        registeredAt,
        null,
        null);
  }

  /** In the words of WebAuthn; those that it does not have are left out. */
  static List<String> webAuthnTransports(List<String> transports) {
    List<String> words = new ArrayList<>();
    for (String transport : transports) {
      String word = transport.equals("usb-internal") ? "internal" : transport;
      if (TRANSPORTS.contains(word) && !words.contains(word)) {
        words.add(word);
      }
    }
    return words;
  }
}
