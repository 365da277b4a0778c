package org.u2f4j.verifier;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.SignResponse;
import org.u2f4j.message.AuthenticationResponse;

/** A key whose counter is whatever a test wants. */
public final class CounterKey {
  public static final AppId APP_ID = Samples.APP_ID;
  public static final KeyHandle KEY_HANDLE = new KeyHandle(Bytes.utf8("a key handle"));

  /** RFC 6979, A.2.5: a signature that is well-formed, and wrong. */
  private static final Bytes SOME_SIGNATURE = Samples.hex("3046"
      + "022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
      + "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");

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

  private final TestKey key = new TestKey(KEY_HANDLE, TestCertificate.newKeyPair("secp256r1"));

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
  public Registration registration(String account) {
    return new Registration(
        account,
        KEY_HANDLE,
        key.publicKey(),
        APP_ID,
        null,
        Bytes.utf8("a certificate"),
        List.of("usb", "nfc"),
        now(),
        null,
        null);
  }

  /** An answer with a counter, signed. */
  public SignResponse sign(PendingAuthentication pending, long counter) {
    return key.sign(1, counter, APP_ID, clientData(pending));
  }

  /** An answer with a counter, for {@link #CREDULOUS}. */
  public static SignResponse claim(PendingAuthentication pending, long counter) {
    return new SignResponse(
        KEY_HANDLE, new AuthenticationResponse(1, counter, SOME_SIGNATURE), clientData(pending));
  }

  private static ClientData clientData(PendingAuthentication pending) {
    return ClientData.of(ClientData.SIGN, pending.challenge(), APP_ID.value());
  }
}
