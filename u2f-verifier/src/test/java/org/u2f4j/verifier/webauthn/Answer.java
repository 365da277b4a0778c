package org.u2f4j.verifier.webauthn;

import static org.u2f4j.verifier.Samples.repeat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.verifier.TestCertificate;
import org.u2f4j.verifier.TestKey;

/** A browser's answer, of which a test changes what it likes; whatever it leaves is as it should be. */
final class Answer {
  static final String ORIGIN = "https://example.com";
  static final String RP_ID = "example.com";
  static final Bytes MODEL = repeat(16, 0x11);

  final TestKey key;
  private final boolean creates;

  // client data
  String type;
  String challenge;
  String origin = ORIGIN;
  String moreClientData = ",\"crossOrigin\":false";

  // authenticator data
  String scope = RP_ID;
  int flags;
  long counter;
  Bytes aaguid = repeat(16, 0);
  Bytes credentialId;
  List<Object> coseKey;
  Bytes extensions = Bytes.EMPTY;

  // attestation
  String format = "fido-u2f";
  TestCertificate certificate;
  List<TestCertificate> chain = List.of();
  Consumer<List<Object>> alteration = statement -> {};
  List<Object> moreMembers = List.of();

  // JSON
  Bytes id;
  String transports = "\"usb\"";
  String extensionResults = "";
  Consumer<byte[]> signatureAlteration = signature -> {};

  private Answer(TestKey key, String type, String challenge, int flags) {
    this.key = key;
    this.creates = (flags & 0x40) != 0;
    this.type = type;
    this.challenge = challenge;
    this.flags = flags;
    this.credentialId = key.keyHandle().bytes();
    this.id = credentialId;
    Bytes point = key.publicKey().bytes();
    this.coseKey =
        new ArrayList<>(List.of(1, 2, 3, -7, -1, 1, -2, point.slice(1, 33), -3, point.slice(33)));
  }

  static Answer toCreate(TestKey key, TestCertificate certificate, String challenge) {
    Answer answer = new Answer(key, "webauthn.create", challenge, 0x41);
    answer.certificate = certificate;
    return answer;
  }

  static Answer toGet(TestKey key, long counter, String challenge) {
    Answer answer = new Answer(key, "webauthn.get", challenge, 0x01);
    answer.counter = counter;
    return answer;
  }

  Answer packed(TestCertificate... certificates) {
    format = "packed";
    aaguid = MODEL;
    certificate = certificates.length == 0 ? null : certificates[0];
    chain = Arrays.asList(certificates);
    return this;
  }

  private Bytes clientData() {
    return Bytes.utf8("{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"%s}"
        .formatted(type, challenge, origin, moreClientData));
  }

  private Bytes authenticatorData() {
    Bytes data = Bytes.concat(
        new AppId(scope).applicationParameter().bytes(),
        Bytes.of((byte) flags),
        Bytes.of(
            (byte) (counter >> 24), (byte) (counter >> 16), (byte) (counter >> 8), (byte) counter));
    if ((flags & 0x40) != 0) {
      data = Bytes.concat(
          data,
          aaguid,
          Bytes.of((byte) (credentialId.length() >> 8), (byte) credentialId.length()),
          credentialId,
          Cbor.map(coseKey));
    }
    return Bytes.concat(data, extensions);
  }

  private List<Object> statement() {
    Bytes hash = clientData().sha256();
    Bytes signed = Bytes.concat(authenticatorData(), hash);
    List<Object> statement = new ArrayList<>();
    switch (format) {
      case "fido-u2f" -> {
        signed = RegistrationResponse.signedBytes(
            new AppId(scope).applicationParameter(),
            new ChallengeParameter(hash),
            key.keyHandle(),
            key.publicKey());
        statement.addAll(
            List.of("sig", sign(signed), "x5c", new ArrayList<>(List.of(certificate.der()))));
      }
      case "packed" -> {
        statement.addAll(List.of("alg", -7, "sig", sign(signed)));
        if (certificate != null) {
          statement.add("x5c");
          statement.add(new ArrayList<>(chain.stream().map(TestCertificate::der).toList()));
        }
      }
      default -> {}
    }
    alteration.accept(statement);
    return statement;
  }

  private Bytes sign(Bytes signed) {
    byte[] signature = TestKey.sign(
            certificate == null ? key.pair().getPrivate() : certificate.key(), signed)
        .toArray();
    signatureAlteration.accept(signature);
    return Bytes.of(signature);
  }

  Bytes attestationObject() {
    List<Object> members = new ArrayList<>(List.of(
        "fmt",
        format,
        "attStmt",
        new Cbor.Raw(Cbor.map(statement())),
        "authData",
        authenticatorData()));
    members.addAll(moreMembers);
    return Cbor.map(members);
  }

  /** RegistrationResponseJSON, or AuthenticationResponseJSON. */
  String toJson() {
    String response = creates
        ? "\"attestationObject\":\"%s\",\"transports\":[%s]"
            .formatted(attestationObject().base64Url(), transports)
        : "\"authenticatorData\":\"%s\",\"signature\":\"%s\",\"userHandle\":null"
            .formatted(
                authenticatorData().base64Url(),
                sign(Bytes.concat(authenticatorData(), clientData().sha256())).base64Url());
    return "{\"id\":\"%s\",\"rawId\":\"%s\",\"type\":\"public-key\",\"response\":{%s,\"clientDataJSON\":\"%s\"},\"clientExtensionResults\":{%s}}"
        .formatted(
            id.base64Url(), id.base64Url(), response, clientData().base64Url(), extensionResults);
  }
}
