import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.WebAuthnClient;
import org.u2f4j.json.AttestationResponse;
import org.u2f4j.json.CreationOptions;
import org.u2f4j.json.CredentialDescriptor;
import org.u2f4j.json.RequestOptions;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.verifier.webauthn.AttestationObject;

/** Makes responses, each with one change, that are good but for it: what is signed is signed after the change. */
final class Mutants {
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final CreationOptions.User USER =
      new CreationOptions.User(Bytes.of((byte) 1), "user", "User");
  private static final List<String> KINDS = List.of(
      "fido-u2f",
      "packed",
      "packed self",
      "none",
      "authentication",
      "client fido-u2f",
      "client none",
      "client authentication");

  /** When a change is made. */
  enum Step {
    FIELDS,
    SIGNED,
    SENT
  }

  interface Edit {
    void apply(Answer answer) throws Exception;
  }

  record Change(String name, Step step, Predicate<String> suits, Edit edit) {}

  private final SecureRandom random;
  private final KeyPairGenerator keys;
  private final KeyPair attestation;
  private final SoftwareKey softwareKey = SoftwareKey.create();
  private final WebAuthnClient client =
      new WebAuthnClient(FacetRule.sameHost(), new TouchPolling(TouchPolling.SILENT));
  private final List<Change> changes = new ArrayList<>();

  Mutants(long seed) throws Exception {
    random = SecureRandom.getInstance("SHA1PRNG");
    random.setSeed(seed);
    keys = KeyPairGenerator.getInstance("EC");
    keys.initialize(new ECGenParameterSpec("secp256r1"), random);
    attestation = keys.generateKeyPair();
    clientData();
    authenticatorData();
    coseKey();
    forms();
    statement();
    signature();
    json();
  }

  /** Every change by turns, and every fourth response without one. */
  Case next(int number) throws Exception {
    Change change = number % 4 == 0
        ? new Change("nothing", Step.SENT, kind -> true, a -> {})
        : changes.get((number - number / 4 - 1) % changes.size());
    List<String> kinds = KINDS.stream()
        .filter(change.suits())
        .filter(kind -> change.step() == Step.SENT || !kind.startsWith("client"))
        .toList();
    Answer a = answer(kinds.get(random.nextInt(kinds.size())));
    edit(a, change, Step.FIELDS);
    if (a.isGenerated()) {
      a.writeWhatIsSigned();
    }
    edit(a, change, Step.SIGNED);
    if (a.isGenerated()) {
      a.sign(attestation, random);
    }
    a.writeStatement();
    edit(a, change, Step.SENT);
    return a.sent(change.name());
  }

  private static void edit(Answer a, Change change, Step step) throws Exception {
    if (change.step() == step) {
      change.edit().apply(a);
    }
  }

  private Answer answer(String kind) throws Exception {
    String challenge = Answer.BASE64.encodeToString(bytes(32));
    if (!kind.startsWith("client")) {
      return Answer.generated(random, kind, challenge, keys.generateKeyPair());
    }
    Deadline deadline = Deadline.after(Duration.ofSeconds(30));
    CreationOptions options = new CreationOptions(
        Case.RP_ID, "Example", USER, challenge, List.of(), null, !kind.endsWith("none"), null);
    AttestationResponse created = client.create(options, Case.ORIGIN, softwareKey, deadline);
    if (!kind.endsWith("authentication")) {
      return Answer.of(random, kind, challenge, created);
    }
    byte[] point = AttestationObject.decode(created.attestationObject())
        .credential()
        .publicKey()
        .bytes()
        .toArray();
    RequestOptions request = new RequestOptions(
        Case.RP_ID,
        challenge,
        List.of(new CredentialDescriptor(created.id(), List.of())),
        null,
        null);
    return Answer.of(
        random, kind, challenge, point, client.get(request, Case.ORIGIN, softwareKey, deadline));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static boolean any(String kind) {
    return true;
  }

  private static boolean creates(String kind) {
    return !kind.endsWith("authentication");
  }

  private static boolean gets(String kind) {
    return !creates(kind);
  }

  private static boolean attests(String kind) {
    return creates(kind) && !kind.endsWith("none");
  }

  private static boolean signs(String kind) {
    return !kind.endsWith("none");
  }

  private static boolean certified(String kind) {
    return attests(kind) && !kind.equals("packed self");
  }

  private static boolean packed(String kind) {
    return kind.startsWith("packed");
  }

  private static boolean u2f(String kind) {
    return kind.endsWith("fido-u2f");
  }

  private void add(String name, Step step, Predicate<String> suits, Edit edit) {
    changes.add(new Change(name, step, suits, edit));
  }

  private void field(String name, Edit edit) {
    add(name, Step.FIELDS, Mutants::any, edit);
  }

  private void text(String name, UnaryOperator<String> change) {
    add(
        name,
        Step.SIGNED,
        Mutants::any,
        a -> a.clientData = change
            .apply(new String(a.clientData, StandardCharsets.UTF_8))
            .getBytes(StandardCharsets.UTF_8));
  }

  private void clientData() {
    field(
        "type of the other ceremony", a -> a.type = a.creates ? "webauthn.get" : "webauthn.create");
    field("type of U2F", a -> a.type = "navigator.id.getAssertion");
    field("type in capitals", a -> a.type = a.type.toUpperCase());
    text("no type", t -> t.replace("\"type\"", "\"typ\""));
    field("another challenge", a -> a.challenge = Answer.BASE64.encodeToString(bytes(32)));
    field("shorter challenge", a -> a.challenge = a.challenge.substring(4));
    field("padded challenge", a -> a.challenge += "=");
    field("challenge with a bit that no byte needs", a -> a.challenge = unusedBit(a.challenge));
    text("no challenge", t -> t.replace("\"challenge\"", "\"chalenge\""));
    for (String origin : List.of(
        "https://example.org",
        "https://www.example.com",
        "https://example.com:8443",
        "https://example.com:443",
        "http://example.com",
        "https://example.com/",
        "https://example.com/login",
        "HTTPS://EXAMPLE.COM",
        "https://example.com.",
        "",
        "null",
        "https://example.com@evil.example",
        "android:apk-key-hash:x")) {
      field("origin " + origin, a -> a.origin = origin);
    }
    text("no origin", t -> t.replace("\"origin\"", "\"orijin\""));
    text("origin a number", t -> t.replace("\"" + Case.ORIGIN + "\"", "7"));
    field("crossOrigin true", a -> a.more = ",\"crossOrigin\":true");
    field("crossOrigin left out", a -> a.more = "");
    field("crossOrigin null", a -> a.more = ",\"crossOrigin\":null");
    field("crossOrigin a text", a -> a.more = ",\"crossOrigin\":\"false\"");
    field(
        "topOrigin of another page",
        a -> a.more = ",\"crossOrigin\":true,\"topOrigin\":\"https://evil.example\"");
    field("topOrigin without crossOrigin", a -> a.more = ",\"topOrigin\":\"https://evil.example\"");
    field(
        "topOrigin the own",
        a -> a.more = ",\"crossOrigin\":true,\"topOrigin\":\"" + Case.ORIGIN + "\"");
    field("unknown member", a -> a.more += ",\"x\":[1,{\"y\":null}]");
    field("token binding", a -> a.more += ",\"tokenBinding\":{\"status\":\"supported\"}");
    field("token binding, malformed", a -> a.more += ",\"tokenBinding\":7");
    field(
        "two origins, the right one first", a -> a.more += ",\"origin\":\"https://evil.example\"");
    text(
        "two origins, the right one last",
        t -> t.replace("\"origin\"", "\"origin\":\"https://evil.example\",\"origin\""));
    field("two types, the right one first", a -> a.more += ",\"type\":\"x\"");
    text("client data with spaces", t -> t.replace(",\"", " , \""));
    text("client data with escaped letters", t -> t.replace("https", "\\u0068ttps"));
    text("client data with text behind", t -> t + "x");
    text("client data with a second object behind", t -> t + "{}");
    text("client data with a byte order mark", t -> "\uFEFF" + t);
    text("client data in an array", t -> "[" + t + "]");
    text("client data empty", t -> "");
    add(
        "client data not UTF-8",
        Step.SIGNED,
        Mutants::any,
        a -> a.clientData = Case.join(
            Arrays.copyOf(a.clientData, a.clientData.length - 1),
            ",\"x\":\"".getBytes(),
            new byte[] {(byte) 0xff},
            "\"}".getBytes()));
    add(
        "a bit of the client data, signed",
        Step.SIGNED,
        Mutants::any,
        a -> a.clientData = Case.flip(random, a.clientData));
    add(
        "a bit of the client data",
        Step.SENT,
        Mutants::any,
        a -> a.clientData = Case.flip(random, a.clientData));
  }

  private void authenticatorData() {
    for (String scope : List.of(
        "example.org", "www.example.com", "EXAMPLE.COM", "https://example.com", Case.APP_ID)) {
      field("RP ID " + scope, a -> a.scope = scope);
    }
    for (int flags : new int[] {0x00, 0x04, 0x05, 0x02, 0x03, 0x21, 0x09, 0x11, 0x19}) {
      field("flags %02x".formatted(flags), a -> a.flags = a.flags & 0x40 | flags);
    }
    field("flags announce extensions, none follow", a -> a.flags |= 0x80);
    field("flags announce the other form", a -> a.flags ^= 0x40);
    byte[] protect = Cbor.map(List.of(Cbor.text("credProtect"), Cbor.number(2)));
    field("extensions", a -> extend(a, protect));
    field(
        "unknown extension",
        a -> extend(a, Cbor.map(List.of(Cbor.text("x"), Cbor.list(List.of(Cbor.number(-1)))))));
    field("extensions of no members", a -> extend(a, Cbor.map(List.of())));
    field("extensions not announced", a -> a.extensions = protect);
    field("extensions no map", a -> extend(a, Cbor.text("credProtect")));
    field("extensions of indefinite length", a -> extend(a, Cbor.indefinite(protect)));
    field("extensions in a longer form", a -> extend(a, Cbor.longer(protect)));
    field("extensions twice", a -> extend(a, Case.join(protect, protect)));
    field(
        "extension key twice",
        a -> extend(
            a, Cbor.map(List.of(Cbor.text("x"), Cbor.number(1), Cbor.text("x"), Cbor.number(2)))));
    field("extensions cut off", a -> extend(a, Arrays.copyOf(protect, protect.length - 1)));
    field("extensions nested 20 deep", a -> {
      byte[] deep = Cbor.number(0);
      for (int i = 0; i < 20; i++) {
        deep = Cbor.list(List.of(deep));
      }
      extend(a, Cbor.map(List.of(Cbor.text("x"), deep)));
    });
    field("byte behind the authenticator data", a -> a.extensions = bytes(1));
    add(
        "authenticator data cut off",
        Step.SIGNED,
        Mutants::any,
        a -> a.authenticatorData =
            Arrays.copyOf(a.authenticatorData, random.nextInt(a.authenticatorData.length)));
    add(
        "a bit of the authenticator data, signed",
        Step.SIGNED,
        Mutants::any,
        a -> a.authenticatorData = Case.flip(random, a.authenticatorData));
    add(
        "a bit of the authenticator data",
        Step.SENT,
        Mutants::any,
        a -> a.authenticatorData = Case.flip(random, a.authenticatorData));
    for (long[] pair : new long[][] {
      {7, 7}, {7, 6}, {7, 0}, {0, 0}, {0, 1}, {7, 0x80000000L}, {7, 0xFFFFFFFFL}, {0xFFFFFFFFL, 1}
    }) {
      add("counter %s after %s".formatted(pair[1], pair[0]), Step.FIELDS, Mutants::gets, a -> {
        a.storedCounter = pair[0];
        a.counter = pair[1];
      });
    }
    add(
        "counter of a registration 2^32 - 1",
        Step.FIELDS,
        Mutants::creates,
        a -> a.counter = 0xFFFFFFFFL);
    add(
        "AAGUID not zero",
        Step.FIELDS,
        kind -> u2f(kind) || kind.equals("none"),
        a -> a.model = bytes(16));
    add(
        "AAGUID not the certificate's",
        Step.FIELDS,
        kind -> kind.equals("packed"),
        a -> a.model = bytes(16));
    for (int length : new int[] {0, 1, 255, 256, 1023, 1024, 2000}) {
      add(
          "credential id of %s bytes".formatted(length),
          Step.FIELDS,
          Mutants::creates,
          a -> a.id = bytes(length));
    }
    add(
        "another credential id than answered",
        Step.SENT,
        Mutants::creates,
        a -> a.sentId = bytes(64));
    add("credential that was not asked for", Step.SENT, Mutants::gets, a -> a.sentId = bytes(64));
    add("registered with U2F, appid used", Step.FIELDS, Mutants::gets, a -> {
      a.boundToAppId = true;
      a.scope = Case.APP_ID;
      a.extensionResults = "\"appid\":true";
    });
    add("registered with U2F, appid used but denied", Step.FIELDS, Mutants::gets, a -> {
      a.boundToAppId = true;
      a.scope = Case.APP_ID;
      a.extensionResults = "\"appid\":false";
    });
    add("registered with U2F, appid claimed but not used", Step.FIELDS, Mutants::gets, a -> {
      a.boundToAppId = true;
      a.extensionResults = "\"appid\":true";
    });
    add(
        "registered with U2F, answered as if with WebAuthn",
        Step.FIELDS,
        Mutants::gets,
        a -> a.boundToAppId = true);
    add("appid used though not asked for", Step.FIELDS, Mutants::gets, a -> {
      a.scope = Case.APP_ID;
      a.extensionResults = "\"appid\":true";
    });
    add(
        "appid claimed though not asked for",
        Step.FIELDS,
        Mutants::gets,
        a -> a.extensionResults = "\"appid\":true");
  }

  private static void extend(Answer a, byte[] extensions) {
    a.flags |= 0x80;
    a.extensions = extensions;
  }

  private void cose(String name, Edit edit) {
    add("COSE key " + name, Step.FIELDS, Mutants::creates, edit);
  }

  private void coseKey() {
    cose("with kty 1", a -> a.cose.set(1, Cbor.number(1)));
    cose("with kty 3", a -> a.cose.set(1, Cbor.number(3)));
    cose("with alg -35", a -> a.cose.set(3, Cbor.number(-35)));
    cose("with alg -257", a -> a.cose.set(3, Cbor.number(-257)));
    cose("with alg -9", a -> a.cose.set(3, Cbor.number(-9)));
    cose("with crv 2", a -> a.cose.set(5, Cbor.number(2)));
    cose("with crv 8", a -> a.cose.set(5, Cbor.number(8)));
    for (int member = 0; member < 5; member++) {
      int at = 2 * member;
      cose("without " + List.of("kty", "alg", "crv", "x", "y").get(member), a -> {
        a.cose.remove(at);
        a.cose.remove(at);
      });
    }
    cose("in reverse order", a -> {
      List<byte[]> reversed = new ArrayList<>(a.cose);
      Collections.reverse(reversed);
      for (int i = 0; i < reversed.size(); i += 2) {
        Collections.swap(reversed, i, i + 1);
      }
      a.cose = reversed;
    });
    cose(
        "with an unknown member", a -> a.cose.addAll(List.of(Cbor.number(-70000), Cbor.number(1))));
    cose(
        "with key operations",
        a -> a.cose.addAll(List.of(Cbor.number(4), Cbor.list(List.of(Cbor.number(2))))));
    cose("with a key id", a -> a.cose.addAll(List.of(Cbor.number(2), Cbor.bytes(bytes(4)))));
    cose("with alg twice", a -> a.cose.addAll(List.of(Cbor.number(3), Cbor.number(-7))));
    cose("with another alg behind", a -> a.cose.addAll(List.of(Cbor.number(3), Cbor.number(-257))));
    cose(
        "with a member named by text", a -> a.cose.addAll(List.of(Cbor.text("x"), Cbor.number(1))));
    cose("with a label in a longer form", a -> a.cose.set(0, Cbor.longer(Cbor.number(1))));
    cose("with alg in a longer form", a -> a.cose.set(3, Cbor.head(1, 6, 2)));
    cose(
        "with x of 33 bytes",
        a -> a.cose.set(7, Cbor.bytes(Case.join(new byte[1], Arrays.copyOfRange(a.point, 1, 33)))));
    cose("with x of 31 bytes", a -> a.cose.set(7, Cbor.bytes(Arrays.copyOfRange(a.point, 2, 33))));
    cose("with y a sign", a -> a.cose.set(9, new byte[] {(byte) 0xf5}));
    cose("with x a text", a -> a.cose.set(7, Cbor.text("x".repeat(32))));
    cose(
        "with x in pieces",
        a -> a.cose.set(
            7,
            Case.join(
                new byte[] {0x5f},
                Cbor.bytes(Arrays.copyOfRange(a.point, 1, 17)),
                Cbor.bytes(Arrays.copyOfRange(a.point, 17, 33)),
                Cbor.BREAK)));
    cose(
        "off the curve",
        a -> a.cose.set(7, Cbor.bytes(Case.flip(random, Arrays.copyOfRange(a.point, 1, 33)))));
    cose("at zero", a -> {
      a.cose.set(7, Cbor.bytes(new byte[32]));
      a.cose.set(9, Cbor.bytes(new byte[32]));
    });
    cose("of another key", a -> {
      byte[] spki = keys.generateKeyPair().getPublic().getEncoded();
      a.cose.set(7, Cbor.bytes(Arrays.copyOfRange(spki, spki.length - 64, spki.length - 32)));
      a.cose.set(9, Cbor.bytes(Arrays.copyOfRange(spki, spki.length - 32, spki.length)));
    });
    cose("of indefinite length", a -> a.coseForm = members -> Cbor.indefinite(Cbor.map(members)));
    cose("in a longer form", a -> a.coseForm = members -> Cbor.longer(Cbor.map(members)));
    cose(
        "with a tag",
        a -> a.coseForm = members -> Case.join(new byte[] {(byte) 0xc1}, Cbor.map(members)));
    cose("a list", a -> a.coseForm = Cbor::list);
    cose("missing", a -> a.coseForm = members -> new byte[0]);
    cose(
        "with a byte behind",
        a -> a.coseForm = members -> Case.join(Cbor.map(members), new byte[1]));
  }

  private void object(String name, Edit edit) {
    add("attestation object " + name, Step.SENT, Mutants::creates, edit);
  }

  private void forms() {
    object(
        "of indefinite length", a -> a.objectForm = members -> Cbor.indefinite(Cbor.map(members)));
    object("in a longer form", a -> a.objectForm = members -> Cbor.longer(Cbor.map(members)));
    object(
        "with a tag",
        a -> a.object =
            bytes -> Case.join(new byte[] {(byte) 0xd9, (byte) 0xd9, (byte) 0xf7}, bytes));
    object("with a byte behind", a -> a.object = bytes -> Case.join(bytes, new byte[1]));
    object("twice", a -> a.object = bytes -> Case.join(bytes, bytes));
    object("cut off", a -> a.object = bytes -> Arrays.copyOf(bytes, random.nextInt(bytes.length)));
    object("with a bit flipped", a -> a.object = bytes -> Case.flip(random, bytes));
    object("a list", a -> a.objectForm = Cbor::list);
    object(
        "in another order",
        a -> a.objectForm =
            m -> Cbor.map(List.of(m.get(4), m.get(5), m.get(2), m.get(3), m.get(0), m.get(1))));
    object(
        "with an unknown member", a -> a.objectForm = m -> more(m, Cbor.text("x"), Cbor.number(1)));
    object("with fmt twice", a -> a.objectForm = m -> more(m, m.get(0), m.get(1)));
    object("with another fmt behind", a -> a.objectForm = m -> more(m, m.get(0), Cbor.text("tpm")));
    object(
        "with a number for a name",
        a -> a.objectForm = m -> more(m, Cbor.number(1), Cbor.number(1)));
    for (int member = 0; member < 3; member++) {
      int at = 2 * member;
      object(
          "without " + List.of("fmt", "attStmt", "authData").get(member),
          a -> a.objectForm = m -> {
            m.remove(at);
            m.remove(at);
            return Cbor.map(m);
          });
    }
    object(
        "with a name in a longer form",
        a -> a.objectForm = m -> {
          m.set(0, Cbor.longer(m.get(0)));
          return Cbor.map(m);
        });
    object(
        "with authData in pieces",
        a -> a.objectForm = m -> {
          m.set(5, Case.join(new byte[] {0x5f}, m.get(5), Cbor.BREAK));
          return Cbor.map(m);
        });
    object(
        "with authData a text",
        a -> a.objectForm = m -> {
          m.set(5, Cbor.text("x".repeat(60)));
          return Cbor.map(m);
        });
    for (String format : List.of("none", "packed", "fido-u2f", "tpm", "android-key", "x", "")) {
      add(
          "format \"" + format + "\" for another",
          Step.SENT,
          kind ->
              creates(kind) && (format.isEmpty() || !kind.replace(" self", "").endsWith(format)),
          a -> a.format = format);
    }
  }

  private static byte[] more(List<byte[]> members, byte[] key, byte[] value) {
    members.addAll(List.of(key, value));
    return Cbor.map(members);
  }

  private void statement() {
    add(
        "statement of indefinite length",
        Step.SENT,
        Mutants::creates,
        a -> a.statementForm = m -> Cbor.indefinite(Cbor.map(m)));
    add(
        "statement in a longer form",
        Step.SENT,
        Mutants::creates,
        a -> a.statementForm = m -> Cbor.longer(Cbor.map(m)));
    add(
        "statement with an unknown member",
        Step.SENT,
        Mutants::creates,
        a -> a.statement.addAll(List.of(Cbor.text("x"), Cbor.number(1))));
    add(
        "statement with a member twice",
        Step.SENT,
        Mutants::attests,
        a -> a.statement.addAll(a.statement.subList(0, 2).stream().toList()));
    add("statement empty", Step.SENT, Mutants::attests, a -> a.statement.clear());
    add("statement in reverse order", Step.SENT, Mutants::attests, a -> {
      Collections.reverse(a.statement);
      for (int i = 0; i < a.statement.size(); i += 2) {
        Collections.swap(a.statement, i, i + 1);
      }
    });
    add("statement without sig", Step.SENT, Mutants::attests, a -> {
      int at = a.format.equals("packed") ? 2 : 0;
      a.statement.remove(at);
      a.statement.remove(at);
    });
    add(
        "statement with alg -7",
        Step.SENT,
        Mutants::u2f,
        a -> a.statement.addAll(List.of(Cbor.text("alg"), Cbor.number(-7))));
    add(
        "statement with alg -257",
        Step.SENT,
        Mutants::u2f,
        a -> a.statement.addAll(List.of(Cbor.text("alg"), Cbor.number(-257))));
    add("statement's alg -257", Step.FIELDS, Mutants::packed, a -> a.algorithm = -257);
    add("statement's alg -35", Step.FIELDS, Mutants::packed, a -> a.algorithm = -35);
    add("statement without alg", Step.SENT, Mutants::packed, a -> {
      a.statement.remove(0);
      a.statement.remove(0);
    });
    add(
        "statement with ECDAA",
        Step.SENT,
        Mutants::packed,
        a -> a.statement.addAll(List.of(Cbor.text("ecdaaKeyId"), Cbor.bytes(bytes(8)))));
    certificates("no certificate", a -> x5c(a, List.of()));
    certificates("the certificate twice", a -> x5c(a, List.of(a.x5c.get(0), a.x5c.get(0))));
    certificates("five certificates", a -> x5c(a, Collections.nCopies(5, a.x5c.get(0))));
    certificates("a second certificate that is none", a -> x5c(a, List.of(a.x5c.get(0), bytes(9))));
    certificates("x5c left out", a -> x5cMember(a, null));
    certificates("x5c no list", a -> x5cMember(a, Cbor.bytes(a.x5c.get(0))));
    certificates("x5c null", a -> x5cMember(a, new byte[] {(byte) 0xf6}));
    certificates(
        "x5c of indefinite length",
        a -> x5cMember(a, Cbor.indefinite(Cbor.list(List.of(Cbor.bytes(a.x5c.get(0)))))));
    certificates(
        "byte behind the certificate", a -> x5c(a, List.of(Case.join(a.x5c.get(0), new byte[1]))));
    certificates("a bit of the certificate", a -> x5c(a, List.of(Case.flip(random, a.x5c.get(0)))));
    certificates("certificate cut off", a -> x5c(a, List.of(Arrays.copyOf(a.x5c.get(0), 100))));
    add(
        "x5c of no certificates",
        Step.SENT,
        kind -> kind.equals("packed self"),
        a -> a.statement.addAll(List.of(Cbor.text("x5c"), Cbor.list(List.of()))));
    profile("expired certificate", b -> b.to = "210101000000Z");
    profile("certificate of the future", b -> b.from = "390101000000Z");
    profile("certificate of another unit", b -> b.unit = "Authenticator");
    profile("certificate of no country", b -> b.country = "");
    profile("certificate of an unknown country", b -> b.country = "XX");
    profile("certificate of an authority", b -> b.authority = true);
    profile("certificate of version 1", b -> b.version1 = true);
    add(
        "certificate without AAGUID",
        Step.FIELDS,
        kind -> kind.equals("packed"),
        a -> a.certificateFields.model = null);
    add(
        "certificate with a critical AAGUID",
        Step.FIELDS,
        kind -> kind.equals("packed"),
        a -> a.certificateFields.critical = true);
    add(
        "certificate with an AAGUID not wrapped",
        Step.FIELDS,
        kind -> kind.equals("packed"),
        a -> a.certificateFields.model = a.model);
    add(
        "certificate with another AAGUID",
        Step.FIELDS,
        Mutants::u2f,
        a -> a.certificateFields.model = Case.join(new byte[] {4, 16}, bytes(16)));
  }

  private void certificates(String name, Edit edit) {
    add(name, Step.SENT, Mutants::certified, edit);
  }

  private void profile(String name, java.util.function.Consumer<Certificate.Builder> edit) {
    add(name, Step.FIELDS, Mutants::certified, a -> edit.accept(a.certificateFields));
  }

  private static void x5c(Answer a, List<byte[]> certificates) {
    x5cMember(a, Cbor.list(certificates.stream().map(Cbor::bytes).toList()));
  }

  private static void x5cMember(Answer a, byte[] value) {
    int at = a.statement.size() - 2;
    a.statement.remove(at + 1);
    if (value == null) {
      a.statement.remove(at);
    } else {
      a.statement.add(value);
    }
  }

  private void signature(String name, Edit edit) {
    add("signature " + name, Step.SENT, Mutants::signs, a -> {
      edit.apply(a);
      if (a.creates) {
        int at = a.format.equals("packed") ? 3 : 1;
        a.statement.set(at, Cbor.bytes(a.signature));
      }
    });
  }

  private static byte[] der(byte[] r, byte[] s) {
    return Case.join(
        new byte[] {0x30, (byte) (4 + r.length + s.length), 2, (byte) r.length}, r,
        new byte[] {2, (byte) s.length}, s);
  }

  private static byte[] der(BigInteger r, BigInteger s) {
    return der(r.toByteArray(), s.toByteArray());
  }

  private void signature() {
    signature("with a bit flipped", a -> a.signature = Case.flip(random, a.signature));
    signature("of no bytes", a -> a.signature = new byte[0]);
    signature("with a byte behind", a -> a.signature = Case.join(a.signature, new byte[1]));
    signature("with s negated: as good", a -> a.numbers(n -> der(n[0], ORDER.subtract(n[1]))));
    signature(
        "with a zero too many",
        a -> a.numbers(n -> der(Case.join(new byte[1], n[0].toByteArray()), n[1].toByteArray())));
    signature("of zeros", a -> a.signature = der(BigInteger.ZERO, BigInteger.ZERO));
    signature("of the order and 1", a -> a.signature = der(ORDER, BigInteger.ONE));
    signature("with r plus the order", a -> a.numbers(n -> der(n[0].add(ORDER), n[1])));
    signature("with r negative", a -> a.numbers(n -> der(n[0].negate(), n[1])));
    signature("with a third number", a -> {
      a.signature = Case.join(a.signature, new byte[] {2, 1, 1});
      a.signature[1] += 3;
    });
    signature(
        "with a long length",
        a -> a.signature = Case.join(
            new byte[] {0x30, (byte) 0x81},
            Arrays.copyOfRange(a.signature, 1, a.signature.length)));
    signature(
        "of indefinite length",
        a -> a.signature = Case.join(
            new byte[] {0x30, (byte) 0x80},
            Arrays.copyOfRange(a.signature, 2, a.signature.length),
            new byte[2]));
    signature("of random bytes", a -> a.signature = bytes(70));
  }

  private void json(String name, UnaryOperator<String> change) {
    add("JSON " + name, Step.SENT, Mutants::any, a -> a.json = change);
  }

  private void json() {
    json("with an unknown member", t -> t.replaceFirst("\\{", "{\"x\":[1,{\"y\":null}],"));
    json("with text behind", t -> t + "x");
    json("cut off", t -> t.substring(0, t.length() - 1));
    json("without rawId", t -> t.replace("\"rawId\"", "\"rowId\""));
    json("without id", t -> t.replace("\"id\"", "\"i\""));
    json("with another rawId", t -> t.replace("\"rawId\":\"", "\"rawId\":\"AAAA"));
    json("without type", t -> t.replace(",\"type\":\"public-key\"", ""));
    json("with another type", t -> t.replace("\"public-key\"", "\"password\""));
    json("without extension results", t -> t.replace(",\"clientExtensionResults\":{}", ""));
    json(
        "with unknown extension results",
        t -> t.replace(
            "\"clientExtensionResults\":{", "\"clientExtensionResults\":{\"x\":{\"y\":1}"));
    json(
        "with an attachment",
        t -> t.replaceFirst("\\{", "{\"authenticatorAttachment\":\"cross-platform\","));
    json(
        "with an unknown attachment",
        t -> t.replaceFirst("\\{", "{\"authenticatorAttachment\":\"x\","));
    json("with an unknown transport", t -> t.replace("[\"usb\"]", "[\"usb\",\"x\"]"));
    json("with a member twice", t -> t.replaceFirst("\\{", "{\"type\":\"public-key\","));
    json("without client data", t -> t.replace("\"clientDataJSON\"", "\"clientData\""));
    json("with padded client data", t -> t.replaceFirst("(\"clientDataJSON\":\"[^\"]*)", "$1="));
    json(
        "with a line break in the client data",
        t -> t.replace("\"clientDataJSON\":\"", "\"clientDataJSON\":\"\\n"));
    json(
        "with a foreign character in the client data",
        t -> t.replace("\"clientDataJSON\":\"", "\"clientDataJSON\":\"*"));
    json(
        "with an empty user handle",
        t -> t.replace("\"clientDataJSON\"", "\"userHandle\":\"\",\"clientDataJSON\""));
    add(
        "JSON with the user handle",
        Step.SENT,
        Mutants::gets,
        a -> a.json =
            t -> t.replace("\"clientDataJSON\"", "\"userHandle\":\"AQ\",\"clientDataJSON\""));
    add(
        "JSON with another user handle",
        Step.SENT,
        Mutants::gets,
        a -> a.json =
            t -> t.replace("\"clientDataJSON\"", "\"userHandle\":\"Ag\",\"clientDataJSON\""));
    add(
        "JSON with user handle null",
        Step.SENT,
        Mutants::gets,
        a -> a.json =
            t -> t.replace("\"clientDataJSON\"", "\"userHandle\":null,\"clientDataJSON\""));
    add(
        "another challenge issued",
        Step.SENT,
        Mutants::any,
        a -> a.issued = Answer.BASE64.encodeToString(bytes(32)));
    add("another key known", Step.SENT, Mutants::gets, a -> {
      byte[] spki = keys.generateKeyPair().getPublic().getEncoded();
      a.point = Arrays.copyOfRange(spki, spki.length - 65, spki.length);
    });
  }

  private static String unusedBit(String base64) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(base64.charAt(base64.length() - 1));
    return base64.substring(0, base64.length() - 1) + alphabet.charAt(last | 1);
  }

  int changes() {
    return changes.size();
  }
}
