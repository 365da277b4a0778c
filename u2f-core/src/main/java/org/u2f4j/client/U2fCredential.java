package org.u2f4j.client;

import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;

/**
 * A U2F key's answers in the form of WebAuthn (CTAP 2.1, section 10.2; Web Authentication, sections
 * 6.1, 6.5 and 8.6).
 *
 * <p>What is written is CBOR of one shape, whose parts differ in nothing but content and length: a
 * few constants and {@link #head} do for it, and a client needs no library.
 */
final class U2fCredential {
  private static final int BYTES = 0x40;
  private static final int TEXT = 0x60;
  private static final int ARRAY = 0x80;
  private static final int MAP = 0xa0;

  private static final int PRESENT_AND_CREDENTIAL = 0x41;
  private static final Bytes NO_AAGUID = Bytes.of(new byte[16]);
  private static final Bytes NO_COUNTER = Bytes.of(new byte[4]);

  private U2fCredential() {}

  /** A map of three: fmt, attStmt and authData; without attestation, the statement is empty. */
  static Bytes attestationObject(
      RegistrationResponse registration, ApplicationParameter application, boolean attestation) {
    Bytes statement = attestation
        ? Bytes.concat(
            head(MAP, 2),
            text("sig"),
            bytes(registration.signature()),
            text("x5c"),
            head(ARRAY, 1),
            bytes(registration.certificate()))
        : head(MAP, 0);
    return Bytes.concat(
        head(MAP, 3),
        text("fmt"),
        text(attestation ? "fido-u2f" : "none"),
        text("attStmt"),
        statement,
        text("authData"),
        bytes(creationData(registration, application)));
  }

  /** RP ID hash, flags, counter; AAGUID, length and value of the credential id, COSE key. */
  private static Bytes creationData(
      RegistrationResponse registration, ApplicationParameter application) {
    Bytes id = registration.keyHandle().bytes();
    return Bytes.concat(
        application.bytes(),
        Bytes.of((byte) PRESENT_AND_CREDENTIAL),
        NO_COUNTER,
        NO_AAGUID,
        Bytes.of((byte) 0, (byte) id.length()), // 255 at most
        id,
        registration.userPublicKey().toCose());
  }

  /** RP ID hash, flags, counter: the first 37 bytes of what the key signed. */
  static Bytes assertionData(
      AuthenticationResponse authentication, ApplicationParameter application) {
    Bytes flagsAndCounter = authentication.encode().slice(0, 5);
    return Bytes.concat(application.bytes(), flagsAndCounter);
  }

  private static Bytes text(String ascii) {
    return Bytes.concat(head(TEXT, ascii.length()), Bytes.utf8(ascii));
  }

  private static Bytes bytes(Bytes content) {
    return Bytes.concat(head(BYTES, content.length()), content);
  }

  /** The head of an item (RFC 8949, section 3): its kind and a number, in the shortest form. */
  private static Bytes head(int kind, int number) {
    if (number < 24) {
      return Bytes.of((byte) (kind | number));
    }
    return number < 0x100
        ? Bytes.of((byte) (kind | 24), (byte) number)
        : Bytes.of((byte) (kind | 25), (byte) (number >> 8), (byte) number);
  }
}
