package org.u2f4j.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.FakeClock;
import org.u2f4j.apdu.RecordTransport;
import org.u2f4j.apdu.ReplayTransport;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.ScriptedKey;
import org.u2f4j.apdu.StatusException;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.Transport;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.soft.UserPresence;

class U2fClientTest {
  private static final String ORIGIN = "https://example.com";
  private static final AppId APP_ID = new AppId("https://example.com/app");
  private static final String CHALLENGE = "Y2hhbGxlbmdl";
  private static final String TOUCH = "6985";
  private static final String NOT_MINE = "6a80";

  /** A registration with the curve's base point (SEC 2, 2.4.2), and the least there can be else. */
  private static final String REGISTRATION = "05"
      + "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
      + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
      + "02abcd"
      + "30020500"
      + "3006020101020101";

  private static final String AUTHENTICATION = "01" + "fffffffe" + "3006020101020101";

  private static final String BLINK = register("42".repeat(32), "41".repeat(32));

  private final FakeClock clock = new FakeClock();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), clock);
  private final List<String> told = new ArrayList<>();
  private final TouchPolling polling = new TouchPolling(new TouchPolling.Listener() {
    @Override
    public void touchNow() {
      told.add("touch now");
    }

    @Override
    public void stillWaiting(Duration remaining) {
      told.add("still waiting, " + remaining.toSeconds() + " s left");
    }

    @Override
    public void done() {
      told.add("done");
    }
  });
  private final U2fClient client = new U2fClient(FacetRule.sameHost(), polling);

  @AfterEach
  void noInterruptIsLeftOver() {
    assertFalse(Thread.interrupted());
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String clientData(String type, String challenge) {
    return "{\"typ\":\"navigator.id." + type + "\",\"challenge\":\"" + challenge
        + "\",\"origin\":\"" + ORIGIN + "\"}";
  }

  private static String register(String challenge, String application) {
    return "00010000" + "000040" + challenge + application + "0000";
  }

  private static String authenticate(
      int control, String type, String challenge, AppId appId, String handle) {
    int length = handle.length() / 2;
    return "0002%02x00".formatted(control)
        + "00%04x".formatted(65 + length)
        + sha256(clientData(type, challenge))
        + sha256(appId.value())
        + "%02x".formatted(length)
        + handle
        + "0000";
  }

  private static String check(String handle) {
    return authenticate(7, "getAssertion", CHALLENGE, APP_ID, handle);
  }

  private static String sign(String handle) {
    return authenticate(3, "getAssertion", CHALLENGE, APP_ID, handle);
  }

  private static String registerCommand() {
    return register(sha256(clientData("finishEnrollment", CHALLENGE)), sha256(APP_ID.value()));
  }

  private static RegisteredKey key(String handle) throws IOException {
    return new RegisteredKey(new KeyHandle(Bytes.fromHex(handle)));
  }

  private static SignRequest signRequest(String... handles) throws IOException {
    List<RegisteredKey> keys = new ArrayList<>();
    for (String handle : handles) {
      keys.add(key(handle));
    }
    return new SignRequest(APP_ID, CHALLENGE, keys);
  }

  private static RegisterRequest registerRequest(String... handles) throws IOException {
    return new RegisterRequest(APP_ID, CHALLENGE, signRequest(handles).registeredKeys());
  }

  private ErrorCodeException signFails(ErrorCode code, SignRequest request, Transport key) {
    ErrorCodeException e =
        assertThrows(ErrorCodeException.class, () -> client.sign(request, ORIGIN, key, deadline));
    assertEquals(code, e.code(), e::getMessage);
    return e;
  }

  private ErrorCodeException registerFails(ErrorCode code, RegisterRequest request, Transport key) {
    ErrorCodeException e = assertThrows(
        ErrorCodeException.class, () -> client.register(request, ORIGIN, key, deadline));
    assertEquals(code, e.code(), e::getMessage);
    return e;
  }

  @Test
  void registrationIsAskedForUntilTheTouch() throws Exception {
    try (ScriptedKey key = new ScriptedKey()
        .on(registerCommand(), TOUCH)
        .on(registerCommand(), TOUCH)
        .on(registerCommand(), REGISTRATION + "9000")) {
      RegisterResponse response = client.register(registerRequest(), ORIGIN, key, deadline);

      assertEquals(REGISTRATION, response.registration().encode().hex());
      assertEquals(
          Bytes.utf8(clientData("finishEnrollment", CHALLENGE)),
          response.clientData().bytes());
    }
    assertEquals(List.of("touch now", "done"), told);
    assertEquals(List.of(Duration.ofMillis(200), Duration.ofMillis(200)), clock.sleeps);
  }

  @Test
  void aKeyThatNeedsNoTouchDisturbsNobody() throws Exception {
    try (ScriptedKey key = new ScriptedKey().on(registerCommand(), REGISTRATION + "9000")) {
      client.register(registerRequest(), ORIGIN, key, deadline);
    }
    assertEquals(List.of(), told);
    assertEquals(List.of(), clock.sleeps);
  }

  @Test
  void aRegisteredKeyBlinksAndIsRefused() throws Exception {
    try (ScriptedKey key = new ScriptedKey()
        .on(authenticate(7, "finishEnrollment", CHALLENGE, APP_ID, "01"), NOT_MINE)
        .on(authenticate(7, "finishEnrollment", CHALLENGE, APP_ID, "02"), TOUCH)
        .on(BLINK, TOUCH)
        .on(BLINK, REGISTRATION + "9000")) {
      registerFails(ErrorCode.DEVICE_INELIGIBLE, registerRequest("01", "02", "03"), key);
    }
    assertEquals(List.of("touch now", "done"), told);
  }

  @ParameterizedTest
  @CsvSource({"6a80, DEVICE_INELIGIBLE", "9000, DEVICE_INELIGIBLE", "6985, TIMEOUT"})
  void aRegisteredKeyIsRefusedWhateverItAnswersToTheBlink(String answer, ErrorCode code)
      throws Exception {
    ScriptedKey key = new ScriptedKey()
        .on(authenticate(7, "finishEnrollment", CHALLENGE, APP_ID, "01"), TOUCH)
        .on(BLINK, TOUCH);
    int more = code == ErrorCode.TIMEOUT ? 149 : 1;
    Collections.nCopies(more, answer).forEach(same -> key.on(BLINK, same));
    registerFails(code, registerRequest("01"), key);
    key.close();
  }

  @Test
  void aKeyWithNoneOfTheRegistrationsIsRegistered() throws Exception {
    AppId other = new AppId("https://example.com/other");
    RegisteredKey known =
        new RegisteredKey("U2F_V2", key("02").keyHandle(), other, null, List.of());
    try (ScriptedKey key = new ScriptedKey()
        .on(authenticate(7, "finishEnrollment", CHALLENGE, APP_ID, "01"), NOT_MINE)
        .on(authenticate(7, "finishEnrollment", CHALLENGE, other, "02"), NOT_MINE)
        .on(registerCommand(), REGISTRATION + "9000")) {
      RegisterRequest request = new RegisterRequest(APP_ID, CHALLENGE, List.of(key("01"), known));
      client.register(request, ORIGIN, key, deadline);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"6a80", "6700", "6984", "63c0", "0003"})
  void eachWayToDisownAKeyHandleLeadsToTheNext(String status) throws Exception {
    try (ScriptedKey key = new ScriptedKey()
        .on(check("010203"), status)
        .on(check("04"), TOUCH)
        .on(sign("04"), TOUCH)
        .on(sign("04"), AUTHENTICATION + "9000")) {
      SignResponse response = client.sign(signRequest("010203", "04"), ORIGIN, key, deadline);

      assertEquals("04", response.keyHandle().bytes().hex());
      assertEquals(AUTHENTICATION, response.authentication().encode().hex());
      assertEquals(0xFFFF_FFFEL, response.authentication().counter());
    }
    assertEquals(List.of("touch now", "done"), told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0002", "6f00", "6985"})
  void anotherStatusDoesNotDisownAKeyHandle(String status) throws Exception {
    StatusException answer = new StatusException(new StatusWord(Integer.parseInt(status, 16)), 3);
    assertFalse(answer.unknownKeyHandle());
    StatusException withoutHandle = new StatusException(StatusWord.WRONG_LENGTH);
    assertFalse(withoutHandle.unknownKeyHandle(), "no key handle was sent");
  }

  @Test
  void aLongKeyHandleIsDisownedByItsLength() throws Exception {
    String handle = "ab".repeat(255);
    try (ScriptedKey key = new ScriptedKey().on(check(handle), "00ff")) {
      signFails(ErrorCode.DEVICE_INELIGIBLE, signRequest(handle), key);
    }
  }

  @Test
  void checkOnlyAnsweredWith9000MeansMineAndItsDataAreNotUsed() throws Exception {
    try (ScriptedKey key =
        new ScriptedKey().on(check("01"), "00" + "9000").on(sign("01"), AUTHENTICATION + "9000")) {
      SignResponse response = client.sign(signRequest("01"), ORIGIN, key, deadline);
      assertEquals(AUTHENTICATION, response.authentication().encode().hex());
    }
  }

  @Test
  void aFalseClaimLeadsToTheNextKeyHandle() throws Exception {
    try (ScriptedKey key = new ScriptedKey()
        .on(check("01"), TOUCH)
        .on(sign("01"), TOUCH)
        .on(sign("01"), NOT_MINE)
        .on(check("02"), TOUCH)
        .on(sign("02"), TOUCH)
        .on(sign("02"), AUTHENTICATION + "9000")) {
      SignResponse response = client.sign(signRequest("01", "02"), ORIGIN, key, deadline);
      assertEquals("02", response.keyHandle().bytes().hex());
    }
    assertEquals(List.of("touch now", "done", "touch now", "done"), told);
  }

  @Test
  void whatNoU2fKeyCanHaveMadeIsNotAskedAbout() throws Exception {
    RegisteredKey first = new RegisteredKey("U2F_V1", key("01").keyHandle(), null, null, List.of());
    RegisteredKey longest = key("cd".repeat(256));
    try (ScriptedKey key = new ScriptedKey().on(check("02"), NOT_MINE)) {
      SignRequest request = new SignRequest(APP_ID, CHALLENGE, List.of(first, longest, key("02")));
      signFails(ErrorCode.DEVICE_INELIGIBLE, request, key);
    }
    try (ScriptedKey key = new ScriptedKey().on(registerCommand(), REGISTRATION + "9000")) {
      RegisterRequest request = new RegisterRequest(APP_ID, CHALLENGE, List.of(first, longest));
      client.register(request, ORIGIN, key, deadline);
    }
  }

  @Test
  void aRequestOfVersion10SignsEachKeyHandleForItsOwnAppIdAndChallenge() throws Exception {
    SignRequest request = SignRequest.decode("""
        {"type":"u2f_sign_request","signRequests":[
          {"version":"U2F_V2","challenge":"b25l","keyHandle":"AQ","appId":"https://example.com/1"},
          {"version":"U2F_V2","challenge":"dHdv","keyHandle":"Ag","appId":"https://example.com/2"}]}
        """);
    AppId one = new AppId("https://example.com/1");
    AppId two = new AppId("https://example.com/2");
    try (ScriptedKey key = new ScriptedKey()
        .on(authenticate(7, "getAssertion", "b25l", one, "01"), NOT_MINE)
        .on(authenticate(7, "getAssertion", "dHdv", two, "02"), TOUCH)
        .on(authenticate(3, "getAssertion", "dHdv", two, "02"), AUTHENTICATION + "9000")) {
      SignResponse response = client.sign(request, ORIGIN, key, deadline);
      assertEquals("dHdv", response.clientData().challenge());
    }
  }

  @Test
  void everyAppIdIsCheckedBeforeTheKeyHearsOfAny() throws Exception {
    RegisteredKey foreign = new RegisteredKey(
        "U2F_V2", key("02").keyHandle(), new AppId("https://evil.example"), null, List.of());
    List<RegisteredKey> keys = List.of(key("01"), foreign);
    ScriptedKey untouched = new ScriptedKey();

    signFails(ErrorCode.BAD_REQUEST, new SignRequest(APP_ID, CHALLENGE, keys), untouched);
    registerFails(ErrorCode.BAD_REQUEST, new RegisterRequest(APP_ID, CHALLENGE, keys), untouched);
  }

  @Test
  void eachAppIdIsCheckedOnce() throws Exception {
    List<String> asked = new ArrayList<>();
    FacetRule rule = (appId, facet, end) -> {
      asked.add(appId.value());
      return appId;
    };
    try (ScriptedKey key = new ScriptedKey().on(check("01"), NOT_MINE).on(check("02"), NOT_MINE)) {
      assertThrows(
          ErrorCodeException.class,
          () -> new U2fClient(rule, polling).sign(signRequest("01", "02"), ORIGIN, key, deadline));
    }
    assertEquals(List.of(APP_ID.value()), asked);
  }

  @Test
  void anAbsentAppIdIsTheCallersOrigin() throws Exception {
    AppId own = new AppId(ORIGIN);
    try (ScriptedKey key = new ScriptedKey()
        .on(authenticate(7, "getAssertion", CHALLENGE, own, "01"), TOUCH)
        .on(authenticate(3, "getAssertion", CHALLENGE, own, "01"), AUTHENTICATION + "9000")) {
      SignRequest request = new SignRequest(null, CHALLENGE, List.of(key("01")), null, null);
      client.sign(request, ORIGIN, key, deadline);
    }
  }

  @Test
  void anOriginWithOddCharactersIsWrittenAsJsonThatHoldsIt() throws Exception {
    String odd = "app:\"\\\u0000\u2028é\ud83d\udd11</script>";
    U2fClient trusted = new U2fClient(FacetRule.trustedProgram(), polling);
    Transport key = new Answering(REGISTRATION + "9000");
    RegisterResponse response = trusted.register(registerRequest(), odd, key, deadline);
    assertEquals(odd, RegisterResponse.decode(response.toJson()).clientData().origin());
  }

  /** Gives the same answer to everything. */
  private record Answering(String answer) implements Transport {
    @Override
    public ResponseApdu exchange(org.u2f4j.apdu.CommandApdu command, Deadline deadline)
        throws IOException {
      return ResponseApdu.decode(Bytes.fromHex(answer));
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @CsvSource({
    "6986, CONFIGURATION_UNSUPPORTED",
    "6d00, CONFIGURATION_UNSUPPORTED",
    "6e00, CONFIGURATION_UNSUPPORTED",
    "6f00, OTHER_ERROR",
    "6a80, OTHER_ERROR",
    "0000, OTHER_ERROR"
  })
  void whatTheKeyAnswersBecomesAnErrorCode(String status, ErrorCode code) throws Exception {
    try (ScriptedKey key = new ScriptedKey().on(registerCommand(), status)) {
      ErrorCodeException e = registerFails(code, registerRequest(), key);
      assertInstanceOf(StatusException.class, e.getCause());
      assertTrue(e.getMessage().contains(status.toUpperCase(java.util.Locale.ROOT)));
    }
    assertEquals(List.of(), told);
  }

  @Test
  void theNumbersOfTheErrorCodesAreThoseOfTheJavaScriptApi() {
    assertEquals(
        List.of(0, 1, 2, 3, 4, 5),
        java.util.Arrays.stream(ErrorCode.values()).map(ErrorCode::value).toList());
    assertEquals(4, ErrorCode.DEVICE_INELIGIBLE.value());
    assertEquals(5, ErrorCode.TIMEOUT.value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"9000", "059000", "05ffffffff9000"})
  void anAnswerThatDoesNotParseIsAnotherError(String garbage) throws Exception {
    try (ScriptedKey key =
        new ScriptedKey().on(registerCommand(), TOUCH).on(registerCommand(), garbage)) {
      registerFails(ErrorCode.OTHER_ERROR, registerRequest(), key);
    }
    assertEquals(List.of("touch now", "done"), told);
    try (ScriptedKey key = new ScriptedKey().on(check("01"), TOUCH).on(sign("01"), garbage)) {
      signFails(ErrorCode.OTHER_ERROR, signRequest("01"), key);
    }
  }

  @Test
  void aKeyThatIsPulledOutIsAnotherErrorWithAReason() throws Exception {
    IOException gone = new EOFException();
    try (ScriptedKey key = new ScriptedKey()
        .on(registerCommand(), TOUCH)
        .on(registerCommand(), end -> {
          throw gone;
        })) {
      ErrorCodeException e = registerFails(ErrorCode.OTHER_ERROR, registerRequest(), key);
      assertSame(gone, e.getCause());
      assertTrue(e.getMessage().contains("EOFException"), e::getMessage);
    }
    assertEquals(List.of("touch now", "done"), told);
  }

  @Test
  void timeRunsOutWithoutATouch() throws Exception {
    int asked = 30 * 5; // five times a second, and not once the deadline has passed
    ScriptedKey key = new ScriptedKey();
    Collections.nCopies(asked, TOUCH).forEach(answer -> key.on(registerCommand(), answer));
    registerFails(ErrorCode.TIMEOUT, registerRequest(), key);
    key.close();

    assertEquals(List.of("touch now", "still waiting, 20 s left", "done"), told);
    assertEquals(Duration.ZERO, deadline.remaining());
    assertEquals(Collections.nCopies(asked, Duration.ofMillis(200)), clock.sleeps);
  }

  @Test
  void theLastWaitEndsAtTheDeadline() throws Exception {
    U2fClient slow = new U2fClient(
        FacetRule.sameHost(), new TouchPolling(Duration.ofSeconds(20), TouchPolling.SILENT));
    try (ScriptedKey key =
        new ScriptedKey().on(registerCommand(), TOUCH).on(registerCommand(), TOUCH)) {
      ErrorCodeException e = assertThrows(
          ErrorCodeException.class, () -> slow.register(registerRequest(), ORIGIN, key, deadline));
      assertEquals(ErrorCode.TIMEOUT, e.code());
    }
    assertEquals(List.of(Duration.ofSeconds(20), Duration.ofSeconds(10)), clock.sleeps);
  }

  @Test
  void aKeyThatDoesNotAnswerInTimeIsATimeout() throws Exception {
    try (ScriptedKey key = new ScriptedKey().on(check("01"), end -> {
      throw new DeadlineException("mute");
    })) {
      assertEquals("mute", signFails(ErrorCode.TIMEOUT, signRequest("01"), key).getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "29, 29", "31, 30", "2147483647, 30"})
  void theRequestMayShortenTheDeadlineAndNeverLengthenIt(int timeoutSeconds, int seconds)
      throws Exception {
    List<Duration> left = new ArrayList<>();
    try (ScriptedKey key = new ScriptedKey().on(registerCommand(), end -> {
      left.add(end.remaining());
      return ResponseApdu.decode(Bytes.fromHex(REGISTRATION + "9000"));
    })) {
      RegisterRequest request =
          new RegisterRequest(APP_ID, CHALLENGE, List.of(), timeoutSeconds, null);
      client.register(request, ORIGIN, key, deadline);
    }
    assertEquals(List.of(Duration.ofSeconds(seconds)), left);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void aRequestThatLeavesNoTimeIsATimeout(int timeoutSeconds) throws Exception {
    try (ScriptedKey key = new ScriptedKey()) {
      RegisterRequest request =
          new RegisterRequest(APP_ID, CHALLENGE, List.of(), timeoutSeconds, null);
      ErrorCodeException e = assertThrows(
          ErrorCodeException.class, () -> client.register(request, ORIGIN, key, deadline));
      assertEquals(ErrorCode.TIMEOUT, e.code());
    }
  }

  @Test
  void aClockThatJumpsNeitherAsksForEverNorTellsTwice() throws Exception {
    List<Duration> jumps = List.of(
        Duration.ofHours(-1), Duration.ofSeconds(3605), Duration.ofSeconds(12), Duration.ZERO);
    ScriptedKey key = new ScriptedKey();
    for (Duration jump : jumps) {
      key.on(registerCommand(), end -> {
        clock.advance(jump);
        return ResponseApdu.decode(Bytes.fromHex(TOUCH));
      });
    }
    key.on(registerCommand(), end -> {
      clock.advance(Duration.ofDays(400));
      return ResponseApdu.decode(Bytes.fromHex(TOUCH));
    });
    registerFails(ErrorCode.TIMEOUT, registerRequest(), key);
    key.close();
    assertEquals("touch now", told.get(0));
    assertEquals(1, Collections.frequency(told, "touch now"));
    assertEquals(1, told.stream().filter(line -> line.startsWith("still")).count());
    assertEquals("done", told.get(told.size() - 1));
  }

  @Test
  void anInterruptBeforeStopsAtOnceAndTheKeyHearsNothing() throws Exception {
    ScriptedKey untouched = new ScriptedKey();
    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedException.class,
        () -> client.register(registerRequest(), ORIGIN, untouched, deadline));
    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedException.class,
        () -> client.register(registerRequest("01"), ORIGIN, untouched, deadline));
    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedException.class,
        () -> client.sign(signRequest("01"), ORIGIN, untouched, deadline));
    assertEquals(List.of(), told);
  }

  @Test
  void anInterruptDuringTheWaitStopsAtOnce() throws Exception {
    clock.whileAsleep = Thread.currentThread()::interrupt;
    try (ScriptedKey key = new ScriptedKey().on(check("01"), TOUCH).on(sign("01"), TOUCH)) {
      assertThrows(
          InterruptedException.class,
          () -> client.sign(signRequest("01", "02"), ORIGIN, key, deadline));
    }
    assertEquals(List.of("touch now", "done"), told);
  }

  @Test
  void anInterruptDuringAnExchangeStopsAtOnce() throws Exception {
    try (ScriptedKey key = new ScriptedKey()
        .on(registerCommand(), TOUCH)
        .on(registerCommand(), end -> {
          throw new InterruptedException();
        })) {
      assertThrows(
          InterruptedException.class,
          () -> client.register(registerRequest(), ORIGIN, key, deadline));
    }
    assertEquals(List.of("touch now", "done"), told);
  }

  @Test
  void anInterruptThatTheTransportDoesNotSeeStopsBeforeTheNextKeyHandle() throws Exception {
    try (ScriptedKey key = new ScriptedKey().on(check("01"), end -> {
      Thread.currentThread().interrupt();
      return ResponseApdu.decode(Bytes.fromHex(NOT_MINE));
    })) {
      assertThrows(
          InterruptedException.class,
          () -> client.sign(signRequest("01", "02"), ORIGIN, key, deadline));
    }
  }

  @Test
  void aListenerThatFailsIsStillToldThatItIsDone() throws Exception {
    List<String> calls = new ArrayList<>();
    TouchPolling failing = new TouchPolling(new TouchPolling.Listener() {
      @Override
      public void touchNow() {
        calls.add("touch now");
        throw new IllegalStateException("no screen");
      }

      @Override
      public void stillWaiting(Duration remaining) {
        calls.add("still waiting");
      }

      @Override
      public void done() {
        calls.add("done");
      }
    });
    try (ScriptedKey key = new ScriptedKey().on(registerCommand(), TOUCH)) {
      assertThrows(
          IllegalStateException.class,
          () -> new U2fClient(FacetRule.sameHost(), failing)
              .register(registerRequest(), ORIGIN, key, deadline));
    }
    assertEquals(List.of("touch now", "done"), calls);
  }

  @Test
  void aRecordedSessionWithASoftwareKeyReplaysToTheSameAnswers() throws Exception {
    StringBuilder recording = new StringBuilder();
    SoftwareKey software = SoftwareKey.create().withUserPresence(UserPresence.after(2));
    List<String> answers = new ArrayList<>();
    SignRequest request;
    try (Transport key = new RecordTransport(software, recording)) {
      RegisterResponse registered = client.register(registerRequest("01"), ORIGIN, key, deadline);
      answers.add(registered.toJson());
      request = signRequest("02", registered.registration().keyHandle().bytes().hex());
      answers.add(client.sign(request, ORIGIN, key, deadline).toJson());
    }
    assertEquals(List.of("touch now", "done", "touch now", "done"), told);
    try (Transport key = new ReplayTransport(recording.toString())) {
      assertEquals(
          answers,
          List.of(
              client.register(registerRequest("01"), ORIGIN, key, deadline).toJson(),
              client.sign(request, ORIGIN, key, deadline).toJson()));
    }
  }

  @Test
  void versionFallsBackFromSevenBytesToTheNineOfTheDrafts() throws Exception {
    for (String refusal : List.of("6700", "6d00", "6f00")) {
      try (Transport key = new ScriptedKey()
          .on("00030000000000", refusal)
          .on("000300000000000000", "5532465f5632" + "9000")) {
        assertEquals(Bytes.utf8("U2F_V2"), new U2fToken(key).version(deadline));
      }
    }
    try (Transport key = new ScriptedKey().on("00030000000000", "5532465f5632" + "9000")) {
      assertEquals(Bytes.utf8("U2F_V2"), new U2fToken(key).version(deadline));
    }
    try (Transport key =
        new ScriptedKey().on("00030000000000", "6700").on("000300000000000000", "6d00")) {
      U2fToken token = new U2fToken(key);
      StatusException e = assertThrows(StatusException.class, () -> token.version(deadline));
      assertEquals(StatusWord.INS_NOT_SUPPORTED, e.status());
    }
  }

  @Test
  void aTransportThatForgetsTheTimeDoesNotMakeTheClientForgetIt() {
    FakeClock clock = new FakeClock();
    List<RegisteredKey> keys = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      keys.add(new RegisteredKey(new KeyHandle(Bytes.of((byte) i, (byte) (i >> 8)))));
    }
    int[] asked = new int[1];
    Transport slow = new Transport() {
      @Override
      public ResponseApdu exchange(CommandApdu command, Deadline end) throws InterruptedException {
        asked[0]++;
        clock.sleep(Duration.ofMillis(100));
        return new ResponseApdu(StatusWord.WRONG_DATA);
      }

      @Override
      public void close() {}
    };
    ErrorCodeException e = assertThrows(
        ErrorCodeException.class,
        () -> client.sign(
            new SignRequest(new AppId(ORIGIN), "AAAA", keys),
            ORIGIN,
            slow,
            Deadline.after(Duration.ofSeconds(1), clock)));
    assertEquals(ErrorCode.TIMEOUT, e.code());
    assertEquals(10, asked[0]);
  }

  @Test
  void aRequestDoesNotMakeTheClientCheckAnyNumberOfAppIds() throws Exception {
    List<RegisteredKey> keys = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      AppId appId = new AppId(ORIGIN + "/" + i);
      keys.add(new RegisteredKey("U2F_V2", new KeyHandle(Bytes.EMPTY), appId, null, List.of()));
    }
    try (Transport key = new ScriptedKey()) {
      ErrorCodeException e = assertThrows(
          ErrorCodeException.class,
          () ->
              client.sign(new SignRequest(new AppId(ORIGIN), "AAAA", keys), ORIGIN, key, deadline));
      assertEquals(ErrorCode.BAD_REQUEST, e.code());
    }
  }

  @Test
  void pollingNeedsAPositiveInterval() {
    for (long millis : new long[] {0, -1}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new TouchPolling(Duration.ofMillis(millis), TouchPolling.SILENT));
    }
  }
}
