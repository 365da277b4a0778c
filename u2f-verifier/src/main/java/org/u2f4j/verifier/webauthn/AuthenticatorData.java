package org.u2f4j.verifier.webauthn;

import org.jspecify.annotations.Nullable;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.VerificationException;

/**
 * What a key says of itself and signs (Web Authentication, section 6.1): 32 bytes SHA-256 of the RP ID,
 * 1 byte flags, 4 bytes counter; then, by the flags, the new credential and extensions.
 *
 * <p>Nothing of it is checked but its form.
 */
public final class AuthenticatorData {
  private static final int FLAGS_AT = 32;
  private static final int COUNTER_AT = 33;
  private static final int FIXED = 37;

  private final Bytes bytes;
  private final @Nullable Credential credential;

  private AuthenticatorData(Bytes bytes, @Nullable Credential credential) {
    this.bytes = bytes;
    this.credential = credential;
  }

  /**
   * A new credential: 16 bytes AAGUID, 2 bytes L, L bytes credential id, COSE key.
   *
   * @param aaguid the model of the key, 16 bytes; zeros for U2F keys
   * @param id what the key calls the credential, 0 to 1,023 bytes
   * @param coseKey its public key as a COSE_Key, a CBOR map whose members were not looked at
   */
  public record Credential(Bytes aaguid, KeyHandle id, Bytes coseKey) {
    private static final int LENGTH_AT = 16;
    private static final int ID_AT = 18;

    private static Credential decode(Bytes bytes, int start) throws FormatException {
      if (bytes.length() - start < ID_AT) {
        throw new FormatException("authenticator data end before the credential id", start);
      }
      int length = bytes.uint16(start + LENGTH_AT);
      int idAt = start + ID_AT;
      if (length > KeyHandle.MAX_CREDENTIAL_ID_LENGTH || length > bytes.length() - idAt) {
        throw new FormatException(
            "a credential id has at most 1023 bytes, and not more than the %s that follow; by its length it has %s"
                .formatted(bytes.length() - idAt, length),
            start + LENGTH_AT);
      }
      CborReader reader = new CborReader(bytes, idAt + length);
      reader.map();
      return new Credential(
          bytes.slice(start, start + LENGTH_AT),
          new KeyHandle(bytes.slice(idAt, idAt + length)),
          bytes.slice(idAt + length, reader.at()));
    }

    /**
     * The public key.
     *
     * @return a point on P-256
     * @throws FormatException if the COSE key is not one for ES256 with exactly the members kty, alg,
     *     crv, x and y, or the point is not on the curve
     */
    public UserPublicKey publicKey() throws FormatException {
      try {
        return CoseKey.decode(coseKey);
      } catch (FormatException e) {
        throw e.in("the COSE key");
      }
    }

    private int length() {
      return ID_AT + id.bytes().length() + coseKey.length();
    }
  }

  /**
   * Reads authenticator data.
   *
   * @param bytes 37 bytes, and what the flags announce
   * @return the authenticator data
   * @throws FormatException if a part is missing or cut off, the CBOR in it is not strict, bytes
   *     follow, or they are backed up without being eligible for it
   */
  public static AuthenticatorData decode(Bytes bytes) throws FormatException {
    if (bytes.length() < FIXED) {
      throw new FormatException(
          "authenticator data have at least 37 bytes, not " + bytes.length(), bytes.length());
    }
    int flags = bytes.at(FLAGS_AT);
    if (Flag.BACKED_UP.in(flags) && !Flag.BACKUP_ELIGIBLE.in(flags)) {
      throw new FormatException(
          "the flags %02x say backed up, but not eligible for it".formatted(flags), FLAGS_AT);
    }
    Credential credential = Flag.CREDENTIAL.in(flags) ? Credential.decode(bytes, FIXED) : null;
    CborReader rest =
        new CborReader(bytes, credential == null ? FIXED : FIXED + credential.length());
    if (Flag.EXTENSIONS.in(flags)) {
      rest.map();
    }
    rest.requireEnd();
    return new AuthenticatorData(bytes, credential);
  }

  /**
   * All of it.
   *
   * @return 37 bytes at least, as received
   */
  public Bytes bytes() {
    return bytes;
  }

  /**
   * For whom it is.
   *
   * @return SHA-256 of the RP ID, or of an AppID
   */
  public ApplicationParameter application() {
    return new ApplicationParameter(bytes.slice(0, FLAGS_AT));
  }

  /**
   * The flags.
   *
   * @return 0 to 255; {@link Flag} names them
   */
  public int flags() {
    return bytes.at(FLAGS_AT);
  }

  /**
   * How often the key has signed.
   *
   * @return 0 to 4,294,967,295
   */
  public long counter() {
    return bytes.uint32(COUNTER_AT);
  }

  /**
   * The new credential.
   *
   * @return null in an authentication
   */
  public @Nullable Credential credential() {
    return credential;
  }

  /**
   * Checks for whom they are, and that the person touched the key.
   *
   * @param expected SHA-256 of the RP ID or AppID
   * @param shown the same for people
   * @throws VerificationException if they are for another, or the flag is not set
   */
  public void require(ApplicationParameter expected, String shown) throws VerificationException {
    if (!application().equals(expected)) {
      throw new VerificationException(
          Reason.WRONG_APP_ID,
          "the key signed for another RP ID or AppID than " + shown + ", one whose SHA-256 is "
              + application().bytes());
    }
    if (!Flag.USER_PRESENT.in(flags())) {
      throw new VerificationException(
          Reason.USER_NOT_PRESENT,
          "the flags are %02x, bit 0, user present, is not set".formatted(flags()));
    }
  }

  /**
   * What the key signed.
   *
   * @param clientDataHash SHA-256 of the client data
   * @return both, one behind the other
   */
  public Bytes signedBytes(ChallengeParameter clientDataHash) {
    return Bytes.concat(bytes, clientDataHash.bytes());
  }
}
