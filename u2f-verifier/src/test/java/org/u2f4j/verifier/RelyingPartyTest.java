package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.verifier.Samples.APP_ID;
import static org.u2f4j.verifier.Samples.NOW;
import static org.u2f4j.verifier.Samples.ORIGIN;
import static org.u2f4j.verifier.Samples.assertRefused;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.U2fClient;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.soft.Attestation;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.verifier.AttestationResult.Trust;
import org.u2f4j.verifier.CounterVerdict.Kind;

public class RelyingPartyTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final AppId OTHER_APP_ID = new AppId("https://example.net");
  private static final String REFUSAL = "its key was stolen";

  private static final TestCertificate ROOT = TestCertificate.root();
  private static final TestCertificate LEAF = TestCertificate.leaf(ROOT);
  private static final TestCertificate EXPIRED_LEAF = TestCertificate.of("CN=Expired")
      .valid(NOW.minusSeconds(9_000), NOW.minusSeconds(2_000))
      .signedBy(ROOT);
  private static final TestCertificate P384_LEAF =
      TestCertificate.of("CN=Leaf").key(TestCertificate.newKeyPair("secp384r1")).signedBy(ROOT);

  /** The checks of a registration in the specification's order. */
  private static final List<Reason> REGISTRATION_CHECKS = List.of(
      Reason.WRONG_APP_ID,
      Reason.EXPIRED,
      Reason.WRONG_TYPE,
      Reason.WRONG_CHALLENGE,
      Reason.WRONG_ORIGIN,
      Reason.MALFORMED_CERTIFICATE,
      Reason.WRONG_CERTIFICATE_KEY,
      Reason.MALFORMED_SIGNATURE,
      Reason.WRONG_SIGNATURE,
      Reason.UNTRUSTED_ATTESTATION,
      Reason.REVOKED_ATTESTATION,
      Reason.EXPIRED_ATTESTATION,
      Reason.KEY_HANDLE_KNOWN);

  /** The checks of an authentication likewise. */
  private static final List<Reason> AUTHENTICATION_CHECKS = List.of(
      Reason.WRONG_APP_ID,
      Reason.EXPIRED,
      Reason.UNKNOWN_KEY_HANDLE,
      Reason.WRONG_TYPE,
      Reason.WRONG_CHALLENGE,
      Reason.WRONG_ORIGIN,
      Reason.USER_NOT_PRESENT,
      Reason.MALFORMED_SIGNATURE,
      Reason.WRONG_SIGNATURE,
      Reason.COUNTER_REFUSED);

  /** What only WebAuthn gives, and its test provokes. */
  public static final Set<Reason> WEB_AUTHN_REASONS = EnumSet.of(
      Reason.CROSS_ORIGIN,
      Reason.UNSUPPORTED_ATTESTATION,
      Reason.WRONG_ALGORITHM,
      Reason.WRONG_AAGUID,
      Reason.WRONG_CERTIFICATE_PROFILE);

  private final RegistrationStore store = RegistrationStore.inMemory();
  private final TestKey key = TestKey.create(1);
  private Instant now = NOW;

  private RelyingParty.Builder builder(AttestationTrust trust) {
    return RelyingParty.builder(APP_ID, store, trust).engine(EcdsaEngine.jdk()).clock(() -> now);
  }

  private RelyingParty party() {
    return builder(AttestationTrust.acceptAny()).build();
  }

  private static RelyingParty.Builder builder(String appId) {
    return RelyingParty.builder(
            new AppId(appId), RegistrationStore.inMemory(), AttestationTrust.acceptAny())
        .engine(EcdsaEngine.jdk());
  }

  private static String answer(PendingRegistration pending, TestKey key, String origin) {
    ClientData clientData = ClientData.of(ClientData.REGISTER, pending.challenge(), origin);
    return key.register(LEAF.attestation(), pending.appId(), clientData).toJson();
  }

  private static String answer(
      PendingAuthentication pending, TestKey key, int presence, long counter) {
    ClientData clientData = ClientData.of(ClientData.SIGN, pending.challenge(), ORIGIN);
    return key.sign(presence, counter, pending.appId(), clientData).toJson();
  }

  private Registration registered(TestKey registered, Long counter) {
    Registration registration = new Registration(
        "alice",
        registered.keyHandle(),
        registered.publicKey(),
        APP_ID,
        counter,
        LEAF.der(),
        List.of(),
        NOW,
        null,
        null);
    assertTrue(store.add(registration));
    return registration;
  }

  private Registration stored() {
    return store.find(key.keyHandle()).orElseThrow();
  }

  @Test
  void aKeyRegistersAndSignsInThroughTheClient() throws Exception {
    RelyingParty party = party();
    SoftwareKey softwareKey = SoftwareKey.create();
    U2fClient client = new U2fClient(FacetRule.sameHost(), new TouchPolling(TouchPolling.SILENT));
    Deadline deadline = Deadline.after(Duration.ofSeconds(30));

    PendingRegistration asked = party.startRegistration("alice");
    assertEquals(NOW.plus(TIMEOUT), asked.expiresAt());
    RegisterRequest request = RegisterRequest.decode(asked.requestJson());
    assertEquals(300, request.timeoutSeconds());
    String response = client.register(request, ORIGIN, softwareKey, deadline).toJson();
    RegistrationResult result =
        party.finishRegistration(PendingRegistration.fromJson(asked.toJson()), response);

    RegistrationResponse raw = RegisterResponse.decode(response).registration();
    Registration registration = new Registration(
        "alice",
        raw.keyHandle(),
        raw.userPublicKey(),
        APP_ID,
        null,
        Attestation.test().certificate(),
        List.of("usb"),
        NOW,
        null,
        null);
    assertEquals(registration, result.registration());
    assertEquals(List.of(registration), store.registrations("alice"));
    assertEquals(Trust.UNKNOWN, result.attestation().trust());
    assertEquals(
        Attestation.test().certificate(),
        result.attestation().certificate().orElseThrow().der());

    for (long count = 1; count <= 2; count++) {
      now = NOW.plusSeconds(count);
      PendingAuthentication pending = party.startAuthentication("alice");
      SignRequest sign = SignRequest.decode(pending.requestJson());
      assertEquals(300, sign.timeoutSeconds());
      AuthenticationResult signedIn = party.finishAuthentication(
          PendingAuthentication.fromJson(pending.toJson()),
          client.sign(sign, ORIGIN, softwareKey, deadline).toJson());
      assertEquals(registration.used(count, now), signedIn.registration());
      assertEquals(List.of(signedIn.registration()), store.registrations("alice"));
      Long before = count == 1 ? null : 1L;
      assertEquals(CounterVerdict.of(before, count), signedIn.counter());
      assertEquals(1, signedIn.flags());
    }
  }

  private void register(Set<Reason> faults) throws VerificationException {
    if (faults.contains(Reason.KEY_HANDLE_KNOWN)) {
      registered(key, null);
    }
    List<AttestationCertificate> roots =
        faults.contains(Reason.UNTRUSTED_ATTESTATION) ? List.of() : List.of(ROOT.decoded());
    String refusal = faults.contains(Reason.REVOKED_ATTESTATION) ? REFUSAL : null;
    TrustAnswer answer = new TrustAnswer(roots, refusal, null, null, null, List.of(), null, null);
    RelyingParty party = builder((chain, aaguid) -> answer).build();
    AppId appId = faults.contains(Reason.WRONG_APP_ID) ? OTHER_APP_ID : APP_ID;
    PendingRegistration issued = party.startRegistration("alice");
    RegisterRequest request = new RegisterRequest(appId, issued.challenge(), List.of(), 300, null);
    PendingRegistration pending = new PendingRegistration("alice", request, issued.expiresAt());
    ClientData clientData = clientData(faults, ClientData.REGISTER, pending.challenge());
    TestCertificate certificate = faults.contains(Reason.WRONG_CERTIFICATE_KEY)
        ? P384_LEAF
        : faults.contains(Reason.EXPIRED_ATTESTATION) ? EXPIRED_LEAF : LEAF;
    Bytes der = faults.contains(Reason.MALFORMED_CERTIFICATE)
        ? Samples.hex("3003 020101")
        : certificate.der();
    RegistrationResponse right =
        key.register(certificate.attestation(), APP_ID, clientData).registration();
    RegisterResponse response = new RegisterResponse(
        new RegistrationResponse(
            right.userPublicKey(), right.keyHandle(), der, signature(faults, right.signature())),
        clientData);
    now = faults.contains(Reason.EXPIRED) ? pending.expiresAt() : NOW;
    try {
      party.finishRegistration(pending, response.toJson());
    } catch (VerificationException e) {
      assertSaysNothingSecret(e, pending.challenge());
      throw e;
    }
  }

  private static ClientData clientData(Set<Reason> faults, String type, String challenge) {
    String other = type.equals(ClientData.SIGN) ? ClientData.REGISTER : ClientData.SIGN;
    return ClientData.of(
        faults.contains(Reason.WRONG_TYPE) ? other : type,
        faults.contains(Reason.WRONG_CHALLENGE)
            ? (challenge.charAt(0) == 'A' ? "B" : "A") + challenge.substring(1)
            : challenge,
        faults.contains(Reason.WRONG_ORIGIN) ? "https://example.org" : ORIGIN);
  }

  /** One bit of s, or a byte behind it. */
  private static Bytes signature(Set<Reason> faults, Bytes right) {
    Bytes fitting = faults.contains(Reason.WRONG_SIGNATURE)
        ? Samples.with(right, -1, right.at(right.length() - 1) ^ 1)
        : right;
    return faults.contains(Reason.MALFORMED_SIGNATURE) ? padded(fitting) : fitting;
  }

  /** A zero in front of r: BER allows that, DER does not. */
  private static Bytes padded(Bytes der) {
    int length = der.at(3);
    return Bytes.concat(
        Bytes.of((byte) 0x30, (byte) (der.at(1) + 1), (byte) 2, (byte) (length + 1), (byte) 0),
        der.slice(4));
  }

  private void assertSaysNothingSecret(VerificationException refusal, String challenge) {
    for (Throwable e = refusal; e != null; e = e.getCause()) {
      String message = e.getMessage();
      assertFalse(message.contains(challenge), message);
      assertFalse(message.contains(challenge.substring(1)), message);
      assertFalse(message.contains(key.keyHandle().base64Url()), message);
      assertFalse(message.contains(key.keyHandle().bytes().hex()), message);
    }
  }

  static List<Reason> registrationChecks() {
    return REGISTRATION_CHECKS;
  }

  @Test
  void aRegistrationWithoutFaultPasses() throws Exception {
    register(Set.of());
    assertEquals(key.publicKey(), stored().publicKey());
  }

  @ParameterizedTest
  @MethodSource("registrationChecks")
  void aRegistrationWithOneFaultIsRefusedForItAndNothingIsStored(Reason fault) {
    assertRefused(fault, () -> register(Set.of(fault)));
    assertEquals(fault == Reason.KEY_HANDLE_KNOWN, store.find(key.keyHandle()).isPresent());
  }

  @ParameterizedTest
  @MethodSource("registrationChecks")
  void aRegistrationIsRefusedForTheFirstFaultInTheSpecificationsOrder(Reason fault) {
    int first = REGISTRATION_CHECKS.indexOf(fault);
    Set<Reason> faults =
        EnumSet.copyOf(REGISTRATION_CHECKS.subList(first, REGISTRATION_CHECKS.size()));
    assertRefused(fault, () -> register(faults));
  }

  private void authenticate(Set<Reason> faults) throws VerificationException {
    registered(key, faults.contains(Reason.COUNTER_REFUSED) ? 10L : 9L);
    RelyingParty party = party();
    AppId appId = faults.contains(Reason.WRONG_APP_ID) ? OTHER_APP_ID : APP_ID;
    PendingAuthentication issued = party.startAuthentication("alice");
    List<RegisteredKey> keys = faults.contains(Reason.UNKNOWN_KEY_HANDLE)
        ? List.of()
        : issued.request().registeredKeys();
    SignRequest request = new SignRequest(appId, issued.challenge(), keys, 300, null);
    PendingAuthentication pending = new PendingAuthentication("alice", request, issued.expiresAt());
    ClientData clientData = clientData(faults, ClientData.SIGN, pending.challenge());
    int presence = faults.contains(Reason.USER_NOT_PRESENT) ? 0xFE : 1;
    AuthenticationResponse right = key.sign(presence, 10, APP_ID, clientData).authentication();
    SignResponse response = new SignResponse(
        key.keyHandle(),
        new AuthenticationResponse(presence, 10, signature(faults, right.signature())),
        clientData);
    now = faults.contains(Reason.EXPIRED) ? pending.expiresAt() : NOW;
    try {
      party.finishAuthentication(pending, response.toJson());
    } catch (VerificationException e) {
      assertSaysNothingSecret(e, pending.challenge());
      throw e;
    }
  }

  static List<Reason> authenticationChecks() {
    return AUTHENTICATION_CHECKS;
  }

  @Test
  void anAuthenticationWithoutFaultPasses() throws Exception {
    authenticate(Set.of());
    assertEquals(10, stored().counter());
    assertEquals(NOW, stored().lastUsedAt());
  }

  @ParameterizedTest
  @MethodSource("authenticationChecks")
  void anAuthenticationWithOneFaultIsRefusedForItAndNothingIsStoredButTheMark(Reason fault) {
    assertRefused(fault, () -> authenticate(Set.of(fault)));
    boolean counter = fault == Reason.COUNTER_REFUSED;
    assertEquals(counter ? 10 : 9, stored().counter());
    assertNull(stored().lastUsedAt());
    Anomaly mark = new Anomaly(NOW, CounterVerdict.of(10L, 10));
    assertEquals(counter ? mark : null, stored().anomaly());
  }

  @ParameterizedTest
  @MethodSource("authenticationChecks")
  void anAuthenticationIsRefusedForTheFirstFaultAndABadCounterAloneMarks(Reason fault) {
    int first = AUTHENTICATION_CHECKS.indexOf(fault);
    Set<Reason> faults =
        EnumSet.copyOf(AUTHENTICATION_CHECKS.subList(first, AUTHENTICATION_CHECKS.size()));
    assertRefused(fault, () -> authenticate(faults));
    assertEquals(fault == Reason.COUNTER_REFUSED, stored().anomaly() != null);
  }

  @Test
  void aRequestIsOpenUntilItsLastInstant() throws Exception {
    registered(key, null);
    RelyingParty party = party();
    PendingRegistration registration = party.startRegistration("bob");
    PendingAuthentication authentication = party.startAuthentication("alice");
    now = registration.expiresAt().minusNanos(1);
    party.finishRegistration(registration, answer(registration, TestKey.create(2), ORIGIN));
    party.finishAuthentication(authentication, answer(authentication, key, 1, 1));
    now = registration.expiresAt();
    assertRefused(
        Reason.EXPIRED,
        () -> party.finishAuthentication(authentication, answer(authentication, key, 1, 2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"errorCode\": 4}", "{\"errorCode\": 5, \"errorMessage\": \"late\"}"})
  void aClientsErrorCodeIsTold(String response) {
    RelyingParty party = party();
    VerificationException refusal = assertRefused(
        Reason.CLIENT_ERROR,
        () -> party.finishRegistration(party.startRegistration("alice"), response));
    assertTrue(refusal.getMessage().matches("(?s).*(4|DEVICE_INELIGIBLE|5|TIMEOUT).*"));
    assertRefused(
        Reason.CLIENT_ERROR,
        () -> party.finishAuthentication(party.startAuthentication("alice"), response));
  }

  @Test
  void aClientsErrorMessageIsShownOnOneLineAndInPart() {
    RelyingParty party = party();
    String response =
        "{\"errorCode\": 1, \"errorMessage\": \"a\\r\\nb%s\"}".formatted("c".repeat(9_000));
    VerificationException refusal = assertRefused(
        Reason.CLIENT_ERROR,
        () -> party.finishRegistration(party.startRegistration("alice"), response));
    assertTrue(refusal.getMessage().length() <= 201);
  }

  @Test
  void aResponseThatDoesNotParseIsMalformed() throws Exception {
    RelyingParty party = party();
    PendingRegistration pending = party.startRegistration("alice");
    String right = answer(pending, key, ORIGIN);
    RegistrationResponse raw = RegisterResponse.decode(right).registration();
    String data = raw.encode().base64Url();
    Bytes offCurve = Samples.with(raw.encode(), 65, raw.encode().at(65) ^ 1);
    for (String response : List.of(
        "",
        "{}",
        "[]",
        right.replace("\"clientData\"", "\"clientdata\""),
        right.replace(data, data + "*"),
        right.replace(data, raw.encode().slice(1).base64Url()),
        right.replace(data, offCurve.base64Url()))) {
      assertRefused(Reason.MALFORMED, () -> party.finishRegistration(pending, response));
      assertRefused(
          Reason.MALFORMED,
          () -> party.finishAuthentication(party.startAuthentication("alice"), response));
    }
    assertEquals(List.of(), store.registrations("alice"));
  }

  @Test
  void aKeyHandleOfTheSameAccountIsKnownToo() throws Exception {
    registered(key, null);
    RelyingParty party = party();
    for (String account : List.of("alice", "bob")) {
      PendingRegistration pending = party.startRegistration(account);
      assertRefused(
          Reason.KEY_HANDLE_KNOWN,
          () -> party.finishRegistration(pending, answer(pending, key, ORIGIN)));
    }
    assertEquals(List.of(stored()), store.registrations("alice"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com,               https://example.com",
    "https://example.com/,              https://example.com",
    "https://EXAMPLE.com/u2f/app.json?a=1, https://example.com",
    "https://example.com:443,           https://example.com",
    "https://example.com:8443/x,        https://example.com:8443",
    "https://example.com:80,            https://example.com:80",
    "https://example.com:0,             https://example.com:0",
    "http://localhost:80,               http://localhost",
    "http://localhost:443,              http://localhost:443",
    "http://localhost:8080/x,           http://localhost:8080",
    "https://[::1]:8443,                https://[::1]:8443",
  })
  void withoutNamedFacetsTheAppIdsOwnOriginIsTheOnlyOne(String appId, String origin)
      throws Exception {
    RelyingParty party = builder(appId).build();
    PendingRegistration pending = party.startRegistration("alice");
    party.finishRegistration(pending, answer(pending, key, origin));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "android:apk-key-hash:x",
        "ftp://example.com",
        "https:",
        "https:///x",
        "https://user@example.com",
        "https://example.com/ x",
        "example.com"
      })
  void anAppIdThatIsNoWebAddressNeedsNamedFacets(String appId) throws Exception {
    assertThrows(IllegalArgumentException.class, () -> builder(appId).build());
    RelyingParty party = builder(appId).facets("ios:bundle-id:org.example").build();
    PendingRegistration pending = party.startRegistration("alice");
    party.finishRegistration(pending, answer(pending, key, "ios:bundle-id:org.example"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://Example.com",
        "HTTPS://example.com",
        "https://example.com/",
        "https://example.com/login",
        "https://example.com:443",
        "https://example.com:8443",
        "https://example.com.",
        "https://example.com.evil.example",
        "https://login.example.com",
        "http://example.com",
        " https://example.com",
        "https://example.com\n",
        "https://example.com\u0000",
        "https://ex\u2028ample.com",
        "example.com",
        "null",
        ""
      })
  void anOriginHasToBeAFacetCharacterByCharacter(String origin) {
    RelyingParty party = party();
    PendingRegistration pending = party.startRegistration("alice");
    assertRefused(
        Reason.WRONG_ORIGIN, () -> party.finishRegistration(pending, answer(pending, key, origin)));
  }

  @Test
  void namedFacetsReplaceTheOwnOriginAndOneAnother() throws Exception {
    RelyingParty party = builder(AttestationTrust.acceptAny())
        .facets("https://forgotten.example")
        .facets("https://www.example.com", "android:apk-key-hash:x")
        .build();
    PendingRegistration pending = party.startRegistration("alice");
    for (String origin : List.of(ORIGIN, "https://forgotten.example")) {
      assertRefused(
          Reason.WRONG_ORIGIN,
          () -> party.finishRegistration(pending, answer(pending, key, origin)));
    }
    party.finishRegistration(pending, answer(pending, key, "android:apk-key-hash:x"));
    RelyingParty.Builder builder = builder(AttestationTrust.acceptAny());
    assertThrows(IllegalArgumentException.class, builder::facets);
  }

  @Test
  void aStrangersLongTextIsShownInPart() {
    RelyingParty party = party();
    PendingRegistration pending = party.startRegistration("alice");
    VerificationException refusal = assertRefused(
        Reason.WRONG_ORIGIN,
        () -> party.finishRegistration(pending, answer(pending, key, "x".repeat(20_000))));
    assertTrue(refusal.getMessage().contains("x".repeat(200) + "\u2026"));
    assertTrue(refusal.getMessage().length() < 400);
    VerificationException shorter = assertRefused(
        Reason.WRONG_ORIGIN,
        () -> party.finishRegistration(pending, answer(pending, key, "x".repeat(200))));
    assertTrue(shorter.getMessage().contains('"' + "x".repeat(200) + '"'));
  }

  @Test
  void challengesAre32BytesAndNeverTheSame() throws Exception {
    RelyingParty party = party();
    Set<String> challenges = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      challenges.add(party.startRegistration("alice").challenge());
      challenges.add(party.startAuthentication("alice").challenge());
    }
    assertEquals(100, challenges.size());
    for (String challenge : challenges) {
      assertEquals(32, Bytes.fromBase64Url(challenge).length());
    }
  }

  @Test
  void requestsNameTheAccountsRegistrationsAndNoOthers() {
    registered(key, null);
    RelyingParty party = party();
    RegisteredKey named = stored().registeredKey();
    // whose AppID is the request's
    List<RegisteredKey> keys = List.of(
        new RegisteredKey(named.version(), named.keyHandle(), null, null, named.transports()));
    assertEquals(keys, party.startRegistration("alice").request().registeredKeys());
    assertEquals(keys, party.startAuthentication("alice").request().registeredKeys());
    assertEquals(List.of(), party.startRegistration("bob").request().registeredKeys());
    assertEquals(List.of(), party.startAuthentication("bob").request().registeredKeys());
  }

  @Test
  void anotherAccountsKeyDoesNotSignIn() {
    registered(key, null);
    RelyingParty party = party();
    SignRequest request = party.startAuthentication("alice").request();
    PendingAuthentication pending =
        new PendingAuthentication("mallory", request, NOW.plusSeconds(1));
    assertRefused(
        Reason.UNKNOWN_KEY_HANDLE,
        () -> party.finishAuthentication(pending, answer(pending, key, 1, 1)));
    PendingAuthentication alice = party.startAuthentication("alice");
    assertTrue(store.remove("alice", key.keyHandle()));
    assertRefused(
        Reason.UNKNOWN_KEY_HANDLE,
        () -> party.finishAuthentication(alice, answer(alice, key, 1, 1)));
  }

  @Test
  void aRegistrationBoundToAnEarlierAppIdSignsForThat() throws Exception {
    Registration old = new Registration(
        "alice",
        key.keyHandle(),
        key.publicKey(),
        OTHER_APP_ID,
        null,
        Bytes.EMPTY,
        List.of(),
        NOW,
        null,
        null);
    store.add(old);
    RelyingParty party = party();
    PendingAuthentication pending = party.startAuthentication("alice");
    assertEquals(OTHER_APP_ID, pending.request().registeredKeys().get(0).appId());
    ClientData clientData = ClientData.of(ClientData.SIGN, pending.challenge(), ORIGIN);
    assertRefused(
        Reason.WRONG_SIGNATURE,
        () -> party.finishAuthentication(pending, key.sign(1, 1, APP_ID, clientData)));
    party.finishAuthentication(pending, key.sign(1, 1, OTHER_APP_ID, clientData));
    assertEquals(1, stored().counter());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x01, 0x03, 0x81, 0xFF})
  void thePresenceBytesOtherBitsAreSignedAndKept(int presence) throws Exception {
    registered(key, null);
    RelyingParty party = party();
    PendingAuthentication pending = party.startAuthentication("alice");
    String response = answer(pending, key, presence, 1);
    assertEquals(presence, party.finishAuthentication(pending, response).flags());
    SignResponse signed = SignResponse.decode(response);
    SignResponse altered = new SignResponse(
        signed.keyHandle(),
        new AuthenticationResponse(presence ^ 0x40, 1, signed.authentication().signature()),
        signed.clientData());
    assertRefused(
        Reason.WRONG_SIGNATURE, () -> party.finishAuthentication(pending, altered.toJson()));
  }

  record Counting(
      CounterPolicy policy, Long stored, long received, Kind kind, boolean passes, boolean marks) {}

  static Stream<Counting> countings() {
    CounterPolicy u2f = CounterPolicy.u2f();
    CounterPolicy webAuthn = CounterPolicy.webAuthn();
    CounterPolicy any = verdict -> true;
    long half = 1L << 31;
    long max = (1L << 32) - 1;
    return Stream.of(
        new Counting(u2f, null, 0, Kind.FIRST, true, false),
        new Counting(u2f, null, half, Kind.FIRST, true, false),
        new Counting(u2f, null, max, Kind.NEAR_END, true, false),
        new Counting(u2f, 0L, 1, Kind.ADVANCED, true, false),
        new Counting(u2f, half - 1, half, Kind.ADVANCED, true, false),
        new Counting(u2f, max - 1, max, Kind.NEAR_END, true, false),
        new Counting(u2f, half, half - 1, Kind.GONE_BACK, false, true),
        new Counting(u2f, max, 0, Kind.GONE_BACK, false, true),
        new Counting(u2f, 7L, 7, Kind.REPEATED, false, true),
        new Counting(u2f, 0L, 0, Kind.CONSTANT_ZERO, false, true),
        new Counting(webAuthn, 0L, 0, Kind.CONSTANT_ZERO, true, false),
        new Counting(webAuthn, null, 0, Kind.FIRST, true, false),
        new Counting(webAuthn, max - 1, max, Kind.NEAR_END, true, false),
        new Counting(webAuthn, 1L, 0, Kind.GONE_BACK, false, true),
        new Counting(webAuthn, 1L, 1, Kind.REPEATED, false, true),
        new Counting(any, 10L, 7, Kind.GONE_BACK, true, true),
        new Counting(any, 10L, 10, Kind.REPEATED, true, true),
        new Counting(CounterPolicy.accepting(Kind.REPEATED), 1L, 2, Kind.ADVANCED, false, true));
  }

  @ParameterizedTest
  @MethodSource("countings")
  void countersAreJudgedByThePolicyAndNeverGoDown(Counting row) throws Exception {
    registered(key, row.stored);
    RelyingParty party =
        builder(AttestationTrust.acceptAny()).counterPolicy(row.policy).build();
    PendingAuthentication pending = party.startAuthentication("alice");
    String response = answer(pending, key, 1, row.received);
    CounterVerdict verdict = new CounterVerdict(row.kind, row.stored, row.received);
    Anomaly anomaly = row.marks ? new Anomaly(NOW, verdict) : null;
    if (row.passes) {
      AuthenticationResult result = party.finishAuthentication(pending, response);
      assertEquals(verdict, result.counter());
      assertEquals(stored(), result.registration());
      long least = row.stored == null ? 0 : row.stored;
      assertEquals(Math.max(least, row.received), stored().counter());
      assertEquals(NOW, stored().lastUsedAt());
    } else {
      VerificationException refusal = assertRefused(
          Reason.COUNTER_REFUSED, () -> party.finishAuthentication(pending, response));
      assertTrue(refusal.getMessage().contains(verdict.toString()), refusal::getMessage);
      assertEquals(row.stored, stored().counter());
      assertNull(stored().lastUsedAt());
    }
    assertEquals(anomaly, stored().anomaly());
  }

  @Test
  void aMarkStaysUntilItIsClearedAndTheCounterMayStartAgain() throws Exception {
    registered(key, 100L);
    RelyingParty party = party();
    PendingAuthentication pending = party.startAuthentication("alice");
    assertRefused(
        Reason.COUNTER_REFUSED,
        () -> party.finishAuthentication(pending, answer(pending, key, 1, 5)));
    Anomaly mark = stored().anomaly();
    AuthenticationResult result = party.finishAuthentication(pending, answer(pending, key, 1, 101));
    assertEquals(mark, result.registration().anomaly());
    store.clear("alice", key.keyHandle(), false);
    assertNull(stored().anomaly());
    assertEquals(101, stored().counter());
    store.clear("alice", key.keyHandle(), true);
    AuthenticationResult again = party.finishAuthentication(pending, answer(pending, key, 1, 6));
    assertEquals(Kind.FIRST, again.counter().kind());
    assertEquals(6, stored().counter());
  }

  /** A store in which another signature, or a removal, always comes first, once. */
  private static RegistrationStore overtaken(RegistrationStore store, Runnable other) {
    boolean[] done = new boolean[1];
    return (RegistrationStore) Proxy.newProxyInstance(
        RegistrationStore.class.getClassLoader(),
        new Class<?>[] {RegistrationStore.class},
        (proxy, method, arguments) -> {
          if (method.getName().equals("advance") && !done[0]) {
            done[0] = true;
            other.run();
          }
          return method.invoke(store, arguments);
        });
  }

  @Test
  void aSignatureThatWasOvertakenIsJudgedAgain() throws Exception {
    Registration first = registered(key, 1L);
    for (long faster : new long[] {2, 3, 4}) {
      RelyingParty party = RelyingParty.builder(
              APP_ID,
              overtaken(store, () -> assertTrue(store.advance(stored(), faster, NOW))),
              AttestationTrust.acceptAny())
          .engine(EcdsaEngine.jdk())
          .clock(() -> now)
          .build();
      PendingAuthentication pending = party.startAuthentication("alice");
      String response = answer(pending, key, 1, 3);
      if (faster < 3) {
        AuthenticationResult result = party.finishAuthentication(pending, response);
        assertEquals(CounterVerdict.of(faster, 3), result.counter());
        assertNull(stored().anomaly());
      } else {
        assertRefused(Reason.COUNTER_REFUSED, () -> party.finishAuthentication(pending, response));
        assertEquals(faster, stored().counter());
        assertEquals(CounterVerdict.of(faster, 3), stored().anomaly().verdict());
      }
      store.remove("alice", key.keyHandle());
      store.add(first);
    }
  }

  @Test
  void aRegistrationThatIsRemovedMeanwhileSignsNobodyIn() {
    registered(key, 1L);
    RelyingParty party = RelyingParty.builder(
            APP_ID,
            overtaken(store, () -> store.remove("alice", key.keyHandle())),
            AttestationTrust.acceptAny())
        .engine(EcdsaEngine.jdk())
        .clock(() -> now)
        .build();
    PendingAuthentication pending = party.startAuthentication("alice");
    assertRefused(
        Reason.UNKNOWN_KEY_HANDLE,
        () -> party.finishAuthentication(pending, answer(pending, key, 1, 3)));
  }

  @Test
  void aKeyHandleThatBecameAnotherOnesMeanwhileSignsNobodyIn() {
    Registration first = registered(key, 1L);
    for (String account : List.of("alice", "bob")) {
      Registration other = new Registration(
          account,
          key.keyHandle(),
          account.equals("alice") ? TestKey.create(9).publicKey() : key.publicKey(),
          APP_ID,
          2L,
          Bytes.EMPTY,
          List.of(),
          NOW,
          null,
          null);
      Runnable exchange = () -> {
        store.remove("alice", key.keyHandle());
        store.add(other);
      };
      RelyingParty party = RelyingParty.builder(
              APP_ID, overtaken(store, exchange), AttestationTrust.acceptAny())
          .engine(EcdsaEngine.jdk())
          .clock(() -> now)
          .build();
      PendingAuthentication pending = party.startAuthentication("alice");
      assertRefused(
          Reason.UNKNOWN_KEY_HANDLE,
          () -> party.finishAuthentication(pending, answer(pending, key, 1, 3)));
      assertEquals(other, stored());
      store.remove(account, key.keyHandle());
      store.add(first);
    }
  }

  @Test
  void aRequestIsOpenForASecondToADay() {
    RelyingParty.Builder builder = builder(AttestationTrust.acceptAny());
    for (Duration wrong : List.of(
        Duration.ZERO,
        Duration.ofMillis(999),
        Duration.ofSeconds(-5),
        Duration.ofDays(1).plusNanos(1),
        Duration.ofDays(400))) {
      assertThrows(IllegalArgumentException.class, () -> builder.timeout(wrong));
    }
    for (Duration right : List.of(Duration.ofSeconds(1), Duration.ofDays(1))) {
      PendingAuthentication pending = builder.timeout(right).build().startAuthentication("alice");
      assertEquals(NOW.plus(right), pending.expiresAt());
      assertEquals((int) right.toSeconds(), pending.request().timeoutSeconds());
    }
  }

  @Test
  void anAccountHasAName() {
    assertThrows(IllegalArgumentException.class, () -> party().startRegistration(""));
    assertThrows(IllegalArgumentException.class, () -> party().startAuthentication(""));
  }

  @Test
  void anAccountThatCannotBeStoredIsRefusedBeforeAnybodyTouchesAKey() throws Exception {
    Map<String, String> wrongs = Map.of(
        "al\u0000ice", "the account has U+0000 at index 2, which cannot be stored",
        "\ud83d\udd11\ud83d",
            "the account has half of a surrogate pair at index 2, which cannot be stored",
        "\udd11x", "the account has half of a surrogate pair at index 0, which cannot be stored");
    for (Map.Entry<String, String> wrong : wrongs.entrySet()) {
      String account = wrong.getKey();
      Exception registration =
          assertThrows(IllegalArgumentException.class, () -> party().startRegistration(account));
      assertEquals(wrong.getValue(), registration.getMessage());
      Exception authentication =
          assertThrows(IllegalArgumentException.class, () -> party().startAuthentication(account));
      assertEquals(wrong.getValue(), authentication.getMessage());
    }
    PendingAuthentication right = party().startAuthentication("al\u0001 \ud83d\udd11");
    assertEquals(right, PendingAuthentication.fromJson(right.toJson()));
  }

  @Test
  void theEngineIsTheGivenOneOrTheBest() {
    EcdsaEngine engine = EcdsaEngine.bouncyCastle();
    assertSame(
        engine, builder(AttestationTrust.acceptAny()).engine(engine).build().engine());
    RelyingParty party =
        RelyingParty.builder(APP_ID, store, AttestationTrust.acceptAny()).build();
    assertEquals(EcdsaEngine.best().description(), party.engine().description());
    assertNotEquals(engine.description(), party.engine().description());
  }

  @Test
  void whatIsStoredDoesNotHoldOnToTheMessage() throws Exception {
    RelyingParty party =
        builder(AttestationTrust.roots(List.of(ROOT.decoded()))).build();
    PendingRegistration pending = party.startRegistration("alice");
    TestCertificate leaf = TestCertificate.of("CN=Leaf")
        .extension("1.3.6.1.4.1.45724.2.1.1", Samples.hex("03020430"))
        .signedBy(ROOT);
    ClientData clientData = ClientData.of(ClientData.REGISTER, pending.challenge(), ORIGIN);
    RegistrationResult result = party.finishRegistration(
        pending, key.register(leaf.attestation(), APP_ID, clientData).toJson());
    assertEquals(Trust.TRUSTED, result.attestation().trust());
    assertEquals(ROOT.decoded(), result.attestation().root());
    assertEquals(List.of("usb", "nfc"), result.registration().transports());
    assertEquals(List.of("usb", "nfc"), stored().registeredKey().transports());
    assertEquals(leaf.der(), stored().certificate());
    assertEquals(new KeyHandle(Samples.repeat(64, 1)), stored().keyHandle());
  }

  @Test
  void anAccountOfTheMostKeysCanStillSignIn() throws Exception {
    for (int i = 0; i < 32; i++) {
      Registration registration = new Registration(
          "ann",
          new KeyHandle(Samples.repeat(KeyHandle.MAX_CREDENTIAL_ID_LENGTH, i + 1)),
          TestKey.create(1).publicKey(),
          new AppId(i % 2 == 0 ? "https://" + "a".repeat(200) + ".example" : "a".repeat(253)),
          null,
          Bytes.EMPTY,
          List.of("usb", "nfc", "ble"),
          NOW,
          null,
          null);
      assertTrue(store.add(registration));
    }
    String kept = party().startAuthentication("ann").toJson();
    assertEquals(
        32, PendingAuthentication.fromJson(kept).request().registeredKeys().size());
    assertThrows(IllegalStateException.class, () -> party().startRegistration("ann"));

    // asked for while there was room
    PendingRegistration early = party().startRegistration("bob");
    PendingRegistration late = new PendingRegistration("ann", early.request(), early.expiresAt());
    assertRefused(
        Reason.REGISTRATION_LIMIT,
        () -> party().finishRegistration(late, answer(late, TestKey.create(2), ORIGIN)));
  }

  @Test
  void twoThatFinishAtOnceDoNotPassTheLimit() throws Exception {
    for (int i = 0; i < 31; i++) {
      registered(TestKey.create(100 + i), null);
    }
    CyclicBarrier bothFoundRoom = new CyclicBarrier(2);
    RegistrationStore meeting = (RegistrationStore) Proxy.newProxyInstance(
        RegistrationStore.class.getClassLoader(),
        new Class<?>[] {RegistrationStore.class},
        (proxy, method, arguments) -> {
          if (method.getName().equals("add")) {
            bothFoundRoom.await(1, TimeUnit.MINUTES);
          }
          return method.invoke(store, arguments);
        });
    RelyingParty party = RelyingParty.builder(APP_ID, meeting, AttestationTrust.acceptAny())
        .engine(EcdsaEngine.jdk())
        .clock(() -> now)
        .build();
    AtomicInteger number = new AtomicInteger();
    List<KeyHandle> accepted = Attack.together(2, () -> {
      TestKey mine = TestKey.create(number.incrementAndGet());
      PendingRegistration pending = party.startRegistration("alice");
      try {
        String response = answer(pending, mine, ORIGIN);
        return party.finishRegistration(pending, response).registration().keyHandle();
      } catch (VerificationException e) {
        assertEquals(Reason.REGISTRATION_LIMIT, e.reason(), e.getMessage());
        return null;
      }
    });
    List<KeyHandle> kept = accepted.stream().filter(Objects::nonNull).toList();
    assertTrue(kept.size() < 2, "one of them at least is over the limit");
    assertEquals(31 + kept.size(), store.registrations("alice").size());
    for (KeyHandle keyHandle : kept) {
      assertTrue(store.find(keyHandle).isPresent());
    }
  }

  @Test
  void theReasonsThatThisPackageGivesAreAllProvoked() {
    Set<Reason> provoked = EnumSet.copyOf(REGISTRATION_CHECKS);
    provoked.addAll(AUTHENTICATION_CHECKS);
    provoked.addAll(List.of(Reason.CLIENT_ERROR, Reason.MALFORMED, Reason.REGISTRATION_LIMIT));
    provoked.addAll(WEB_AUTHN_REASONS);
    List<Reason> left =
        Stream.of(Reason.values()).filter(reason -> !provoked.contains(reason)).toList();
    assertTrue(
        left.stream().allMatch(reason -> reason.name().contains("METADATA")), left::toString);
  }
}
