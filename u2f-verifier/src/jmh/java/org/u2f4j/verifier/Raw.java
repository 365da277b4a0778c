package org.u2f4j.verifier;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.SignResponse;

/**
 * The signature check alone, over bytes cut out beforehand, as fast as the provider can: a thread keeps its {@link
 * Signature}. Keys that repeat are decoded once, others each time; the attestation key is decoded once.
 */
final class Raw implements Candidate {
  @SuppressWarnings("ArrayRecordComponent")
  private record Task(byte[] encodedKey, PublicKey key, byte[] message, byte[] signature) {}

  private final Provider provider;
  private final ThreadLocal<Signature> signatures = ThreadLocal.withInitial(this::newSignature);

  Raw(Provider provider) {
    this.provider = provider;
  }

  private Signature newSignature() {
    try {
      return Signature.getInstance("SHA256withECDSA", provider);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Check authentication(List<Message> messages) throws Exception {
    KeyFactory factory = KeyFactory.getInstance("EC", provider);
    Map<UserPublicKey, PublicKey> decoded = new HashMap<>();
    List<Task> tasks = new ArrayList<>();
    for (Message message : messages) {
      SignResponse response = SignResponse.decode(message.u2fResponse());
      byte[] encodedKey = message.publicKey().toPublicKey().getEncoded();
      PublicKey key = decoded.get(message.publicKey());
      if (key == null) {
        key = factory.generatePublic(new X509EncodedKeySpec(encodedKey));
        decoded.put(message.publicKey(), key);
      }
      tasks.add(new Task(
          encodedKey,
          key,
          response
              .authentication()
              .signedBytes(
                  Message.APP_ID.applicationParameter(), response.clientData().challengeParameter())
              .toArray(),
          response.authentication().signature().toArray()));
    }
    boolean repeats = decoded.size() < messages.size();
    return index -> {
      Task task = tasks.get(index);
      PublicKey key =
          repeats ? task.key() : factory.generatePublic(new X509EncodedKeySpec(task.encodedKey()));
      verify(key, task);
    };
  }

  @Override
  public Check registration(List<Message> messages) throws Exception {
    AppId appId = Message.APP_ID;
    List<Task> tasks = new ArrayList<>();
    PublicKey key = null;
    for (Message message : messages) {
      RegisterResponse response = RegisterResponse.decode(message.u2fResponse());
      if (key == null) {
        key = attestationKey(response.registration().certificate());
      }
      tasks.add(new Task(
          key.getEncoded(),
          key,
          response
              .registration()
              .signedBytes(appId.applicationParameter(), response.clientData().challengeParameter())
              .toArray(),
          response.registration().signature().toArray()));
    }
    return index -> verify(tasks.get(index).key(), tasks.get(index));
  }

  private PublicKey attestationKey(Bytes certificate) throws GeneralSecurityException {
    byte[] encoded = CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(certificate.toArray()))
        .getPublicKey()
        .getEncoded();
    return KeyFactory.getInstance("EC", provider).generatePublic(new X509EncodedKeySpec(encoded));
  }

  private void verify(PublicKey key, Task task) throws GeneralSecurityException {
    Signature signature = signatures.get();
    signature.initVerify(key);
    signature.update(task.message());
    if (!signature.verify(task.signature())) {
      throw new SignatureException("the signature does not verify");
    }
  }
}
