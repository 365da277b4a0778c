package org.u2f4j.verifier;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.SignResponse;
import org.u2f4j.message.AuthenticationResponse;

/** A key whose counter is whatever a test wants. */
public final class CounterKey {
  public static final AppId APP_ID = new AppId("https://example.com");
  public static final KeyHandle KEY_HANDLE = new KeyHandle(Bytes.utf8("a key handle"));

  /** RFC 6979, A.2.5: a signature that is well-formed, and wrong. */
  private static final Bytes SOME_SIGNATURE = Bytes.of(HexFormat.of()
      .parseHex("3046" + "022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
          + "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"));

  /** Makes counters cheap to try: any signature fits. */
  public static final EcdsaEngine CREDULOUS = new EcdsaEngine() {
    @Override
    public boolean verify(UserPublicKey key, Bytes message, Bytes signature) {
      return true;
    }

    @Override
    public String description() {
      return "accepts everything";
    }
  };

  private final KeyPair pair;

  public CounterKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    pair = generator.generateKeyPair();
  }

  /** The time, no finer than a database keeps it. */
  public static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** A relying party that believes every signature. */
  public static RelyingParty credulous(RegistrationStore store) {
    return RelyingParty.builder(APP_ID, store, AttestationTrust.acceptAny())
        .engine(CREDULOUS)
        .build();
  }

  /** The registration of this key, never used. */
  public Registration registration(String account) throws FormatException {
    ECPublicKey key = (ECPublicKey) pair.getPublic();
    Bytes point = Bytes.concat(
        Bytes.of((byte) 4),
        unsigned(key.getW().getAffineX().toByteArray()),
        unsigned(key.getW().getAffineY().toByteArray()));
    return new Registration(
        account,
        KEY_HANDLE,
        UserPublicKey.decode(point),
        APP_ID,
        null,
        Bytes.utf8("a certificate"),
        List.of("usb", "nfc"),
        now(),
        null,
        null);
  }

  private static Bytes unsigned(byte[] number) {
    byte[] bytes = new byte[32];
    int length = Math.min(32, number.length);
    System.arraycopy(number, number.length - length, bytes, 32 - length, length);
    return Bytes.of(Arrays.copyOf(bytes, 32));
  }

  /** An answer with a counter, signed. */
  public SignResponse sign(PendingAuthentication pending, long counter)
      throws GeneralSecurityException {
    ClientData clientData = clientData(pending);
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initSign(pair.getPrivate());
    ecdsa.update(AuthenticationResponse.signedBytes(
            APP_ID.applicationParameter(), 1, counter, clientData.challengeParameter())
        .toArray());
    return response(counter, Bytes.of(ecdsa.sign()), clientData);
  }

  /** An answer with a counter, for {@link #CREDULOUS}. */
  public static SignResponse claim(PendingAuthentication pending, long counter) {
    return response(counter, SOME_SIGNATURE, clientData(pending));
  }

  private static SignResponse response(long counter, Bytes signature, ClientData clientData) {
    return new SignResponse(
        KEY_HANDLE, new AuthenticationResponse(1, counter, signature), clientData);
  }

  private static ClientData clientData(PendingAuthentication pending) {
    return ClientData.of(ClientData.SIGN, pending.challenge(), APP_ID.value());
  }
}
