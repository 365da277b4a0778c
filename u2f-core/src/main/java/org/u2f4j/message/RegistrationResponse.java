package org.u2f4j.message;

import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;

/**
 * A new registration, signed with the key's attestation key (FIDO U2F Raw Message Formats, section
 * 4.3).
 *
 * @param userPublicKey 65 bytes, a point on P-256
 * @param keyHandle 0 to 255 bytes
 * @param certificate the attestation certificate, X.509 in DER; only its outermost length was
 *     looked at
 * @param signature ECDSA with SHA-256 in DER over {@link #signedBytes}; only its outermost length
 *     was looked at
 */
public record RegistrationResponse(
    UserPublicKey userPublicKey, KeyHandle keyHandle, Bytes certificate, Bytes signature) {
  private static final int RESERVED = 0x05;
  private static final Bytes SIGNED_RESERVED = Bytes.of((byte) 0x00);
  private static final int HANDLE_LENGTH_AT = 1 + UserPublicKey.LENGTH;
  private static final int HANDLE_AT = HANDLE_LENGTH_AT + 1;

  /**
   * Checks the key handle.
   *
   * @param userPublicKey 65 bytes, a point on P-256
   * @param keyHandle 0 to 255 bytes
   * @param certificate the attestation certificate, X.509 in DER
   * @param signature ECDSA with SHA-256 in DER
   * @throws IllegalArgumentException if the key handle has more than 255 bytes
   */
  public RegistrationResponse {
    if (!keyHandle.fitsMessage()) {
      throw new IllegalArgumentException(
          "a U2F message carries a key handle of 255 bytes at most, not "
              + keyHandle.bytes().length());
    }
  }

  /**
   * Reads the data of a successful answer.
   *
   * @param data 05, user public key (65 bytes), L, key handle (L bytes), certificate (as long as
   *     its own DER says), signature (the rest)
   * @return the registration, which encodes to the same bytes
   * @throws FormatException if a part is missing, cut off or malformed, the public key is not on
   *     the curve, or bytes follow the signature
   */
  public static RegistrationResponse decode(Bytes data) throws FormatException {
    if (data.length() < HANDLE_AT) {
      throw new FormatException(
          "a registration has more than 67 bytes, not " + data.length(), data.length());
    }
    if (data.at(0) != RESERVED) {
      throw new FormatException("a registration begins with 05, not %02x".formatted(data.at(0)), 0);
    }
    int certificateAt = HANDLE_AT + data.at(HANDLE_LENGTH_AT);
    if (certificateAt > data.length()) {
      throw new FormatException(
          "the key handle has %s bytes by its length byte, %s follow"
              .formatted(data.at(HANDLE_LENGTH_AT), data.length() - HANDLE_AT),
          HANDLE_LENGTH_AT);
    }
    int signatureAt = Der.endOfSequence(data, certificateAt, "the certificate");
    Der.requireSignature(data, signatureAt);
    return new RegistrationResponse(
        userPublicKey(data),
        new KeyHandle(data.slice(HANDLE_AT, certificateAt)),
        data.slice(certificateAt, signatureAt),
        data.slice(signatureAt));
  }

  private static UserPublicKey userPublicKey(Bytes data) throws FormatException {
    try {
      return UserPublicKey.decode(data.slice(1, HANDLE_LENGTH_AT));
    } catch (FormatException e) {
      throw new FormatException(String.valueOf(e.getMessage()), 1);
    }
  }

  /**
   * The data of a successful answer.
   *
   * @return 05, user public key, L, key handle, certificate, signature
   */
  public Bytes encode() {
    Bytes handle = keyHandle.bytes();
    return Bytes.concat(
        Bytes.of((byte) RESERVED),
        userPublicKey.bytes(),
        Bytes.of((byte) handle.length()),
        handle,
        certificate,
        signature);
  }

  /**
   * What the signature is over.
   *
   * @param application the application parameter of the request
   * @param challenge the challenge parameter of the request
   * @return 00, application parameter, challenge parameter, key handle, user public key: 130 + L
   *     bytes
   */
  public Bytes signedBytes(ApplicationParameter application, ChallengeParameter challenge) {
    return signedBytes(application, challenge, keyHandle, userPublicKey);
  }

  /**
   * What a key signs for a new registration.
   *
   * @param application the application parameter of the request
   * @param challenge the challenge parameter of the request
   * @param keyHandle the new key handle
   * @param userPublicKey the new public key
   * @return 00, application parameter, challenge parameter, key handle, user public key
   */
  public static Bytes signedBytes(
      ApplicationParameter application,
      ChallengeParameter challenge,
      KeyHandle keyHandle,
      UserPublicKey userPublicKey) {
    return Bytes.concat(
        SIGNED_RESERVED,
        application.bytes(),
        challenge.bytes(),
        keyHandle.bytes(),
        userPublicKey.bytes());
  }
}
