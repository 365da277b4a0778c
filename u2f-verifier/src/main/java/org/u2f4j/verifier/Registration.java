package org.u2f4j.verifier;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.RegisteredKey;

/**
 * What the relying party stores of a key. What people call their key is the application's to keep,
 * beside the key handle.
 *
 * @param account whose it is, in the application's own words; not empty, and for a database without
 *     U+0000 and halves of surrogate pairs
 * @param keyHandle what the key calls it, 0 to 1,023 bytes, one registration only in the whole store
 * @param publicKey what verifies its signatures
 * @param appId what it is bound to: an AppID, or, if it was made with WebAuthn, an RP ID
 * @param counter the counter of the last accepted signature, or of a registration by WebAuthn, 0 to
 *     4,294,967,295; null before the first one
 * @param certificate the attestation certificate as received, in DER; empty if there was none
 * @param transports how the key can be reached, such as "usb"; empty when unknown
 * @param registeredAt when it was registered
 * @param lastUsedAt when its last signature was accepted; null before the first one
 * @param anomaly the last counter that was suspicious or refused; null if there was none, or it was
 *     cleared
 */
public record Registration(
    String account,
    KeyHandle keyHandle,
    UserPublicKey publicKey,
    AppId appId,
    @Nullable Long counter,
    Bytes certificate,
    List<String> transports,
    Instant registeredAt,
    @Nullable Instant lastUsedAt,
    @Nullable Anomaly anomaly) {
  /**
   * Checks account and counter, and copies the list.
   *
   * @param account whose it is
   * @param keyHandle what the key calls it
   * @param publicKey what verifies its signatures
   * @param appId what it is bound to
   * @param counter the counter of the last accepted signature, or null
   * @param certificate the attestation certificate, or nothing
   * @param transports how the key can be reached
   * @param registeredAt when it was registered
   * @param lastUsedAt when its last signature was accepted, or null
   * @param anomaly the last suspicious counter, or null
   * @throws IllegalArgumentException if the account is empty, or the counter does not fit 32 bits
   */
  public Registration {
    if (account.isEmpty()) {
      throw new IllegalArgumentException("a registration belongs to an account, not to nobody");
    }
    if (counter != null && counter >>> 32 != 0) {
      throw new IllegalArgumentException(
          "a counter has 32 bits, not the value " + counter + "; null stands for none yet");
    }
    transports = List.copyOf(transports);
  }

  /**
   * How it is named in a request.
   *
   * @return key handle, AppID and transports
   */
  public RegisteredKey registeredKey() {
    return new RegisteredKey(RegisteredKey.U2F_V2, keyHandle, appId, null, transports);
  }

  /**
   * The same registration after an accepted signature.
   *
   * @param newCounter the counter to keep
   * @param at when
   * @return a copy
   */
  public Registration used(long newCounter, Instant at) {
    return with(newCounter, at, anomaly);
  }

  /**
   * The same registration with a mark.
   *
   * @param newAnomaly when and what
   * @return a copy
   */
  public Registration marked(Anomaly newAnomaly) {
    return with(counter, lastUsedAt, newAnomaly);
  }

  /**
   * The same registration without a mark.
   *
   * @param restartCounter true to forget the counter too
   * @return a copy
   */
  public Registration cleared(boolean restartCounter) {
    return with(restartCounter ? null : counter, lastUsedAt, null);
  }

  private Registration with(
      @Nullable Long newCounter, @Nullable Instant newLastUsedAt, @Nullable Anomaly newAnomaly) {
    return new Registration(
        account,
        keyHandle,
        publicKey,
        appId,
        newCounter,
        certificate,
        transports,
        registeredAt,
        newLastUsedAt,
        newAnomaly);
  }
}
