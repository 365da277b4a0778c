package org.u2f4j.soft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.KeyHandle;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.FakeClock;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.message.Request;

class SoftwareKeyTest {
  private static final Deadline DEADLINE = Deadline.after(Duration.ofMinutes(10));
  private static final ChallengeParameter CHALLENGE =
      ChallengeParameter.of(Bytes.utf8("challenge"));
  private static final ApplicationParameter APPLICATION =
      new ApplicationParameter(Bytes.utf8("application").sha256());
  private static final String C = CHALLENGE.bytes().hex();
  private static final String A = APPLICATION.bytes().hex();

  private final SoftwareKey key = SoftwareKey.create();

  static RegistrationResponse register(SoftwareKey key) throws IOException, InterruptedException {
    RegistrationRequest request = new RegistrationRequest(CHALLENGE, APPLICATION);
    return RegistrationResponse.decode(
        key.exchange(request.toCommand(), DEADLINE).data());
  }

  private static AuthenticationRequest request(Control control, Bytes handle) {
    return new AuthenticationRequest(control, CHALLENGE, APPLICATION, new KeyHandle(handle));
  }

  static AuthenticationRequest authenticate(Bytes handle) {
    return request(Control.ENFORCE_USER_PRESENCE_AND_SIGN, handle);
  }

  private static AuthenticationResponse sign(SoftwareKey key, RegistrationResponse registration)
      throws IOException, InterruptedException {
    return sign(key, Control.ENFORCE_USER_PRESENCE_AND_SIGN, registration);
  }

  private static AuthenticationResponse sign(
      SoftwareKey key, Control control, RegistrationResponse registration)
      throws IOException, InterruptedException {
    ResponseApdu response =
        key.exchange(request(control, registration.keyHandle().bytes()).toCommand(), DEADLINE);
    assertEquals(0x9000, response.status().value());
    return AuthenticationResponse.decode(response.data());
  }

  /** Sends hexadecimal digits; gives the status as such, and "+" if data came with it. */
  private static String send(SoftwareKey key, String command)
      throws IOException, InterruptedException {
    ResponseApdu response = key.exchange(CommandApdu.decode(Bytes.fromHex(command)), DEADLINE);
    return "%04x%s".formatted(response.status().value(), response.data().length() > 0 ? "+" : "");
  }

  private static boolean verifies(PublicKey key, Bytes message, Bytes signature) {
    try {
      Signature ecdsa = Signature.getInstance("SHA256withECDSA");
      ecdsa.initVerify(key);
      ecdsa.update(message.toArray());
      return ecdsa.verify(signature.toArray());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean verifies(
      RegistrationResponse registration, AuthenticationResponse authentication) {
    // application, presence, counter, challenge (Raw Message Formats, 5.4)
    Bytes signed =
        Bytes.concat(APPLICATION.bytes(), authentication.encode().slice(0, 5), CHALLENGE.bytes());
    return verifies(registration.userPublicKey().toPublicKey(), signed, authentication.signature());
  }

  private static X509Certificate x509(Bytes der) throws GeneralSecurityException {
    return (X509Certificate) CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(der.toArray()));
  }

  @Test
  void aRegistrationVerifiesWithTheJdk() throws Exception {
    RegistrationResponse registration = register(key);
    // 00, application, challenge, key handle, public key (Raw Message Formats, 4.3)
    Bytes signed = Bytes.concat(
        Bytes.of((byte) 0),
        APPLICATION.bytes(),
        CHALLENGE.bytes(),
        registration.keyHandle().bytes(),
        registration.userPublicKey().bytes());
    PublicKey attester = x509(registration.certificate()).getPublicKey();
    assertTrue(verifies(attester, signed, registration.signature()));
    assertFalse(verifies(attester, CHALLENGE.bytes(), registration.signature()));
    assertNotEquals(registration.userPublicKey(), register(key).userPublicKey());
  }

  @Test
  void anAuthenticationVerifiesWithTheJdk() throws Exception {
    RegistrationResponse registration = register(key);
    AuthenticationResponse authentication = sign(key, registration);
    assertEquals(1, authentication.presence());
    assertTrue(verifies(registration, authentication));
    assertFalse(verifies(register(key), authentication));
  }

  @Test
  void theTestCertificateIsWhatRegistrationsNeedAndSaysWhatItIs() throws Exception {
    Attestation attestation = Attestation.test();
    X509Certificate certificate = x509(attestation.certificate());
    assertArrayEquals(certificate.getEncoded(), attestation.certificate().toArray());
    ECPublicKey publicKey = (ECPublicKey) certificate.getPublicKey();
    assertEquals(
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        publicKey.getParams().getOrder().toString(16),
        "the order of P-256 (SEC 2, 2.4.2)");
    assertTrue(certificate.getSubjectX500Principal().getName().contains("TEST"));
    assertTrue(certificate.getIssuerX500Principal().getName().contains("TEST"));
    // id-fido-u2f-ce-transports: an octet string with the bit string 0010 0000 or, cut to its
    // three bits, 001 (bit 2 is USB)
    byte[] transports = certificate.getExtensionValue("1.3.6.1.4.1.45724.2.1.1");
    assertEquals("040403020520", HexFormat.of().formatHex(transports));
    assertEquals(-1, certificate.getBasicConstraints());

    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initSign(attestation.privateKey());
    ecdsa.update((byte) 1);
    assertTrue(verifies(publicKey, Bytes.of((byte) 1), Bytes.of(ecdsa.sign())));
  }

  @Test
  void anAttestationOfOnesOwnTakesThePlaceOfTheTestOne() throws Exception {
    Attestation own =
        new Attestation(Bytes.fromHex("30020500"), Attestation.test().privateKey());
    assertEquals(own.certificate(), register(key.withAttestation(own)).certificate());
    assertFalse(own.toString().contains("EC"), own.toString());
  }

  /** The reference conformance test, and what clients are known to send. */
  @ParameterizedTest
  @CsvSource({
    "00030000000000,                 9000+",
    "000300000000000000,             9000+",
    "0003000000,                     9000+",
    "00000000000000,                 6d00",
    "00040000000000,                 6d00",
    "00400000000000,                 6d00",
    "00ff0000000000,                 6d00",
    "01030000000000,                 6e00",
    "ff030000000000,                 6e00",
    "01010000000040C A0000,          6e00",
    "00030000000003aabbcc0000,       6700",
    "0003000003aabbcc00,             6700",
    "00010000000003aabbcc0000,       6700",
    "0001000000003fC A-0000,         6700",
    "00010000000000,                 6700",
    "00010000000040C A0000,          9000+",
    "00010300000040C A0000,          9000+",
    "00018300000040C A0000,          9000+",
    "00020300000041C A000000,        6a80",
    "00020700000041C A000000,        6a80",
    "00020800000041C A000000,        6a80",
    "00020300000042C A01ff0000,      6a80",
    "00020300000042C A02ff0000,      6700",
    "00020300000042C A00ff0000,      6700",
    "00020300000040C A0000,          6700",
    "00020300000000,                 6700",
    "00020500000041C A000000,        6a80"
  })
  void everyStimulusHasItsStatus(String command, String status) throws Exception {
    String hex = command.replace("C ", C).replace("A-", A.substring(2)).replace("A", A);
    assertEquals(status, send(key, hex));
    assertEquals(status, send(key.lenient(), hex));
  }

  @Test
  void theVersionIsU2fV2() throws Exception {
    CommandApdu version = CommandApdu.decode(Bytes.fromHex("00030000000000"));
    assertEquals(
        "5532465f5632" + "9000", key.exchange(version, DEADLINE).encode().hex());
  }

  @Test
  void whatTheStrictKeyRefusesTheLenientOneTakes() throws Exception {
    String handle = register(key).keyHandle().bytes().hex();
    String length = "%02x".formatted(handle.length() / 2);
    String signData = C + A + length + handle;
    String lc = "%02x".formatted(signData.length() / 2);
    String draftLc = "%02x".formatted(signData.length() / 2 + 1);
    List<String> commands = List.of(
        "00010000" + "40" + C + A + "00", // short
        "00010000" + "40" + C + A, // short, no Le
        "00010000" + "000040" + C + A, // no Le
        "00010000" + "000040" + C + A + "0100", // an Le that is too small for the answer
        "00010100" + "000040" + C + A + "0000", // P1
        "0001ff00" + "000040" + C + A + "0000",
        "00010001" + "000040" + C + A + "0000", // P2
        "00020300" + lc + signData + "00",
        "00020300" + lc + signData,
        "00020300" + "0000" + lc + signData,
        "00020301" + "0000" + lc + signData + "0000",
        "00020000" + "0000" + draftLc + "03" + signData + "0000", // the drafts' control byte
        "00020000" + draftLc + "03" + signData,
        "00030000", // no Le
        "0003000001", // an Le that is too small for the answer
        "00030000000001",
        "00030100000000",
        "00030001000000");
    for (String command : commands) {
      boolean unknownControl = command.startsWith("000200") && command.endsWith("0000");
      assertEquals(unknownControl ? "6a80" : "6700", send(key, command), command);
      assertEquals("9000+", send(key.lenient(), command), command);
    }
    String draft = "00020000" + "0000" + draftLc;
    assertEquals("6985", send(key.lenient(), draft + "07" + signData + "0000"));
    assertEquals("6a80", send(key.lenient(), draft + "05" + signData + "0000"));
    assertEquals("6700", send(key.lenient(), "00020000000000"));
  }

  @Test
  void aKeyHandleIsGoodForItsKeyAndItsApplicationOnly() throws Exception {
    Bytes handle = register(key).keyHandle().bytes();
    List<Bytes> foreign = new ArrayList<>();
    for (int i = 0; i < handle.length(); i++) {
      byte[] flipped = handle.toArray();
      flipped[i] ^= (byte) (1 << i % 8);
      foreign.add(Bytes.of(flipped));
      foreign.add(handle.slice(0, i));
    }
    foreign.add(Bytes.concat(handle, Bytes.of((byte) 0)));
    foreign.add(register(SoftwareKey.create()).keyHandle().bytes());
    foreign.add(Bytes.of(new byte[255]));
    UserPresence mustNotBeAsked = request -> {
      throw new AssertionError("asked for a touch");
    };
    for (Bytes other : foreign) {
      for (Control control : Control.values()) {
        String command = request(control, other).toCommand().encode().hex();
        assertEquals("6a80", send(key.withUserPresence(mustNotBeAsked), command));
      }
    }
    for (int i = 0; i < 32; i++) {
      byte[] other = APPLICATION.bytes().toArray();
      other[i] ^= 0x10;
      AuthenticationRequest request = new AuthenticationRequest(
          Control.ENFORCE_USER_PRESENCE_AND_SIGN,
          CHALLENGE,
          new ApplicationParameter(Bytes.of(other)),
          new KeyHandle(handle));
      assertEquals("6a80", send(key, request.toCommand().encode().hex()));
    }
    assertEquals("9000+", send(key, authenticate(handle).toCommand().encode().hex()));
  }

  @Test
  void theCounterGoesUpByOneForAllRegistrationsTogether() throws Exception {
    RegistrationResponse one = register(key);
    RegistrationResponse two = register(key.lenient());
    long start = sign(key, one).counter();
    assertEquals(1, start);
    send(
        key,
        request(Control.CHECK_ONLY, one.keyHandle().bytes())
            .toCommand()
            .encode()
            .hex());
    send(key, authenticate(Bytes.EMPTY).toCommand().encode().hex());
    send(
        key.withUserPresence(UserPresence.NEVER),
        authenticate(one.keyHandle().bytes()).toCommand().encode().hex());
    assertEquals(2, sign(key, two).counter());
    assertEquals(3, sign(key.withAttestation(Attestation.test()), one).counter());
    assertEquals(4, sign(key, Control.DONT_ENFORCE_USER_PRESENCE_AND_SIGN, one).counter());
  }

  @Test
  void theTouchIsAskedForOnceARequestAndUsedUp() throws Exception {
    List<Request> asked = new ArrayList<>();
    SoftwareKey touched = key.withUserPresence(request -> {
      asked.add(request);
      return asked.size() % 2 == 0;
    });
    Request registration = new RegistrationRequest(CHALLENGE, APPLICATION);
    String register = registration.toCommand().encode().hex();
    assertEquals("6985", send(touched, register));
    assertEquals("9000+", send(touched, register));
    Bytes handle = register(key).keyHandle().bytes();
    String sign = authenticate(handle).toCommand().encode().hex();
    String check = request(Control.CHECK_ONLY, handle).toCommand().encode().hex();
    assertEquals("6985", send(touched, check));
    assertEquals("6985", send(touched, sign));
    assertEquals("9000+", send(touched, sign));
    assertEquals("6985", send(touched, sign));
    assertEquals("6985", send(touched, check));
    assertEquals(
        List.of(
            registration,
            registration,
            authenticate(handle),
            authenticate(handle),
            authenticate(handle)),
        asked);
  }

  @Test
  void aPersonWhoNeedsAMomentTouchesAfterSomeRequests() throws Exception {
    SoftwareKey slow = key.withUserPresence(UserPresence.after(2));
    String register =
        new RegistrationRequest(CHALLENGE, APPLICATION).toCommand().encode().hex();
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      answers.add(send(slow, register));
    }
    assertEquals(List.of("6985", "6985", "9000+", "6985", "6985", "9000+"), answers);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void control08SignsInAnyCaseAndTellsWhetherTouched(boolean touched) throws Exception {
    RegistrationResponse registration = register(key);
    AuthenticationResponse authentication = sign(
        key.withUserPresence(request -> touched),
        Control.DONT_ENFORCE_USER_PRESENCE_AND_SIGN,
        registration);
    assertEquals(touched ? 1 : 0, authentication.presence());
    assertTrue(verifies(registration, authentication));
  }

  @Test
  void aStaleCounterStandsStill() throws Exception {
    RegistrationResponse registration = register(key);
    sign(key, registration);
    SoftwareKey copied = key.withDefect(Defect.STALE_COUNTER);
    AuthenticationResponse authentication = sign(copied, registration);
    assertTrue(verifies(registration, authentication));
    assertEquals(authentication.counter(), sign(copied, registration).counter());
    assertEquals(2, sign(key, registration).counter());
  }

  @ParameterizedTest
  @EnumSource(names = {"BAD_SIGNATURE", "WRONG_KEY"})
  void aSignatureIsWrongOnlyWhenVerified(Defect defect) throws Exception {
    RegistrationResponse registration = register(key);
    for (int i = 0; i < 20; i++) {
      AuthenticationResponse authentication = sign(key.withDefect(defect), registration);
      assertFalse(verifies(registration, authentication));
      assertEquals(1, authentication.presence());
    }
  }

  @Test
  void aRegistrationsBadSignatureIsWrongToo() throws Exception {
    RegistrationResponse registration = register(key.withDefect(Defect.BAD_SIGNATURE));
    PublicKey attester = x509(registration.certificate()).getPublicKey();
    Bytes signed = RegistrationResponse.signedBytes(
        APPLICATION, CHALLENGE, registration.keyHandle(), registration.userPublicKey());
    assertFalse(verifies(attester, signed, registration.signature()));
  }

  @Test
  void noPresenceSignsUntouchedAndSaysSo() throws Exception {
    RegistrationResponse registration = register(key);
    SoftwareKey eager = key.withDefect(Defect.NO_PRESENCE).withUserPresence(UserPresence.NEVER);
    AuthenticationResponse authentication = sign(eager, registration);
    assertFalse(authentication.userPresent());
    assertTrue(verifies(registration, authentication));

    authentication = sign(eager.withDefect(Defect.BAD_SIGNATURE), registration);
    assertFalse(authentication.userPresent(), "defects add up");
    assertFalse(verifies(registration, authentication));
  }

  @Test
  void aMuteKeyUsesUpTheDeadline() throws Exception {
    FakeClock clock = new FakeClock();
    Deadline deadline = Deadline.after(Duration.ofSeconds(9), clock);
    CommandApdu version = CommandApdu.decode(Bytes.fromHex("00030000000000"));
    assertThrows(
        DeadlineException.class, () -> key.withDefect(Defect.MUTE).exchange(version, deadline));
    assertEquals(Duration.ZERO, deadline.remaining());
    assertEquals(List.of(Duration.ofSeconds(9)), clock.sleeps);
    assertThrows(DeadlineException.class, () -> key.exchange(version, deadline));

    clock.whileAsleep = Thread.currentThread()::interrupt;
    Deadline century = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), clock);
    assertThrows(
        InterruptedException.class, () -> key.withDefect(Defect.MUTE).exchange(version, century));
  }

  @Test
  void aSlowKeyAnswersASecondLate() throws Exception {
    FakeClock clock = new FakeClock();
    CommandApdu version = CommandApdu.decode(Bytes.fromHex("00030000000000"));
    SoftwareKey slow = key.withDefect(Defect.SLOW);
    slow.exchange(version, Deadline.after(Duration.ofSeconds(9), clock));
    assertEquals(List.of(Duration.ofSeconds(1)), clock.sleeps);
    Deadline tight = Deadline.after(Duration.ofMillis(900), clock);
    assertThrows(DeadlineException.class, () -> slow.exchange(version, tight));
  }

  @Test
  void theWrongStatusAnswersEverything() throws Exception {
    SoftwareKey wrong = key.withDefect(Defect.STALE_COUNTER).withDefect(Defect.WRONG_STATUS);
    for (String command :
        List.of("00030000000000", "ff000000", "00010000000040" + C + A + "0000")) {
      assertEquals("6f00", send(wrong, command));
    }
  }

  @Test
  void manyThreadsShareOneKey() throws Exception {
    RegistrationResponse registration = register(key);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CyclicBarrier together = new CyclicBarrier(8);
    SoftwareKey shared = key.withUserPresence(request -> {
      try {
        together.await(); // so that all eight go on to the counter at once
        return true;
      } catch (InterruptedException | BrokenBarrierException e) {
        throw new AssertionError(e);
      }
    });
    try {
      List<Future<AuthenticationResponse>> signatures = IntStream.range(0, 400)
          .mapToObj(i -> threads.submit(() -> sign(shared, registration)))
          .toList();
      Set<Long> counters = new TreeSet<>();
      for (Future<AuthenticationResponse> signature : signatures) {
        assertTrue(verifies(registration, signature.get()));
        counters.add(signature.get().counter());
      }
      assertEquals(LongStream.rangeClosed(1, 400).boxed().toList(), List.copyOf(counters));
    } finally {
      threads.shutdownNow();
    }
  }
}
