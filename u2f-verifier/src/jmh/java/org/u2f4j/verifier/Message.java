package org.u2f4j.verifier;

import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
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

/**
 * What a relying party issued and what came back, twice: the same key and counter answer in the U2F and in the WebAuthn
 * envelope. One message is one line of a file, because other processes, the one in C too, measure with the same.
 */
record Message(
    String challenge,
    KeyHandle keyHandle,
    UserPublicKey publicKey,
    long counter,
    String u2fResponse,
    String webauthnResponse) {
  static final String ORIGIN = "https://example.com";
  static final AppId APP_ID = new AppId(ORIGIN);
  static final String RP_ID = "example.com";

  private static final int USER_PRESENT = 1;
  private static final int ATTESTED = 0x40;

  /** What the messages are about. */
  enum Workload {
    /** Authentications, each with another key. */
    FRESH,
    /** Authentications with 64 keys. */
    REPEAT,
    /** Registrations of another key each, attested with one batch certificate. */
    REGISTRATION;

    Path in(Path directory) {
      return directory.resolve(name());
    }
  }

  static List<Message> read(Path file) throws IOException {
    List<Message> messages = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] part = line.split("\t", -1);
      messages.add(new Message(
          part[0],
          KeyHandle.fromBase64Url(part[1]),
          UserPublicKey.decode(Bytes.fromHex(part[2])),
          Long.parseLong(part[3]),
          part[4],
          part[5]));
    }
    return messages;
  }

  private String line() {
    return String.join(
        "\t",
        challenge,
        keyHandle.base64Url(),
        publicKey.bytes().hex(),
        Long.toString(counter),
        u2fResponse,
        webauthnResponse);
  }

  /** Makes and signs messages. */
  static final class Maker {
    private static final Provider PROVIDER = new BouncyCastleProvider();
    private final Attestation attestation = Attestation.test();
    private final SecureRandom random = new SecureRandom();
    private final KeyPairGenerator generator;

    Maker() throws GeneralSecurityException {
      generator = KeyPairGenerator.getInstance("EC", PROVIDER);
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    }

    void write(Path file, Workload workload, int count)
        throws IOException, GeneralSecurityException {
      List<Owner> owners = new ArrayList<>();
      for (int i = 0; i < (workload == Workload.REPEAT ? 64 : count); i++) {
        owners.add(owner());
      }
      try (BufferedWriter writer = Files.newBufferedWriter(file)) {
        for (int i = 0; i < count; i++) {
          Owner owner = owners.get(i % owners.size());
          Message message = workload == Workload.REGISTRATION
              ? registration(owner)
              : authentication(owner, i + 1);
          writer.write(message.line());
          writer.write('\n');
        }
      }
    }

    private record Owner(PrivateKey privateKey, UserPublicKey publicKey, KeyHandle keyHandle) {}

    private Owner owner() throws GeneralSecurityException, FormatException {
      KeyPair pair = generator.generateKeyPair();
      byte[] encoded = ((ECPublicKey) pair.getPublic()).getEncoded();
      Bytes point = Bytes.of(encoded).slice(encoded.length - UserPublicKey.LENGTH);
      return new Owner(pair.getPrivate(), UserPublicKey.decode(point), new KeyHandle(random(64)));
    }

    private Message authentication(Owner owner, long counter) throws GeneralSecurityException {
      String challenge = random(32).base64Url();
      ClientData clientData = ClientData.of(ClientData.SIGN, challenge, ORIGIN);
      Bytes signed = AuthenticationResponse.signedBytes(
          APP_ID.applicationParameter(), USER_PRESENT, counter, clientData.challengeParameter());
      SignResponse u2f = new SignResponse(
          owner.keyHandle(),
          new AuthenticationResponse(USER_PRESENT, counter, sign(owner.privateKey(), signed)),
          clientData);
      Bytes webauthnData = webauthnClientData("webauthn.get", challenge);
      Bytes authenticatorData = authenticatorData(USER_PRESENT, counter);
      Bytes signature =
          sign(owner.privateKey(), Bytes.concat(authenticatorData, webauthnData.sha256()));
      String webauthn = credential(
          owner.keyHandle(),
          webauthnData,
          "\"authenticatorData\":\"" + authenticatorData.base64Url() + "\",\"signature\":\""
              + signature.base64Url() + '"');
      return new Message(
          challenge, owner.keyHandle(), owner.publicKey(), counter, u2f.toJson(), webauthn);
    }

    private Message registration(Owner owner) throws GeneralSecurityException {
      String challenge = random(32).base64Url();
      ClientData clientData = ClientData.of(ClientData.REGISTER, challenge, ORIGIN);
      Bytes signed = RegistrationResponse.signedBytes(
          APP_ID.applicationParameter(),
          clientData.challengeParameter(),
          owner.keyHandle(),
          owner.publicKey());
      RegisterResponse u2f = new RegisterResponse(
          new RegistrationResponse(
              owner.publicKey(),
              owner.keyHandle(),
              attestation.certificate(),
              sign(attestation.privateKey(), signed)),
          clientData);
      Bytes webauthnData = webauthnClientData("webauthn.create", challenge);
      Bytes webauthnSigned = Bytes.concat(
          Bytes.of((byte) 0),
          Bytes.utf8(RP_ID).sha256(),
          webauthnData.sha256(),
          owner.keyHandle().bytes(),
          owner.publicKey().bytes());
      Bytes object = attestationObject(owner, sign(attestation.privateKey(), webauthnSigned));
      String webauthn = credential(
          owner.keyHandle(),
          webauthnData,
          "\"attestationObject\":\"" + object.base64Url() + "\",\"transports\":[\"usb\"]");
      return new Message(
          challenge, owner.keyHandle(), owner.publicKey(), 0, u2f.toJson(), webauthn);
    }

    private Bytes attestationObject(Owner owner, Bytes signature) {
      Bytes point = owner.publicKey().bytes();
      Bytes authenticatorData = Bytes.concat(
          authenticatorData(USER_PRESENT | ATTESTED, 0),
          Bytes.of(new byte[16]),
          Bytes.of((byte) 0, (byte) owner.keyHandle().bytes().length()),
          owner.keyHandle().bytes(),
          cbor(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21),
          cborBytes(point.slice(1, 33)),
          cbor(0x22),
          cborBytes(point.slice(33)));
      return Bytes.concat(
          cbor(0xa3),
          cborText("fmt"),
          cborText("fido-u2f"),
          cborText("attStmt"),
          cbor(0xa2),
          cborText("sig"),
          cborBytes(signature),
          cborText("x5c"),
          cbor(0x81),
          cborBytes(attestation.certificate()),
          cborText("authData"),
          cborBytes(authenticatorData));
    }

    private static Bytes authenticatorData(int flags, long counter) {
      return Bytes.concat(Bytes.utf8(RP_ID).sha256(), Bytes.of((byte) flags), bigEndian(counter));
    }

    private static Bytes bigEndian(long counter) {
      return cbor(
          (int) (counter >> 24), (int) (counter >> 16), (int) (counter >> 8), (int) counter);
    }

    private static Bytes cbor(int... bytes) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int b : bytes) {
        out.write(b);
      }
      return Bytes.of(out.toByteArray());
    }

    private static Bytes cborText(String text) {
      return Bytes.concat(cbor(0x60 | text.length()), Bytes.utf8(text));
    }

    private static Bytes cborBytes(Bytes bytes) {
      int length = bytes.length();
      return Bytes.concat(
          length < 0x100 ? cbor(0x58, length) : cbor(0x59, length >> 8, length), bytes);
    }

    private static Bytes webauthnClientData(String type, String challenge) {
      return Bytes.utf8("{\"type\":\"" + type + "\",\"challenge\":\"" + challenge
          + "\",\"origin\":\"" + ORIGIN + "\",\"crossOrigin\":false}");
    }

    private static String credential(KeyHandle id, Bytes clientData, String response) {
      return "{\"id\":\"" + id.base64Url() + "\",\"rawId\":\"" + id.base64Url()
          + "\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\""
          + clientData.base64Url() + "\"," + response
          + "},\"clientExtensionResults\":{}}";
    }

    private static Bytes sign(PrivateKey key, Bytes message) throws GeneralSecurityException {
      Signature signature = Signature.getInstance("SHA256withECDSA", PROVIDER);
      signature.initSign(key);
      signature.update(message.toArray());
      return Bytes.of(signature.sign());
    }

    private Bytes random(int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return Bytes.of(bytes);
    }
  }
}
