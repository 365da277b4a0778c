import java.io.InputStream;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prints responses of keys and what became of them on the way, for relying parties to judge: a line
 * each of tab-separated fields: number and name of the change, kind, challenge, AppID, origin, key
 * handle, public key in hexadecimal, response JSON. The seed decides all but the keys and signatures.
 *
 * <p>Run with the vectors file, the number of lines and the seed.
 */
class Mutants {
  static final String APP_ID = "https://example.com";
  static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  static final HexFormat HEX = HexFormat.of();

  /** What a relying party sees, before the change is applied and after. */
  static class Case {
    String kind;
    String challenge;
    String appId = APP_ID;
    String origin = APP_ID;
    byte[] keyHandle;
    byte[] publicKey;
    byte[] certificate;
    byte[] signature;
    byte[] data; // set where the message is not put together from its parts
    int presence = 1;
    long counter;
    String clientData;
    byte[] clientDataBytes;
    String responseKeyHandle;
    String dataText;
    String clientDataText;
    String json;

    boolean registers() {
      return kind.equals("registration");
    }

    byte[] message() {
      if (data != null) {
        return data;
      }
      return registers()
          ? join(
              new byte[] {5},
              publicKey,
              new byte[] {(byte) keyHandle.length},
              keyHandle,
              certificate,
              signature)
          : join(presenceAndCounter(), signature);
    }

    byte[] presenceAndCounter() {
      return new byte[] {
        (byte) presence,
        (byte) (counter >> 24),
        (byte) (counter >> 16),
        (byte) (counter >> 8),
        (byte) counter
      };
    }

    byte[] clientDataBytes() {
      return clientDataBytes != null
          ? clientDataBytes
          : clientData.getBytes(StandardCharsets.UTF_8);
    }

    String json() {
      String message = dataText != null ? dataText : BASE64.encodeToString(message());
      String client =
          clientDataText != null ? clientDataText : BASE64.encodeToString(clientDataBytes());
      if (json != null) {
        return json.replace("DATA", message)
            .replace("CLIENT", client)
            .replace("HANDLE", handleText());
      }
      return registers()
          ? "{\"registrationData\":\"%s\",\"clientData\":\"%s\",\"version\":\"U2F_V2\"}"
              .formatted(message, client)
          : "{\"keyHandle\":\"%s\",\"signatureData\":\"%s\",\"clientData\":\"%s\"}"
              .formatted(handleText(), message, client);
    }

    String handleText() {
      return responseKeyHandle != null ? responseKeyHandle : BASE64.encodeToString(keyHandle);
    }
  }

  /** Changes a case, before or after it is signed. */
  interface Change {
    void apply(Case c) throws Exception;
  }

  record Named(String name, boolean signed, Change change) {}

  final Random random;
  final PrivateKey attestationKey;
  final byte[] attestationCertificate;
  final KeyPairGenerator keys;
  final List<Case> published = new ArrayList<>();

  Mutants(long seed, Path vectors) throws Exception {
    random = new Random(seed);
    keys = KeyPairGenerator.getInstance("EC");
    keys.initialize(new ECGenParameterSpec("secp256r1"));
    attestationCertificate = resource("test-attestation-certificate.der");
    attestationKey = KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(resource("test-attestation-private-key.der")));
    readPublished(Files.readString(vectors));
  }

  static byte[] resource(String name) throws Exception {
    try (InputStream in = Class.forName("org.u2f4j.soft.SoftwareKey").getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  /** The published messages of real keys whose client data are known, and right. */
  void readPublished(String text) {
    for (String vector : text.split("(?=\\{\\s*\"name\")")) {
      String kind = member(vector, "kind");
      boolean right =
          "accept".equals(member(vector, "expected")) && member(vector, "clientData") != null;
      if (kind == null || !right || member(vector, "userPublicKey") == null) {
        continue;
      }
      Case c = new Case();
      c.kind = kind;
      c.challenge = member(vector, "challenge");
      c.appId = member(vector, "appId");
      c.origin = member(vector, "origin");
      c.keyHandle = HEX.parseHex(member(vector, "keyHandle"));
      c.publicKey = HEX.parseHex(member(vector, "userPublicKey"));
      c.clientDataBytes = Base64.getUrlDecoder().decode(member(vector, "clientData"));
      c.signature = HEX.parseHex(member(vector, "signature"));
      if (c.registers()) {
        c.certificate = HEX.parseHex(member(vector, "certificate"));
      } else {
        c.presence = Integer.parseInt(number(vector, "presence"));
        c.counter = Long.parseLong(number(vector, "counter"));
      }
      published.add(c);
    }
  }

  static String member(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
    return matcher.find() ? matcher.group(1) : null;
  }

  static String number(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*\"?([0-9]+)").matcher(json);
    if (!matcher.find()) {
      throw new IllegalStateException("no number " + name);
    }
    return matcher.group(1);
  }

  static byte[] join(byte[]... parts) {
    var out = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static byte[] sha256(byte[] bytes) throws Exception {
    return java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  /** A fresh response; the change that belongs under the signature is applied before signing. */
  Case fresh(boolean registers, Named named) throws Exception {
    Case c = new Case();
    c.kind = registers ? "registration" : "authentication";
    c.challenge = BASE64.encodeToString(bytes(32));
    c.keyHandle = bytes(named.signed && random.nextInt(4) == 0 ? 1 + random.nextInt(255) : 64);
    c.counter = 1 + random.nextInt(1000);
    c.certificate = attestationCertificate;
    KeyPair pair = keys.generateKeyPair();
    byte[] spki = ((ECPublicKey) pair.getPublic()).getEncoded();
    c.publicKey = java.util.Arrays.copyOfRange(spki, spki.length - 65, spki.length);
    c.clientData = "{\"typ\":\"navigator.id.%s\",\"challenge\":\"%s\",\"origin\":\"%s\"}"
        .formatted(registers ? "finishEnrollment" : "getAssertion", c.challenge, APP_ID);
    if (named.signed) {
      named.change.apply(c);
    }
    byte[] application = sha256(c.appId.getBytes(StandardCharsets.UTF_8));
    byte[] challenge = sha256(c.clientDataBytes());
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initSign(registers ? attestationKey : pair.getPrivate());
    ecdsa.update(
        registers
            ? join(new byte[1], application, challenge, c.keyHandle, c.publicKey)
            : join(application, c.presenceAndCounter(), challenge));
    c.signature = ecdsa.sign();
    if (!named.signed) {
      named.change.apply(c);
    }
    return c;
  }

  Case copy(Case from) {
    Case c = new Case();
    c.kind = from.kind;
    c.challenge = from.challenge;
    c.appId = from.appId;
    c.origin = from.origin;
    c.keyHandle = from.keyHandle;
    c.publicKey = from.publicKey;
    c.certificate = from.certificate;
    c.signature = from.signature;
    c.presence = from.presence;
    c.counter = from.counter;
    c.clientDataBytes = from.clientDataBytes;
    return c;
  }

  static Change clientData(String from, String to) {
    return c -> c.clientData = c.clientData.replace(from, to);
  }

  static byte[] der(BigInteger r, BigInteger s) {
    return der(r.toByteArray(), s.toByteArray());
  }

  static byte[] der(byte[] r, byte[] s) {
    return join(
        new byte[] {0x30, (byte) (4 + r.length + s.length), 2, (byte) r.length},
        r,
        new byte[] {2, (byte) s.length},
        s);
  }

  static BigInteger[] rs(byte[] der) {
    int r = der[3];
    return new BigInteger[] {
      new BigInteger(java.util.Arrays.copyOfRange(der, 4, 4 + r)),
      new BigInteger(java.util.Arrays.copyOfRange(der, 6 + r, der.length))
    };
  }

  byte[] flip(byte[] bytes, int from, int to) {
    byte[] flipped = bytes.clone();
    flipped[from + random.nextInt(to - from)] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  List<Named> changes() {
    List<Named> list = new ArrayList<>();
    // under the signature: what the key signed was already so
    list.add(new Named("nothing", true, c -> {}));
    list.add(new Named("client data with spaces", true, clientData(",", " , ")));
    list.add(new Named(
        "client data with an unknown member",
        true,
        clientData("{", "{\"cid_pubkey\":\"unused\",")));
    list.add(new Named("client data with escaped slashes", true, clientData("/", "\\/")));
    list.add(new Named(
        "client data of the wrong type", true, clientData("navigator.id.", "navigator.is.")));
    list.add(new Named(
        "client data of the other verb",
        true,
        c -> c.clientData = c.registers()
            ? c.clientData.replace("finishEnrollment", "getAssertion")
            : c.clientData.replace("getAssertion", "finishEnrollment")));
    list.add(new Named("client data without a type", true, clientData("typ", "tip")));
    list.add(new Named(
        "client data with another challenge",
        true,
        c -> c.clientData = c.clientData.replace(c.challenge, BASE64.encodeToString(bytes(32)))));
    list.add(new Named(
        "client data with a shorter challenge",
        true,
        c -> c.clientData = c.clientData.replace(c.challenge, c.challenge.substring(1))));
    list.add(new Named(
        "client data with a padded challenge",
        true,
        c -> c.clientData = c.clientData.replace(c.challenge, c.challenge + "=")));
    list.add(
        new Named("client data without a challenge", true, clientData("challenge", "challence")));
    list.add(new Named(
        "client data from another origin", true, clientData(APP_ID, "https://example.org")));
    list.add(new Named(
        "client data from a subdomain", true, clientData(APP_ID, "https://www.example.com")));
    list.add(
        new Named("client data from another port", true, clientData(APP_ID, APP_ID + ":8443")));
    list.add(new Named("client data from http", true, clientData(APP_ID, "http://example.com")));
    list.add(new Named("origin with a slash behind", true, clientData(APP_ID, APP_ID + "/")));
    list.add(new Named("origin with a path", true, clientData(APP_ID, APP_ID + "/login")));
    list.add(new Named("origin in capitals", true, clientData(APP_ID, "HTTPS://EXAMPLE.COM")));
    list.add(new Named("origin with the standard port", true, clientData(APP_ID, APP_ID + ":443")));
    list.add(new Named("origin empty", true, clientData(APP_ID, "")));
    list.add(new Named("origin missing", true, clientData("\"origin\"", "\"orijin\"")));
    list.add(new Named("origin a number", true, clientData("\"" + APP_ID + "\"", "7")));
    list.add(new Named(
        "client data with two origins, the right one last",
        true,
        clientData("\"origin\"", "\"origin\":\"https://evil.example\",\"origin\"")));
    list.add(new Named(
        "client data with two origins, the right one first",
        true,
        clientData("}", ",\"origin\":\"https://evil.example\"}")));
    list.add(new Named("client data with text behind", true, c -> c.clientData += "x"));
    list.add(new Named(
        "client data with a byte order mark", true, c -> c.clientData = "\uFEFF" + c.clientData));
    list.add(new Named(
        "client data that are not UTF-8",
        true,
        c -> c.clientDataBytes = join(
            c.clientData.replace("}", ",\"x\":\"").getBytes(StandardCharsets.UTF_8),
            new byte[] {(byte) 0xff},
            "\"}".getBytes(StandardCharsets.UTF_8))));
    list.add(new Named("client data an array", true, c -> c.clientData = "[" + c.clientData + "]"));
    list.add(new Named("user presence 00", true, c -> c.presence = 0));
    list.add(new Named("user presence 02", true, c -> c.presence = 2));
    list.add(new Named("user presence 03", true, c -> c.presence = 3));
    list.add(new Named("user presence 81", true, c -> c.presence = 0x81));
    list.add(new Named("counter 0", true, c -> c.counter = 0));
    list.add(new Named("counter 2^31", true, c -> c.counter = 0x80000000L));
    list.add(new Named("counter 2^32 - 1", true, c -> c.counter = 0xFFFFFFFFL));
    list.add(new Named("key handle of no bytes", true, c -> c.keyHandle = new byte[0]));
    list.add(new Named("key handle of 255 bytes", true, c -> c.keyHandle = bytes(255)));
    list.add(
        new Named("public key off the curve", true, c -> c.publicKey = flip(c.publicKey, 1, 65)));
    list.add(new Named(
        "public key in hybrid form",
        true,
        c -> c.publicKey = join(
            new byte[] {(byte) (6 + (c.publicKey[64] & 1))},
            java.util.Arrays.copyOfRange(c.publicKey, 1, 65))));
    list.add(new Named("public key at infinity", true, c -> c.publicKey = new byte[65]));
    // behind the signature: what became of it on the way
    list.add(new Named(
        "a bit of the message", false, c -> c.data = flip(c.message(), 0, c.message().length)));
    list.add(new Named(
        "a bit of the signature",
        false,
        c -> c.signature = flip(c.signature, 0, c.signature.length)));
    list.add(new Named("a bit of the certificate's key or names", false, c -> {
      if (c.registers()) {
        c.certificate = flip(c.certificate, 4, c.certificate.length - 80);
      } else {
        c.presence ^= 2;
      }
    }));
    list.add(new Named(
        "message cut off",
        false,
        c -> c.data = java.util.Arrays.copyOf(c.message(), random.nextInt(c.message().length))));
    list.add(
        new Named("a byte behind the message", false, c -> c.data = join(c.message(), bytes(1))));
    list.add(new Named(
        "status word behind the message",
        false,
        c -> c.data = join(c.message(), new byte[] {(byte) 0x90, 0})));
    list.add(new Named("another first byte", false, c -> {
      c.data = c.message();
      c.data[0] ^= 4;
    }));
    list.add(new Named("key handle one shorter", false, c -> {
      if (c.registers()) {
        c.data = c.message();
        c.data[66]--;
      } else {
        c.counter++;
      }
    }));
    list.add(new Named(
        "another challenge issued", false, c -> c.challenge = BASE64.encodeToString(bytes(32))));
    list.add(new Named("another AppID", false, c -> c.appId = "https://example.org"));
    list.add(new Named("another key", false, c -> {
      KeyPair pair = keys.generateKeyPair();
      byte[] spki = pair.getPublic().getEncoded();
      c.publicKey = java.util.Arrays.copyOfRange(spki, spki.length - 65, spki.length);
    }));
    list.add(new Named("s negated: as good", false, c -> {
      BigInteger[] rs = rs(c.signature);
      c.signature = der(rs[0], ORDER.subtract(rs[1]));
    }));
    list.add(new Named("r with a zero too many", false, c -> {
      BigInteger[] rs = rs(c.signature);
      c.signature = der(join(new byte[1], rs[0].toByteArray()), rs[1].toByteArray());
    }));
    list.add(
        new Named("r and s zero", false, c -> c.signature = der(BigInteger.ZERO, BigInteger.ZERO)));
    list.add(new Named("r the order, s 1", false, c -> c.signature = der(ORDER, BigInteger.ONE)));
    list.add(new Named("r plus the order", false, c -> {
      BigInteger[] rs = rs(c.signature);
      c.signature = der(rs[0].add(ORDER), rs[1]);
    }));
    list.add(new Named("r negative", false, c -> {
      BigInteger[] rs = rs(c.signature);
      c.signature = der(rs[0].negate(), rs[1]);
    }));
    list.add(new Named("r without its sign byte", false, c -> {
      BigInteger[] rs = rs(c.signature);
      byte[] r = rs[0].toByteArray();
      c.signature =
          der(r[0] == 0 ? java.util.Arrays.copyOfRange(r, 1, r.length) : r, rs[1].toByteArray());
    }));
    list.add(new Named("a third number in the signature", false, c -> {
      byte[] more = join(c.signature, new byte[] {2, 1, 1});
      more[1] += 3;
      c.signature = more;
    }));
    list.add(new Named(
        "signature with a long length",
        false,
        c -> c.signature = join(
            new byte[] {0x30, (byte) 0x81},
            java.util.Arrays.copyOfRange(c.signature, 1, c.signature.length))));
    list.add(new Named(
        "signature of indefinite length",
        false,
        c -> c.signature = join(
            new byte[] {0x30, (byte) 0x80},
            java.util.Arrays.copyOfRange(c.signature, 2, c.signature.length),
            new byte[2])));
    list.add(new Named("signature as two plain numbers", false, c -> {
      BigInteger[] rs = rs(c.signature);
      c.signature = HEX.parseHex("%064x%064x".formatted(rs[0], rs[1]));
    }));
    list.add(new Named("no signature", false, c -> c.signature = new byte[0]));
    list.add(new Named("base64 padded", false, c -> {
      c.dataText = Base64.getUrlEncoder().encodeToString(c.message());
      c.clientDataText = Base64.getUrlEncoder().encodeToString(c.clientDataBytes());
    }));
    list.add(new Named(
        "base64 of the standard alphabet",
        false,
        c -> c.dataText = Base64.getEncoder().withoutPadding().encodeToString(c.message())));
    list.add(new Named(
        "base64 with a line break",
        false,
        c -> c.dataText = new StringBuilder(BASE64.encodeToString(c.message()))
            .insert(8, "\\n")
            .toString()));
    list.add(new Named(
        "base64 with a foreign character",
        false,
        c -> c.dataText =
            new StringBuilder(BASE64.encodeToString(c.message())).insert(8, "*").toString()));
    list.add(new Named("base64 with unused bits", false, c -> {
      String text = BASE64.encodeToString(c.clientDataBytes());
      String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
      int last = alphabet.indexOf(text.charAt(text.length() - 1));
      c.clientDataText = text.substring(0, text.length() - 1)
          + alphabet.charAt(text.length() % 4 == 0 ? last : last | 1);
    }));
    list.add(new Named(
        "response without the message",
        false,
        c -> c.json = c.registers()
            ? "{\"clientData\":\"CLIENT\"}"
            : "{\"keyHandle\":\"HANDLE\",\"clientData\":\"CLIENT\"}"));
    list.add(new Named(
        "response without client data",
        false,
        c -> c.json = c.registers()
            ? "{\"registrationData\":\"DATA\"}"
            : "{\"keyHandle\":\"HANDLE\",\"signatureData\":\"DATA\"}"));
    list.add(new Named(
        "response cut off", false, c -> c.json = c.json().substring(0, c.json().length() - 1)));
    list.add(new Named(
        "response with an unknown member",
        false,
        c -> c.json = c.json().replaceFirst("\\{", "{\"x\":[1,{\"y\":null}],")));
    list.add(new Named("response with text behind", false, c -> c.json = c.json() + "x"));
    list.add(new Named(
        "response of another key handle",
        false,
        c -> c.responseKeyHandle = BASE64.encodeToString(bytes(64))));
    return list;
  }

  void print(PrintStream out, int count) throws Exception {
    List<Named> changes = changes();
    for (int number = 1; number <= count; number++) {
      Named named = changes.get(random.nextInt(changes.size()));
      boolean real = !named.signed && random.nextInt(3) == 0;
      Case c;
      if (real) {
        c = copy(published.get(random.nextInt(published.size())));
        named.change.apply(c);
      } else {
        c = fresh(random.nextBoolean(), named);
      }
      out.println(String.join(
          "\t",
          number + " " + named.name,
          c.kind,
          c.challenge,
          c.appId,
          c.origin,
          BASE64.encodeToString(c.keyHandle),
          HEX.formatHex(c.publicKey),
          c.json()));
    }
  }

  public static void main(String[] args) throws Exception {
    Mutants mutants = new Mutants(Long.parseLong(args[2]), Path.of(args[0]));
    System.err.println(mutants.published.size() + " published messages, "
        + mutants.changes().size() + " kinds of change");
    mutants.print(
        new PrintStream(System.out, true, StandardCharsets.UTF_8), Integer.parseInt(args[1]));
  }
}
