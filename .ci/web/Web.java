import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Lets a real browser go through the account's pages, on SQLite, and on PostgreSQL with two processes behind a name. */
final class Web {
  private static final int REPLAYS = 200;
  private static final String HOST = "account.example.org";

  private static final Map<String, String> HEADERS = Map.of(
      "content-security-policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "x-content-type-options",
      "nosniff",
      "referrer-policy",
      "same-origin",
      "cache-control",
      "no-store",
      "cross-origin-opener-policy",
      "same-origin",
      "cross-origin-resource-policy",
      "same-origin");

  private final Path folder;
  private final Chromium chromium;
  private final Path keyStore;
  private final String keyStorePassword;

  private Web(Path folder, Chromium chromium, Path keyStore, String keyStorePassword) {
    this.folder = folder;
    this.chromium = chromium;
    this.keyStore = keyStore;
    this.keyStorePassword = keyStorePassword;
  }

  /** Arguments: a folder of its own, a folder for pictures, axe, a key store for HTTPS in PKCS#12, its password. */
  public static void main(String[] args) {
    int status = 1;
    Path folder = Path.of(args[0]);
    try (Chromium chromium = new Chromium(folder)) {
      Web web = new Web(folder, chromium, Path.of(args[3]), args[4]);
      Shots shots = new Shots(Path.of(args[1]), Path.of(args[2]));
      web.onSqlite(shots);
      web.onPostgres();
      System.out.printf(
          "%d pages are in %s, in light, dark, and as wide as a phone%n", shots.pages(), args[1]);
      status = 0;
    } catch (Check.Failure | IOException e) {
      System.err.println("web: " + e.getMessage());
    } catch (Exception e) {
      e.printStackTrace();
    }
    System.exit(status);
  }

  private void onSqlite(Shots shots) throws Exception {
    Path data = Files.createDirectory(folder.resolve("sqlite"));
    try (Node node = new Node(data)) {
      String origin = origin(node.address);
      System.out.printf("SQLite, %s: first page after %d ms%n", origin, node.millisToFirstPage);
      headers(origin);
      new Journey(chromium, origin, "alice@example.org", shots::look).all();
      replay(origin, "bob@example.org");
      System.out.printf("        the process holds %d MB%n", node.megabytes());
      node.end();
    }
  }

  private void onPostgres() throws Exception {
    Path data = Files.createDirectory(folder.resolve("postgres"));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        Front front = new Front(HOST, keyStore, keyStorePassword)) {
      String url = postgres.getJdbcUrl("postgres", "postgres");
      int one = freePort();
      int two = freePort();
      try (Node first = new Node(data, one, "--database", url, "--public-url", front.origin);
          Node second = new Node(data, two, "--database", url, "--public-url", front.origin)) {
        front.start(List.of(one, two));
        System.out.printf("PostgreSQL, two processes behind %s%n", front.origin);
        new Journey(chromium, front.origin, "alice@example.org", (walk, name) -> {}).all();
        replay(front.origin, "bob@example.org");
        first.kill();
        new Journey(chromium, front.origin, "carol@example.org", (walk, name) -> {}).beginning();
        System.out.println("        one was killed: the other one goes on");
        second.end();
      }
    }
  }

  private static int freePort() throws IOException {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String origin(URI address) {
    return address.getScheme() + "://" + address.getAuthority();
  }

  private static void headers(String origin) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    for (String path : List.of("/", "/sign-in", "/create", "/keys", "/nowhere", "/sign-out")) {
      HttpResponse<String> answer = http.send(
          HttpRequest.newBuilder(URI.create(origin + path)).build(),
          HttpResponse.BodyHandlers.ofString());
      for (Map.Entry<String, String> header : HEADERS.entrySet()) {
        Check.equal(
            path + " " + header.getKey(),
            header.getValue(),
            answer.headers().firstValue(header.getKey()).orElse("none"));
      }
      String policy = answer.headers().firstValue("permissions-policy").orElse("none");
      Check.equal(
          "Permissions-Policy",
          true,
          policy.contains("publickey-credentials-create=(self), publickey-credentials-get=(self)"));
    }
  }

  /** 200 at once with one answer: one is let in, all others are told that it was answered already. */
  private void replay(String origin, String email) throws Exception {
    long start = System.nanoTime();
    String answer;
    String cookies;
    try (Tab tab = chromium.open(origin + "/")) {
      Walk walk = new Journey(chromium, origin, email, (ignored, name) -> {}).toReplay(tab);
      while ((answer = walk.ask("window.answer || ''")).isEmpty()) {
        Thread.sleep(20);
      }
      cookies = walk.cookieHeader();
      walk.forgetCookies();
    }
    HttpRequest request = HttpRequest.newBuilder(URI.create(origin + "/sign-in/key"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Cookie", cookies)
        .header("Origin", origin)
        .POST(HttpRequest.BodyPublishers.ofString(answer))
        .build();
    Map<String, Integer> seen = new TreeMap<>();
    for (HttpResponse<String> each : atOnce(request)) {
      String where = each.headers().firstValue("Location").orElse("no other page");
      boolean session = each.headers().allValues("Set-Cookie").stream()
          .anyMatch(cookie -> cookie.matches("(__Host-)?u2f-session=[^;].*"));
      seen.merge(each.statusCode() + " " + where + (session ? ", signed in" : ""), 1, Integer::sum);
    }
    Check.equal("signed in", 1, seen.get("303 /account, signed in"));
    Check.equal(
        "all others", REPLAYS - 1, seen.values().stream().mapToInt(n -> n).sum() - 1);
    Check.equal(
        "signed in otherwise",
        1L,
        seen.keySet().stream().filter(one -> one.contains("signed in")).count());
    System.out.printf(
        "%6d ms  %d replays of one answer: %s%n",
        (System.nanoTime() - start) / 1_000_000, REPLAYS, seen);
  }

  private static List<HttpResponse<String>> atOnce(HttpRequest request) throws Exception {
    javax.net.ssl.SSLContext trusting = javax.net.ssl.SSLContext.getInstance("TLS");
    trusting.init(null, new javax.net.ssl.TrustManager[] {new TrustAll()}, null);
    HttpClient http = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(trusting)
        .build();
    ExecutorService threads = Executors.newFixedThreadPool(REPLAYS);
    try {
      CountDownLatch ready = new CountDownLatch(REPLAYS);
      Callable<HttpResponse<String>> send = () -> {
        ready.countDown();
        ready.await();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
      };
      List<HttpResponse<String>> answers = new ArrayList<>();
      for (Future<HttpResponse<String>> each :
          threads.invokeAll(java.util.Collections.nCopies(REPLAYS, send))) {
        answers.add(each.get());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }
}
