package org.u2f4j.soft;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;

/**
 * Turns private keys into key handles and back: AES-256-GCM with a random nonce, the application
 * parameter authenticated along. A key handle is nonce (12), encrypted scalar (32), tag (16).
 */
final class KeyWrapping {
  /** Bytes of the secret. */
  static final int SECRET_LENGTH = 32;

  private static final int NONCE_LENGTH = 12;
  private static final int TAG_LENGTH = 16;
  private static final int HANDLE_LENGTH = NONCE_LENGTH + P256.LENGTH + TAG_LENGTH;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  KeyWrapping(Bytes secret) {
    key = new SecretKeySpec(secret.toArray(), "AES");
  }

  /** A new secret. */
  static Bytes newSecret() {
    byte[] secret = new byte[SECRET_LENGTH];
    new SecureRandom().nextBytes(secret);
    return Bytes.of(secret);
  }

  KeyHandle wrap(ECPrivateKey privateKey, ApplicationParameter application)
      throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    byte[] wrapped = cipher(Cipher.ENCRYPT_MODE, nonce, application)
        .doFinal(P256.fixedLength(privateKey.getS()));
    return new KeyHandle(Bytes.concat(Bytes.of(nonce), Bytes.of(wrapped)));
  }

  /**
   * The private key in a key handle.
   *
   * @throws AEADBadTagException if it was made with another key, or for another application
   */
  PrivateKey unwrap(KeyHandle keyHandle, ApplicationParameter application)
      throws GeneralSecurityException {
    Bytes bytes = keyHandle.bytes();
    if (bytes.length() != HANDLE_LENGTH) {
      throw new AEADBadTagException("another key's length");
    }
    byte[] scalar = cipher(Cipher.DECRYPT_MODE, bytes.slice(0, NONCE_LENGTH).toArray(), application)
        .doFinal(bytes.slice(NONCE_LENGTH).toArray());
    return P256.privateKey(new BigInteger(1, scalar));
  }

  private Cipher cipher(int mode, byte[] nonce, ApplicationParameter application)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_LENGTH, nonce));
    cipher.updateAAD(application.bytes().toBuffer());
    return cipher;
  }
}
