package org.u2f4j.examples.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.examples.account.AccountSettings;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.account.AuthenticatorApp;
import org.u2f4j.examples.account.Client;
import org.u2f4j.examples.account.Codes;
import org.u2f4j.examples.account.Event;
import org.u2f4j.examples.account.Factor;

/** Requests that no browser of an honest person sends, over a socket. */
class WebServerTest {
  private static final Logger JDK_LOG = Logger.getLogger("com.sun.net.httpserver");
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";

  @TempDir
  static Path folder;

  private static final List<String> PROBLEMS = Collections.synchronizedList(new ArrayList<>());

  /** What the JDK would print on standard error. */
  private static final Handler LOG = new Handler() {
    @Override
    public void publish(LogRecord logged) {
      if (logged.getLevel().intValue() >= Level.INFO.intValue()) {
        PROBLEMS.add(logged.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  private static Site usual;
  private static Site secure;
  private Site site;

  /** A server, and the name that it has. */
  private record Site(WebServer server, Accounts accounts, PublicUrl url) {
    static Site start(Function<Integer, PublicUrl> urlOfPort) throws Exception {
      WebServer server = WebServer.bind(InetAddress.getLoopbackAddress(), 0);
      PublicUrl url = urlOfPort.apply(server.port());
      Accounts accounts = Accounts.open(AccountSettings.in(folder)
          .withSite(new org.u2f4j.examples.account.Site(url.host(), "u2f", List.of(url.origin()))));
      server.start(accounts, url, problem -> PROBLEMS.add(problem.toString()));
      return new Site(server, accounts, url);
    }

    void close() {
      server.close();
      accounts.close();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    JDK_LOG.addHandler(LOG);
    usual = Site.start(PublicUrl::localhost);
    secure = Site.start(port -> PublicUrl.parse("https://Account.Example.org"));
  }

  @BeforeEach
  void useTheUsual() {
    site = usual;
  }

  @AfterEach
  void nothingBrokeAndNothingWasSaid() {
    assertEquals(List.of(), PROBLEMS);
  }

  @AfterAll
  static void stop() {
    usual.close();
    secure.close();
    JDK_LOG.removeHandler(LOG);
  }

  private String host() {
    return site.url.authority();
  }

  /** The answer, whole; empty if the connection was closed without one. */
  private String send(byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.server.port())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(request);
      out.flush();
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketException e) {
      return ""; // closed while there was more to read
    }
  }

  private String send(String head, String body) throws IOException {
    return send((head + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
  }

  private String get(String path, String... headers) throws IOException {
    return send(
        "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s"
            .formatted(path, host(), lines(headers)),
        "");
  }

  private String post(String path, String body, String... headers) throws IOException {
    return send(
        "POST %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%sContent-Length: %s\r\n%s"
            .formatted(path, host(), FORM, body.length(), lines(headers)),
        body);
  }

  private static String lines(String... headers) {
    StringBuilder lines = new StringBuilder();
    for (String header : headers) {
      lines.append(header).append("\r\n");
    }
    return lines.toString();
  }

  private static int status(String answer) {
    return answer.isEmpty() ? 0 : Integer.parseInt(answer.split(" ", 3)[1]);
  }

  private static String header(String answer, String name) {
    Matcher matcher = Pattern.compile("(?i)\r\n" + name + ": ([^\r]*)").matcher(answer);
    return matcher.find() ? matcher.group(1) : "none";
  }

  private static String token(String page) {
    Matcher matcher = Pattern.compile("name=\"token\" value=\"([^\"]*)\"").matcher(page);
    assertTrue(matcher.find(), page);
    return matcher.group(1);
  }

  private static String cookie(String answer) {
    return "Cookie: " + header(answer, "Set-Cookie").split(";", 2)[0];
  }

  private static void assertRefused(int status, String answer) {
    assertEquals(status, status(answer), answer);
    assertFalse(answer.contains("\tat "), answer);
    assertEquals("none", header(answer, "Set-Cookie"), answer);
  }

  @Test
  void itAnswersToItsNameAlone() throws Exception {
    assertEquals(200, status(get("/sign-in")));
    String numbered = "Host: 127.0.0.1:" + site.server.port();
    String led = send("GET /keys?a=b HTTP/1.1\r\n" + numbered + "\r\nConnection: close\r\n", "");
    assertEquals(308, status(led));
    assertEquals("http://" + host() + "/keys?a=b", header(led, "Location"));
    for (String other : List.of(
        "Host: evil.example\r\n",
        "Host: localhost\r\n",
        "Host: localhost:1\r\n",
        "Host: " + host() + ".evil.example\r\n",
        "Host: " + host() + "\r\nHost: evil.example\r\n",
        "Host:\r\n",
        "")) {
      assertRefused(421, send("GET /sign-in HTTP/1.1\r\n" + other + "Connection: close\r\n", ""));
    }
  }

  @Test
  void pathsAreTakenAsTheyAre() throws Exception {
    for (String path : List.of(
        "/../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/style.css/..",
        "/style%2Ecss",
        "/top.html",
        "/web/style.css",
        "//sign-in",
        "/sign-in/",
        "/SIGN-IN",
        "/keys/AAAAAAAAAAAAAAAAAAAAAA/added/x",
        "/keys/short/remove",
        "/keys/AAAAAAAAAAAAAAAAAAAAA%2F/remove",
        "/" + "a".repeat(5000))) {
      assertRefused(404, get(path));
    }
    assertRefused(400, get("/sign-in?next=" + "a".repeat(3000)));
    assertRefused(400, get("/sign-in?next=%ff"));
    assertRefused(400, get("/sign-in?next=a&next=b"));
  }

  @Test
  void otherMethodsAreRefused() throws Exception {
    for (String method : List.of("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post", "BREW")) {
      String answer = send(
          "%s /sign-in HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n".formatted(method, host()),
          "");
      assertRefused(405, answer);
      assertEquals("GET, HEAD, POST", header(answer, "Allow"));
    }
    assertRefused(405, get("/sign-out"));
    assertRefused(405, post("/history", ""));
    String head =
        send("HEAD /sign-in HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n".formatted(host()), "");
    assertEquals(200, status(head));
    assertTrue(head.endsWith("\r\n\r\n"), head);
  }

  @Test
  void formsThatNoBrowserSendsAreRefused() throws Exception {
    for (String body : List.of(
        "a=%",
        "a=%4",
        "a=%zz",
        "a=%ff",
        "a=%c3",
        "a=%ed%a0%80",
        "a=1&a=2",
        "a=\u0000",
        "a=\u00e9",
        "a b=1",
        "a=1&".repeat(21),
        "&".repeat(20) + "a=1&b=2",
        "a=%+1",
        "a=%-1",
        "%=1",
        "x=1&y=2&x=3")) {
      assertRefused(400, post("/sign-in", body));
    }
    for (String length : List.of("-1", "99999999999999999999", "ten", "")) {
      assertRefused(
          400,
          send(
              "POST /sign-in HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%sContent-Length: %s\r\n"
                  .formatted(host(), FORM, length),
              "a=b"));
    }
    assertRefused(413, post("/sign-in", "a=" + "1".repeat(64 * 1024)));
    assertRefused(403, post("/sign-in", "a=" + "1".repeat(64 * 1024 - 2)));
    for (String type : List.of(
        "Content-Type: multipart/form-data; boundary=x\r\n",
        "Content-Type: application/json\r\n",
        "Content-Type: text/plain\r\n",
        "Content-Type:\r\n",
        "")) {
      assertRefused(
          415,
          send(
              "POST /sign-in HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%sContent-Length: 3\r\n"
                  .formatted(host(), type),
              "a=b"));
    }
  }

  @Test
  void aFormIsTakenFromAPageOfOursAlone() throws Exception {
    String page = get("/sign-in");
    String form = "email=form%40example.org&password=wrong&token=" + token(page);
    String origin = "Origin: http://" + host();
    assertEquals(422, status(post("/sign-in", form, cookie(page), origin)));
    assertEquals(422, status(post("/sign-in", form, cookie(page)))); // an old browser
    assertEquals(422, status(post("/sign-in", form, cookie(page), "Sec-Fetch-Site: same-origin")));
    assertRefused(403, post("/sign-in", form, origin)); // no cookie
    assertRefused(403, post("/sign-in", form, cookie(get("/sign-in")), origin)); // another's
    assertRefused(403, post("/sign-in", form.replace("token=", "token=A"), cookie(page), origin));
    assertRefused(403, post("/sign-in", form.replaceFirst("token=.*", ""), cookie(page), origin));
    for (String elsewhere : List.of(
        "Origin: http://evil.example",
        "Origin: null",
        "Origin:",
        "Origin: https://" + host(),
        "Origin: http://localhost",
        origin + "\r\nOrigin: http://evil.example",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: none")) {
      assertRefused(403, post("/sign-in", form, cookie(page), elsewhere));
    }
    String forged = "u2f-visitor=" + "A".repeat(43);
    assertRefused(403, post("/sign-in", form, cookie(page) + "; " + forged, origin));
    assertRefused(
        403,
        post(
            "/sign-in",
            form,
            cookie(page).replace("Cookie: ", "Cookie: " + forged + "; "),
            origin));
  }

  private static final String PASSWORD = "correct+horse+battery";

  /** Makes an account; the answer signs in. */
  private String create(String email, String... headers) throws IOException {
    String page = get("/create");
    return post(
        "/create",
        "email=%s&password=%2$s&repeated=%2$s&token=%3$s".formatted(email, PASSWORD, token(page)),
        Stream.concat(Stream.of(cookie(page)), Stream.of(headers)).toArray(String[]::new));
  }

  @Test
  void afterSigningInOneIsLedToAPageOfOursAlone() throws Exception {
    assertEquals(303, status(create("a%40example.org")));
    String page = get("/sign-in");
    String form = "email=a%40example.org&password=" + PASSWORD + "&token=" + token(page) + "&next=";
    assertEquals(
        "/keys/add", header(post("/sign-in", form + "/keys/add", cookie(page)), "Location"));
    for (String elsewhere : List.of(
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/keys/../..",
        "/sign-out",
        "/account%0d%0aSet-Cookie:%20a=b",
        "javascript:alert(1)")) {
      String answer = post("/sign-in", form + elsewhere, cookie(page));
      assertEquals("/account", header(answer, "Location"), elsewhere);
    }
  }

  @Test
  void whatPeopleTypeIsTextOnThePage() throws Exception {
    String page = get("/sign-in");
    String typed = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    String answer =
        post("/sign-in", "email=" + typed + "&password=x&token=" + token(page), cookie(page));
    assertEquals(422, status(answer));
    assertTrue(
        answer.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""), answer);
  }

  @Test
  void withHttpsCookiesBelongToTheHostAlone() throws Exception {
    site = secure;
    assertEquals("account.example.org", host());
    String signedIn = create("s%40example.org", "X-Forwarded-For: 192.0.2.1, 198.51.100.2");
    Matcher cookie = Pattern.compile("\r\nSet-cookie: (__Host-u2f-session=[^;]{43})(; [^\r]*)")
        .matcher(signedIn);
    assertTrue(cookie.find(), signedIn);
    assertEquals("; Path=/; HttpOnly; SameSite=Lax; Secure", cookie.group(2));
    String history = get("/history", "Cookie: " + cookie.group(1));
    assertTrue(history.contains("198.51.100.2"), "what the server in front has added");
    assertFalse(history.contains("192.0.2.1"), "what a stranger made up");
  }

  @Test
  void whatAnAccountDoesNotHaveIsCalledNone() throws Exception {
    String account = get("/account", session(create("n%40example.org")));
    assertEquals(4, account.split("<dd>none</dd>", -1).length - 1, account);
  }

  @Test
  void theHistoryNamesAFactorOnce() {
    Client client = new Client("127.0.0.1", "Firefox on Linux");
    assertEquals(
        List.of(true, false, false),
        Stream.of(Event.Kind.SIGNED_IN, Event.Kind.KEY_ADDED, Event.Kind.COUNTER_REFUSED)
            .map(kind -> new Event(Instant.EPOCH, kind, Factor.KEY, client, null))
            .map(event -> AccountPages.shown(event).get("hasFactor"))
            .toList());
  }

  @Test
  void withoutAServerInFrontNobodySaysWhereOthersAre() throws Exception {
    String signedIn = session(create("f%40example.org", "X-Forwarded-For: 192.0.2.1"));
    String history = get("/history", signedIn);
    assertTrue(history.contains("127.0.0.1"), history);
    assertFalse(history.contains("192.0.2.1"), history);
  }

  @Test
  void targetsOfOtherFormsThanAPathBreakNothing() throws Exception {
    for (String target :
        List.of("mailto:x", "*", "sign-in", "?next=/keys", "/%zz", "/%", "/\u00e9", "//")) {
      String answer = get(target);
      assertTrue(status(answer) < 500, answer);
    }
    assertEquals(200, status(get("/sign-in")));
  }

  @Test
  void allAnswersHaveTheHeadersThatProtectThem() throws Exception {
    for (Site each : List.of(usual, secure)) {
      site = each;
      String always = each.url.secure() ? "max-age=31536000" : "none";
      for (String answer : List.of(
          get("/sign-in"),
          get("/"),
          get("/style.css"),
          get("/nowhere"),
          post("/sign-in", "a=b"),
          post("/sign-in", "a=%"))) {
        assertEquals(always, header(answer, "Strict-Transport-Security"), answer);
        assertTrue(
            header(answer, "Content-Security-Policy").startsWith("default-src 'none'; "), answer);
        assertEquals("nosniff", header(answer, "X-Content-Type-Options"), answer);
        assertEquals("DENY", header(answer, "X-Frame-Options"), answer);
        assertEquals("same-origin", header(answer, "Referrer-Policy"), answer);
        assertEquals("same-origin", header(answer, "Cross-Origin-Opener-Policy"), answer);
        assertEquals("same-origin", header(answer, "Cross-Origin-Resource-Policy"), answer);
        boolean file = header(answer, "Content-Type").startsWith("text/css");
        assertEquals(file ? "no-cache" : "no-store", header(answer, "Cache-Control"), answer);
      }
    }
  }

  private static String session(String answer) {
    Matcher matcher = Pattern.compile("\r\nSet-cookie: (u2f-session=[^;]{43});").matcher(answer);
    assertTrue(matcher.find(), answer);
    return "Cookie: " + matcher.group(1);
  }

  @Test
  void signingInWhereSomebodyIsSignedInEndsTheirSession() throws Exception {
    String first = session(create("first%40example.org"));
    assertEquals(200, status(get("/account", first)));
    String token = token(get("/history", first));
    String form = "email=first%40example.org&password=" + PASSWORD + "&token=" + token;
    String second = session(post("/sign-in", form, first));
    assertNotEquals(first, second);
    assertEquals(303, status(get("/account", first)));
    assertEquals(200, status(get("/account", second)));

    String other = "email=second%%40example.org&password=%1$s&repeated=%1$s&token=%2$s"
        .formatted(PASSWORD, token(get("/history", second)));
    String third = session(post("/create", other, second));
    assertEquals(303, status(get("/account", second)));
    assertEquals(200, status(get("/account", third)));
    String out = post("/sign-out", "token=" + token(get("/history", third)), third);
    assertEquals("/sign-in", header(out, "Location"));
    assertEquals(303, status(get("/account", third)));
  }

  @Test
  void aCodeOfTheAppOrARecoveryCodeSignsIn() throws Exception {
    String in = session(create("codes%40example.org"));
    String id = in.substring(in.indexOf('=') + 1);
    Client client = new Client("127.0.0.1", "a test");
    AuthenticatorApp.SetUp app = site.accounts.app().start(id);
    long step = Instant.now().getEpochSecond() / 30;
    site.accounts.app().finish(client, id, app.ceremony(), Codes.of(app.secret(), step));
    String recovery = site.accounts.recoveryCodes().make(client, id).get(0);
    Map<String, String> codes =
        Map.of("/sign-in/code", Codes.of(app.secret(), step + 1), "/sign-in/recovery", recovery);
    for (String path : codes.keySet()) {
      String page = get("/sign-in");
      String token = "token=" + token(page);
      String asked = post(
          "/sign-in", "email=codes%40example.org&password=" + PASSWORD + "&" + token, cookie(page));
      assertEquals("/sign-in/code?next=/account", header(asked, "Location"));
      String cookies = cookie(page) + cookie(asked).replaceFirst("Cookie:", ";");
      String wrong = post(path, "code=wrong&" + token, cookies);
      assertEquals(422, status(wrong));
      assertTrue(wrong.contains("action=\"" + path + "\""), wrong);
      String right = post(path, "code=" + codes.get(path) + "&" + token, cookies);
      assertEquals(200, status(get("/account", session(right))), right);
    }
  }

  @Test
  void rememberedDevicesAreCalledThatEverywhere() throws Exception {
    String in = session(create("devices%40example.org"));
    String account = get("/account", in);
    assertTrue(account.contains("<a href=\"/devices\">Remembered devices</a>"), account);
    assertTrue(account.contains("<dt>Remembered devices</dt>"), account);
    String devices = get("/devices", in);
    assertTrue(devices.contains("<h1>Remembered devices</h1>"), devices);
  }

  @Test
  void aSignInHoldsEvenIfTheSessionBeforeItCannotBeEnded() throws Exception {
    String first = session(create("held%40example.org"));
    String form =
        "email=held%40example.org&password=" + PASSWORD + "&token=" + token(get("/history", first));
    try (Connection connection =
            DriverManager.getConnection(AccountSettings.in(folder).database());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TRIGGER stay BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'stay'); END");
      try {
        String second = session(post("/sign-in", form, first));
        assertEquals(200, status(get("/account", second)));
        assertEquals(200, status(get("/account", first)));
      } finally {
        statement.execute("DROP TRIGGER stay");
      }
    }
  }

  @Test
  void tooManyTriesAreToldWhenToGoOn() throws Exception {
    String page = get("/sign-in");
    String form = "email=often%40example.org&password=wrong&token=" + token(page);
    for (int i = 0; i < 10; i++) {
      assertEquals(422, status(post("/sign-in", form, cookie(page))));
    }
    String answer = post("/sign-in", form, cookie(page));
    assertEquals(429, status(answer), answer);
    assertTrue(answer.contains("You can try again at <time datetime="), answer);
    int seconds = Integer.parseInt(header(answer, "Retry-After"));
    assertTrue(seconds > 0 && seconds <= 15 * 60, answer);
  }

  @Test
  void aFaultOfTheDatabaseIsSaidInOneSentence() throws Exception {
    Site broken = Site.start(PublicUrl::localhost);
    broken.accounts.close();
    site = broken;
    String answer = get("/account", "Cookie: u2f-session=" + "A".repeat(43));
    broken.close();
    assertEquals(1, PROBLEMS.size());
    PROBLEMS.clear();
    assertEquals(503, status(answer), answer);
    assertTrue(answer.contains("The accounts cannot be reached now."), answer);
    assertFalse(answer.contains("\tat ") || answer.contains("Exception"), answer);
    assertEquals("no-store", header(answer, "Cache-Control"));
  }

  @Test
  void brokenRequestsBreakNothing() throws Exception {
    Random random = new Random(6);
    String page = get("/sign-in");
    String body = "email=broken%40example.org&password=x&next=%2Fkeys&token=" + token(page);
    byte[] whole = ("POST /sign-in?next=/keys&remember=yes HTTP/1.1\r\nHost: " + host()
            + "\r\nConnection: close\r\n" + FORM + "Content-Length: " + body.length() + "\r\n"
            + cookie(page) + "\r\nOrigin: http://" + host()
            + "\r\nUser-Agent: Firefox/1 Linux\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.ISO_8859_1);
    int answered = 0;
    for (int i = 0; i < 300; i++) {
      byte[] broken = whole.clone();
      for (int n = random.nextInt(1, 6); n > 0; n--) {
        broken[random.nextInt(broken.length)] = (byte)
            (random.nextBoolean()
                ? random.nextInt(256)
                : "%&=\r\n:;/ \"".charAt(random.nextInt(10)));
      }
      String answer = send(broken);
      assertTrue(status(answer) < 500, () -> new String(broken, StandardCharsets.ISO_8859_1));
      assertFalse(answer.contains("\tat "), answer);
      answered += answer.isEmpty() ? 0 : 1;
    }
    assertNotEquals(0, answered);
    assertEquals(200, status(get("/sign-in")));
  }
}
