package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.soft.SoftwareKey;

/** What register and sign answer is taken apart and verified with the JDK alone. */
class ClientCommandTest {
  private static final String ORIGIN = "https://example.com";
  private static final String PROMPT = "Touch your key\\.\\.\\. \\d+ s";
  private static final String TURNING = PROMPT + " [|/\\\\-]";
  private static final String CHALLENGE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

  @TempDir
  Path folder;

  private String key() {
    return folder.resolve("my.key").toString();
  }

  private static String registerRequest(String more) {
    return """
        {"version":"U2F_V2","challenge":"%s","appId":"%s"%s}""".formatted(CHALLENGE, ORIGIN, more);
  }

  private static String appId(String appId) {
    return registerRequest("").replace(ORIGIN, appId);
  }

  private static String signRequest(String keyHandle) {
    return registerRequest(",\"keyHandle\":\"" + keyHandle + "\"");
  }

  private Session register(String request, String... more) {
    return client("register", key(), request, more);
  }

  private static Session client(String verb, String key, String request, String... more) {
    String[] args =
        Arrays.copyOf(new String[] {verb, "--origin", ORIGIN, "--soft", key}, 5 + more.length);
    System.arraycopy(more, 0, args, 5, more.length);
    return Session.of(request, args);
  }

  /** A registration cut up by the layout in the specification. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Registered(
      PublicKey userKey, byte[] point, byte[] handle, byte[] certificate, byte[] signature) {
    static Registered of(Session session) throws Exception {
      byte[] data = bytes(session.json(), "registrationData");
      assertEquals(5, data[0]);
      byte[] point = Arrays.copyOfRange(data, 1, 66);
      int handleEnd = 67 + (data[66] & 0xFF);
      ByteArrayInputStream rest =
          new ByteArrayInputStream(data, handleEnd, data.length - handleEnd);
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(rest);
      AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
      p256.init(new ECGenParameterSpec("secp256r1"));
      PublicKey userKey = KeyFactory.getInstance("EC")
          .generatePublic(new ECPublicKeySpec(
              new ECPoint(
                  new BigInteger(1, Arrays.copyOfRange(point, 1, 33)),
                  new BigInteger(1, Arrays.copyOfRange(point, 33, 65))),
              p256.getParameterSpec(ECParameterSpec.class)));
      return new Registered(
          userKey,
          point,
          Arrays.copyOfRange(data, 67, handleEnd),
          certificate.getEncoded(),
          rest.readAllBytes());
    }

    String handleText() {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(handle);
    }
  }

  private static byte[] bytes(Map<String, Object> json, String name) {
    return Base64.getUrlDecoder().decode((String) json.get(name));
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static boolean verifies(PublicKey key, byte[] signature, byte[]... signed)
      throws Exception {
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initVerify(key);
    for (byte[] part : signed) {
      ecdsa.update(part);
    }
    return ecdsa.verify(signature);
  }

  private static final byte[] APPLICATION = ORIGIN.getBytes(StandardCharsets.UTF_8);

  @Test
  void registersAndSigns() throws Exception {
    Session registration = register(registerRequest(""));
    assertEquals(0, registration.exit(), registration.err());
    assertEquals("", registration.err());
    assertEquals(1, registration.out().lines().count());
    assertEquals(
        Set.of("registrationData", "clientData", "version"), registration.json().keySet());
    Registered registered = Registered.of(registration);
    byte[] clientData = bytes(registration.json(), "clientData");
    assertEquals(
        "{\"typ\":\"navigator.id.finishEnrollment\",\"challenge\":\"" + CHALLENGE
            + "\",\"origin\":\"" + ORIGIN + "\"}",
        new String(clientData, StandardCharsets.UTF_8));
    PublicKey attestation = CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(registered.certificate()))
        .getPublicKey();
    assertTrue(verifies(
        attestation,
        registered.signature(),
        new byte[] {0},
        sha256(APPLICATION),
        sha256(clientData),
        registered.handle(),
        registered.point()));

    for (int counter = 1; counter <= 3; counter++) {
      Session signed =
          client("authenticate", key(), signRequest(registered.handleText()), "--touch", "1");
      assertEquals(0, signed.exit(), signed.err());
      assertTrue(signed.err().matches(PROMPT + "\n"), signed.err());
      assertEquals(
          Set.of("keyHandle", "signatureData", "clientData"), signed.json().keySet());
      assertEquals(registered.handleText(), signed.json().get("keyHandle"));
      byte[] data = bytes(signed.json(), "signatureData");
      assertEquals(1, data[0]);
      assertEquals(counter, ByteBuffer.wrap(data, 1, 4).getInt());
      assertTrue(verifies(
          registered.userKey(),
          Arrays.copyOfRange(data, 5, data.length),
          sha256(APPLICATION),
          Arrays.copyOf(data, 5),
          sha256(bytes(signed.json(), "clientData"))));
    }
  }

  @Test
  void refusesToRegisterAKeyTwice() throws Exception {
    String handle = Registered.of(register(registerRequest(""))).handleText();
    String again = """
        {"appId":"%s","registerRequests":[{"version":"U2F_V2","challenge":"%s"}],
         "registeredKeys":[{"version":"U2F_V2","keyHandle":"%s"}]}""".formatted(ORIGIN, CHALLENGE, handle);
    Session session = register(again, "--json");
    assertEquals(1, session.exit());
    assertEquals(4, session.json().get("errorCode"));
    assertEquals(
        "u2f register: this key is registered already; use another key",
        session.err().strip());
    Session plain = register(again);
    assertEquals("", plain.out());
    assertEquals(1, plain.exit());
  }

  @Test
  void refusesToSignWithAnotherKeysHandle() throws Exception {
    String handle = Registered.of(register(registerRequest(""))).handleText();
    String other = folder.resolve("other").toString();
    client("register", other, registerRequest(""));
    Session session = client("sign", other, signRequest(handle), "--json");
    assertEquals(1, session.exit());
    assertEquals(4, session.json().get("errorCode"));
  }

  @Test
  void signingMakesNoKey() {
    Session session = client("sign", key(), signRequest("AAAA"));
    assertEquals(3, session.exit());
    assertEquals(
        "u2f sign: there is no %s; registering a key with --soft %s makes one"
            .formatted(key(), key()),
        session.err().strip());
    assertFalse(Files.exists(Path.of(key())));
  }

  @Test
  void checksTheOriginFirst() {
    for (String origin : List.of(
        "",
        "example.com",
        "example.com:8080",
        "https://example.com/",
        "https://Example.com",
        "https://example.com:443",
        "http://example.com:80",
        "https:example.com",
        "https://a@example.com")) {
      Session session = Session.of("", "register", "--origin", origin, "--trust-app-id");
      assertEquals(2, session.exit());
      assertEquals(
          "u2f register: --origin is scheme, host and port only, like https://example.com, not \""
              + origin + "\"",
          session.err().lines().findFirst().orElseThrow());
    }
    for (String origin : List.of(
        "http://localhost:8080",
        "https://[::1]:8443",
        "chrome-extension://abcdef",
        "android:apk-key-hash:2jmj7l5rSw0yVb/vlWAYkK/YBwk",
        "ios:bundle-id:com.example")) {
      assertEquals(4, Session.of("", "register", "--origin", origin).exit(), origin);
    }
  }

  @Test
  void readsTheRequestFromAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("request.json"), registerRequest(""));
    Session session = register("", "--request", file.toString());
    assertEquals(0, session.exit(), session.err());
  }

  @Test
  void givesUpWhenTimeRunsOut() {
    register(registerRequest("")); // makes the key, and loads what a slow machine loads slowly
    Session session = register(registerRequest(""), "--touch", "no", "--timeout", "2", "--json");
    assertEquals(3, session.exit());
    assertEquals(5, session.json().get("errorCode"));
    assertEquals(
        1, session.err().lines().filter(l -> l.startsWith("Touch your key")).count());
  }

  @Test
  void countsDownInPlaceOnATerminal() {
    // asked in vain for more than a second, so that there is another number to show
    Session touched = onTerminal("--touch", "8");
    assertEquals(0, touched.exit(), touched.err());
    assertTrue(touched.err().matches("(" + TURNING + "\r +\r){2,}"), touched.err());
    Session untouched = onTerminal("--touch", "no", "--timeout", "2");
    assertEquals(3, untouched.exit(), untouched.err());
    assertTrue(
        untouched.err().matches("(" + TURNING + "\r +\r)+u2f register: [^\r\n]*\n"),
        untouched.err());
  }

  private Session onTerminal(String... more) {
    String[] args = Arrays.copyOf(
        new String[] {"register", "--origin", ORIGIN, "--soft", key()}, 5 + more.length);
    System.arraycopy(more, 0, args, 5, more.length);
    return Session.on("2", registerRequest(""), args);
  }

  @Test
  void refusesAForeignAppIdUnlessToldToTrustIt() {
    String foreign = registerRequest("").replace(ORIGIN, "ftp://elsewhere.example");
    Session refused = register(foreign, "--json");
    assertEquals(1, refused.exit());
    assertEquals(2, refused.json().get("errorCode"));
    assertTrue(refused.err().contains("3.1.2"), refused.err());
    assertEquals(0, register(foreign, "--trust-app-id").exit());
  }

  @Test
  void keepsControlCharactersOffTheTerminal() {
    Session session = register(registerRequest("").replace(ORIGIN, "x\\u001b[2Jy"));
    assertEquals(1, session.exit());
    assertFalse(session.err().contains("\u001b"));
    assertTrue(session.err().contains("\\u001b[2J"), session.err());
  }

  @Test
  void tracesWithoutSecrets() throws Exception {
    Registered registered = Registered.of(register(registerRequest("")));
    Path file = folder.resolve("trace");
    Session session = client(
        "sign", key(), signRequest(registered.handleText()), "--trace", "" + file, "--touch", "2");
    assertEquals(0, session.exit(), session.err());
    String trace = Files.readString(file);
    String hex = HexFormat.of().formatHex(registered.handle());
    assertFalse(trace.contains(hex.substring(0, 8)), trace);
    assertEquals("""
        # u2f4j trace of a software key: commands and answers, no packets
        > 00 02 07 00 AUTHENTICATE CHECK_ONLY challenge (32 bytes) application 100680ad... key handle (60 bytes)
        < 6985 CONDITIONS_NOT_SATISFIED
        > 00 02 03 00 AUTHENTICATE ENFORCE_USER_PRESENCE_AND_SIGN challenge (32 bytes) application 100680ad... key handle (60 bytes)
        < 6985 CONDITIONS_NOT_SATISFIED
        < 9000 NO_ERROR presence 01 counter 1 signature (NN bytes)
        """, trace.replaceAll("signature \\(7[0-2] bytes", "signature (NN bytes"));
  }

  @Test
  void saysWhatIsWrongWithTheInput() throws Exception {
    Path broken = folder.resolve("broken");
    SoftwareKey.open(broken, Deadline.after(Duration.ofMinutes(1))).close(); // its owner's alone
    Files.writeString(broken, "not a key");
    Path open = Files.writeString(folder.resolve("open"), "not a key"); // perhaps others', too
    String none = folder.resolve("none").toString();
    String nowhere = folder.resolve("no").resolve("where").toString();
    Object[][] cases = {
      {register(""), 4, "standard input is empty"},
      {register("{\"challenge\":"), 4, "not JSON"},
      {register("{}"), 4, "\"challenge\" is missing"},
      {register("x".repeat(2_000_000)), 4, "longer than 1048576 bytes"},
      {register("", "--request", none), 4, "there is no " + none},
      {client("register", broken.toString(), registerRequest("")), 4, "not a software key file"},
      {client("register", open.toString(), registerRequest("")), 4, "not a software key file"},
      {client("register", folder.toString(), registerRequest("")), 4, "is not a file"},
      {client("register", "", registerRequest("")), 2, "--soft is the name of a file"},
      {register(appId("https://localhost:1/x")), 1, "is the network reachable?"},
      {client("register", nowhere, registerRequest("")), 5, nowhere + " cannot be used"},
      {register(registerRequest(""), "--timeout", "0"), 2, "--timeout is 1 to 86400 seconds"},
      {
        register(registerRequest(""), "--timeout", "soon"),
        2,
        "--timeout is 1 to 86400 seconds, not \"soon\""
      },
      {register(registerRequest(""), "--key", "/dev/hidraw0"), 2, "give one of them"},
      {register(registerRequest(""), "--touch", "maybe"), 2, "--touch is yes, no or a number"},
      {
        register(registerRequest(""), "--trace", none, "--trace-bytes"),
        2,
        "--trace-bytes is for keys on USB: a software key sends no packets"
      },
      {Session.of(registerRequest(""), "register"), 2, "--origin"},
    };
    for (Object[] row : cases) {
      Session session = (Session) row[0];
      assertEquals(row[1], session.exit(), session.err());
      assertEquals("", session.out());
      assertTrue(session.err().contains((String) row[2]), session.err());
      assertFalse(session.err().contains("\tat "), session.err());
    }
    assertTrue(register("{}", "--debug").err().contains("\tat org.u2f4j"));
  }

  @Test
  void answersBrokenInputAsTheApiDoes() {
    assertEquals(2, register("{}", "--json").json().get("errorCode"));
  }

  @Test
  void saysWhatATerminalIsToType() {
    Session session = Session.on("0", "", "register", "--origin", ORIGIN, "--soft", key());
    assertTrue(session.err().startsWith("Paste a register request"), session.err());
  }
}
