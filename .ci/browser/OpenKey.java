import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.message.Request;
import org.u2f4j.soft.Attestation;

/** A U2F key that can do nothing but register, and gives its secret away: Chromium's keys go on with it. */
final class OpenKey implements Transport {
  private final KeyPair pair;
  private final byte[] handle = new byte[64];

  OpenKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    pair = generator.generateKeyPair();
    new SecureRandom().nextBytes(handle);
  }

  KeyHandle handle() {
    return new KeyHandle(Bytes.of(handle));
  }

  /** The private key in PKCS#8. */
  Bytes secret() {
    return Bytes.of(pair.getPrivate().getEncoded());
  }

  @Override
  public ResponseApdu exchange(CommandApdu command, Deadline deadline) throws IOException {
    if (!(Request.decode(command) instanceof RegistrationRequest request)) {
      return new ResponseApdu(StatusWord.WRONG_DATA); // no registration is this key's
    }
    Bytes encoded = Bytes.of(pair.getPublic().getEncoded()); // ends with the point
    UserPublicKey point =
        UserPublicKey.decode(encoded.slice(encoded.length() - UserPublicKey.LENGTH));
    Bytes signed = RegistrationResponse.signedBytes(
        request.application(), request.challenge(), handle(), point);
    Attestation attestation = Attestation.test();
    try {
      Signature ecdsa = Signature.getInstance("SHA256withECDSA");
      ecdsa.initSign(attestation.privateKey());
      ecdsa.update(signed.toBuffer());
      Bytes signature = Bytes.of(ecdsa.sign());
      return new ResponseApdu(
          new RegistrationResponse(point, handle(), attestation.certificate(), signature).encode(),
          StatusWord.NO_ERROR);
    } catch (GeneralSecurityException e) {
      throw new IOException("no signature", e);
    }
  }

  @Override
  public void close() {}
}
