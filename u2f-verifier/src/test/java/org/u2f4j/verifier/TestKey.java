package org.u2f4j.verifier;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.SignResponse;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.soft.Attestation;

/** A registration's private key, which signs whatever it is told to. */
public record TestKey(KeyHandle keyHandle, KeyPair pair) {
  public static TestKey create(int number) {
    return new TestKey(
        new KeyHandle(Samples.repeat(64, number)), TestCertificate.newKeyPair("secp256r1"));
  }

  public UserPublicKey publicKey() {
    return publicKey(pair);
  }

  public static UserPublicKey publicKey(KeyPair pair) {
    Bytes encoded = Bytes.of(((ECPublicKey) pair.getPublic()).getEncoded());
    try {
      return UserPublicKey.decode(encoded.slice(encoded.length() - UserPublicKey.LENGTH));
    } catch (FormatException e) {
      throw new IllegalStateException(e);
    }
  }

  public RegisterResponse register(Attestation attestation, AppId appId, ClientData clientData) {
    Bytes signed = RegistrationResponse.signedBytes(
        appId.applicationParameter(), clientData.challengeParameter(), keyHandle, publicKey());
    return new RegisterResponse(
        new RegistrationResponse(
            publicKey(),
            keyHandle,
            attestation.certificate(),
            sign(attestation.privateKey(), signed)),
        clientData);
  }

  public SignResponse sign(int presence, long counter, AppId appId, ClientData clientData) {
    Bytes signed = AuthenticationResponse.signedBytes(
        appId.applicationParameter(), presence, counter, clientData.challengeParameter());
    Bytes signature = sign(pair.getPrivate(), signed);
    return new SignResponse(
        keyHandle, new AuthenticationResponse(presence, counter, signature), clientData);
  }

  public static Bytes sign(PrivateKey key, Bytes message) {
    try {
      Signature ecdsa = Signature.getInstance("SHA256withECDSA");
      ecdsa.initSign(key);
      ecdsa.update(message.toArray());
      return Bytes.of(ecdsa.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
