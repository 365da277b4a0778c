import com.upokecenter.cbor.CBORObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.u2f4j.json.AssertionResponse;
import org.u2f4j.json.AttestationResponse;

/** A response in the making: first its fields, then what is signed, then what is sent. */
final class Answer {
  static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  final Random random;
  final String kind;
  final boolean creates;

  // what the relying party knows
  String issued;
  byte[] knownId;
  byte[] point;
  long storedCounter;
  boolean boundToAppId;

  // fields
  String type;
  String challenge;
  String origin = Case.ORIGIN;
  String more = ",\"crossOrigin\":false";
  String scope = Case.RP_ID;
  int flags;
  long counter;
  byte[] model = new byte[16];
  byte[] id;
  List<byte[]> cose;
  Function<List<byte[]>, byte[]> coseForm = Cbor::map;
  byte[] extensions = new byte[0];
  Certificate.Builder certificateFields = new Certificate.Builder();
  long algorithm = -7;

  // what is signed
  byte[] clientData;
  byte[] authenticatorData;

  // what is sent
  String format;
  byte[] signature;
  List<byte[]> x5c = new ArrayList<>();
  List<byte[]> statement;
  Function<List<byte[]>, byte[]> statementForm = Cbor::map;
  Function<List<byte[]>, byte[]> objectForm = Cbor::map;
  UnaryOperator<byte[]> object = bytes -> bytes;
  byte[] sentId;
  String extensionResults = "";
  UnaryOperator<String> json = text -> text;

  private PrivateKey signer;

  private Answer(Random random, String kind, boolean creates, String issued) {
    this.random = random;
    this.kind = kind;
    this.creates = creates;
    this.issued = issued;
    this.challenge = issued;
    this.type = creates ? "webauthn.create" : "webauthn.get";
    this.flags = creates ? 0x41 : 1;
    this.counter = creates ? 0 : 8;
    this.storedCounter = 7;
  }

  /** Of a key that was made for it. */
  static Answer generated(SecureRandom random, String kind, String issued, KeyPair pair) {
    Answer a = new Answer(random, kind, !kind.equals("authentication"), issued);
    byte[] spki = pair.getPublic().getEncoded();
    a.point = Arrays.copyOfRange(spki, spki.length - 65, spki.length);
    a.id = new byte[64];
    random.nextBytes(a.id);
    a.knownId = a.id;
    a.signer = pair.getPrivate();
    a.cose = new ArrayList<>();
    for (long n : new long[] {1, 2, 3, -7, -1, 1}) {
      a.cose.add(Cbor.number(n));
    }
    a.cose.addAll(List.of(
        Cbor.number(-2), Cbor.bytes(Arrays.copyOfRange(a.point, 1, 33)),
        Cbor.number(-3), Cbor.bytes(Arrays.copyOfRange(a.point, 33, 65))));
    a.format = kind.startsWith("packed") ? "packed" : kind;
    if (a.format.equals("packed")) {
      random.nextBytes(a.model);
    }
    if (kind.equals("packed")) {
      a.certificateFields.model = Case.join(new byte[] {4, 16}, a.model);
    }
    return a;
  }

  /** Of the client and the software key of this library; only what is sent can change. */
  static Answer of(Random random, String kind, String issued, AttestationResponse response) {
    Answer a = new Answer(random, kind, true, issued);
    CBORObject object = CBORObject.DecodeFromBytes(response.attestationObject().toArray());
    a.format = object.get("fmt").AsString();
    a.clientData = response.clientData().bytes().toArray();
    a.authenticatorData = object.get("authData").GetByteString();
    if (!a.format.equals("none")) {
      a.signature = object.get("attStmt").get("sig").GetByteString();
      a.x5c.add(object.get("attStmt").get("x5c").get(0).GetByteString());
    }
    a.id = response.id().bytes().toArray();
    a.knownId = a.id;
    return a;
  }

  static Answer of(
      Random random, String kind, String issued, byte[] point, AssertionResponse response) {
    Answer a = new Answer(random, kind, false, issued);
    a.point = point;
    a.clientData = response.clientData().bytes().toArray();
    a.authenticatorData = response.authenticatorData().toArray();
    a.signature = response.signature().toArray();
    a.id = response.id().bytes().toArray();
    a.knownId = a.id;
    a.storedCounter = 0;
    return a;
  }

  boolean isGenerated() {
    return signer != null;
  }

  void writeWhatIsSigned() throws Exception {
    clientData = "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"%s}"
        .formatted(type, challenge, origin, more)
        .getBytes(StandardCharsets.UTF_8);
    byte[] fixed = Case.join(
        sha256(scope.getBytes(StandardCharsets.UTF_8)), new byte[] {(byte) flags}, new byte[] {
          (byte) (counter >> 24), (byte) (counter >> 16), (byte) (counter >> 8), (byte) counter
        });
    byte[] credential = creates
        ? Case.join(
            model, new byte[] {(byte) (id.length >> 8), (byte) id.length}, id, coseForm.apply(cose))
        : new byte[0];
    authenticatorData = Case.join(fixed, credential, extensions);
  }

  void sign(KeyPair attestation, SecureRandom secure) throws Exception {
    PrivateKey key = signer;
    if (kind.equals("fido-u2f") || kind.equals("packed")) {
      Certificate certificate = certificateFields.build(attestation, secure);
      key = certificate.key();
      x5c.add(certificate.der());
    }
    byte[] hash = sha256(clientData);
    byte[] signed = kind.equals("fido-u2f")
        ? Case.join(new byte[1], Arrays.copyOf(authenticatorData, 32), hash, id, point)
        : Case.join(authenticatorData, hash);
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initSign(key, secure);
    ecdsa.update(signed);
    signature = ecdsa.sign();
  }

  void writeStatement() {
    statement = new ArrayList<>();
    if (creates && !format.equals("none")) {
      if (format.equals("packed")) {
        statement.addAll(List.of(Cbor.text("alg"), Cbor.number(algorithm)));
      }
      statement.addAll(List.of(Cbor.text("sig"), Cbor.bytes(signature)));
      if (!x5c.isEmpty()) {
        statement.addAll(
            List.of(Cbor.text("x5c"), Cbor.list(x5c.stream().map(Cbor::bytes).toList())));
      }
    }
    sentId = id;
  }

  Case sent(String name) {
    String response;
    if (creates) {
      byte[] written = object.apply(objectForm.apply(new ArrayList<>(List.of(
          Cbor.text("fmt"), Cbor.text(format),
          Cbor.text("attStmt"), statementForm.apply(statement),
          Cbor.text("authData"), Cbor.bytes(authenticatorData)))));
      response = "\"attestationObject\":\"" + BASE64.encodeToString(written)
          + "\",\"transports\":[\"usb\"]";
    } else {
      response = "\"authenticatorData\":\"%s\",\"signature\":\"%s\""
          .formatted(BASE64.encodeToString(authenticatorData), BASE64.encodeToString(signature));
    }
    String all =
        "{\"id\":\"%s\",\"rawId\":\"%s\",\"type\":\"public-key\",\"response\":{%s,\"clientDataJSON\":\"%s\"},\"clientExtensionResults\":{%s}}"
            .formatted(
                BASE64.encodeToString(sentId),
                BASE64.encodeToString(sentId),
                response,
                BASE64.encodeToString(clientData),
                extensionResults);
    return new Case(
        name,
        kind,
        creates,
        Case.RP_ID,
        List.of(Case.ORIGIN),
        issued,
        knownId,
        point,
        storedCounter,
        boundToAppId,
        json.apply(all));
  }

  static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  /** The numbers r and s of the signature, changed. */
  void numbers(Function<BigInteger[], byte[]> change) {
    int r = signature[3];
    signature = change.apply(new BigInteger[] {
      new BigInteger(Arrays.copyOfRange(signature, 4, 4 + r)),
      new BigInteger(Arrays.copyOfRange(signature, 6 + r, signature.length))
    });
  }
}
