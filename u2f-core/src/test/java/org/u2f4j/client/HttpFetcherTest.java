package org.u2f4j.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;

@Timeout(value = 2, unit = TimeUnit.MINUTES) // against hanging only
class HttpFetcherTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private URI serve(String path, Handler handler) {
    server.createContext(path, exchange -> {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI()
          + exchange.getRequestHeaders().keySet().stream()
              .filter(name -> List.of("Cookie", "Authorization", "Proxy-authorization", "Referer")
                  .contains(name))
              .toList());
      try (exchange) {
        handler.handle(exchange);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    });
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static TrustedFacets.Response get(URI url, Duration time)
      throws IOException, InterruptedException {
    return new HttpFetcher().get(url, Deadline.after(time));
  }

  @Test
  void theAnswerIsGivenAsItIs() throws Exception {
    URI url = serve("/list", exchange -> {
      exchange.getResponseHeaders().set("content-TYPE", "application/fido.trusted-apps+json");
      exchange.getResponseHeaders().set("fido-appid-redirect-authorized", "true");
      exchange.sendResponseHeaders(404, 3);
      exchange.getResponseBody().write("[é".getBytes(UTF_8));
    });
    TrustedFacets.Response answer = get(url, LONG);
    assertEquals(404, answer.status());
    assertEquals("application/fido.trusted-apps+json", answer.contentType());
    assertEquals("true", answer.redirectAuthorized());
    assertEquals(null, answer.location());
    assertEquals("5bc3a9", answer.body().hex());
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    URI url = serve("/from", exchange -> {
      exchange.getResponseHeaders().set("Location", "/to");
      exchange.sendResponseHeaders(302, -1);
    });
    serve("/to", exchange -> exchange.sendResponseHeaders(200, -1));
    TrustedFacets.Response answer = get(url, LONG);
    assertEquals(302, answer.status());
    assertEquals("/to", answer.location());
    assertEquals(List.of("GET /from[]"), List.copyOf(requests));
  }

  @Test
  void neitherCookiesNorCredentialsAreSent() throws Exception {
    URI url = serve("/list", exchange -> {
      exchange.getResponseHeaders().set("Set-Cookie", "id=1; Path=/");
      exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
      exchange.sendResponseHeaders(401, -1);
    });
    CookieHandler cookies = CookieHandler.getDefault();
    Authenticator credentials = Authenticator.getDefault();
    CookieHandler.setDefault(new CookieManager());
    Authenticator.setDefault(new Authenticator() {
      @Override
      protected PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication("user", "secret".toCharArray());
      }
    });
    try {
      assertEquals(401, get(url, LONG).status());
      assertEquals(401, get(url, LONG).status());
      URI withName = URI.create(url.toString().replace("//", "//user:secret@"));
      assertEquals(401, get(withName, LONG).status());
    } finally {
      CookieHandler.setDefault(cookies);
      Authenticator.setDefault(credentials);
    }
    assertEquals(List.of("GET /list[]", "GET /list[]", "GET /list[]"), List.copyOf(requests));
  }

  @Test
  void aCertificateOfThisJavaMachineIsNotShown(@TempDir Path folder) throws Exception {
    Path store = folder.resolve("store");
    run(
        "keytool",
        "-genkeypair",
        "-alias",
        "own",
        "-keyalg",
        "EC",
        "-dname",
        "CN=own",
        "-ext",
        "san=ip:127.0.0.1",
        "-storetype",
        "PKCS12",
        "-storepass",
        "changeit",
        "-keystore",
        store.toString());
    String seen = run(
        "java",
        "-Djavax.net.ssl.keyStore=" + store,
        "-Djavax.net.ssl.keyStorePassword=changeit",
        "-Djavax.net.ssl.trustStore=" + store,
        "-Djavax.net.ssl.trustStorePassword=changeit",
        "-cp",
        System.getProperty("java.class.path"),
        HttpFetcherChild.class.getName());
    assertEquals(
        List.of("certificate of CN=own", "no certificate"), seen.lines().toList());
  }

  /** What a tool of the JDK under test prints. */
  private static String run(String tool, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), printed);
    return printed;
  }

  @Test
  void theLongestBodyIs65536Bytes() throws Exception {
    URI url = serve("/list", exchange -> {
      int length = Integer.parseInt(exchange.getRequestURI().getQuery());
      exchange.sendResponseHeaders(200, length);
      exchange.getResponseBody().write(new byte[length]);
    });
    assertEquals(65_536, get(URI.create(url + "?65536"), LONG).body().length());
    IOException e = assertThrows(IOException.class, () -> get(URI.create(url + "?65537"), LONG));
    assertTrue(e.getMessage().contains("longer than 65536 bytes"), e::getMessage);
  }

  @Test
  void anEndlessBodyIsBrokenOff() throws Exception {
    CountDownLatch broken = new CountDownLatch(1);
    URI url = serve("/list", exchange -> {
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      byte[] much = new byte[10_000];
      try {
        while (true) {
          out.write(much);
        }
      } catch (IOException e) {
        broken.countDown();
        throw e;
      }
    });
    IOException e = assertThrows(IOException.class, () -> get(url, LONG));
    assertTrue(e.getMessage().contains("longer than 65536 bytes"), e::getMessage);
    broken.await();
  }

  @Test
  void aServerThatNeverAnswersIsLeftAtTheDeadline() throws Exception {
    URI url = serve("/list", exchange -> end.await());
    assertThrows(DeadlineException.class, () -> get(url, SHORT));
    assertThrows(DeadlineException.class, () -> get(url, Duration.ZERO));
  }

  @Test
  void aServerThatDripsIsLeftAtTheDeadline() throws Exception {
    CountDownLatch broken = new CountDownLatch(1);
    URI url = serve("/list", exchange -> {
      exchange.sendResponseHeaders(200, 0);
      try {
        while (!end.await(5, TimeUnit.MILLISECONDS)) {
          exchange.getResponseBody().write('[');
          exchange.getResponseBody().flush();
        }
      } catch (IOException e) {
        broken.countDown();
        throw e;
      }
    });
    assertThrows(DeadlineException.class, () -> get(url, Duration.ofMillis(500)));
    broken.await();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
      })
  void aServerThatIsNoneIsAnIoException(String answer) throws Exception {
    try (ServerSocket raw = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> answerAll(raw, answer));
      URI url = URI.create("http://127.0.0.1:" + raw.getLocalPort() + "/");
      IOException e = assertThrows(IOException.class, () -> get(url, LONG));
      assertFalse(e instanceof DeadlineException, e::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "http://name.invalid/"
      })
  void anAddressThatCannotBeReachedIsAnIoException(String url) {
    assertThrows(IOException.class, () -> get(URI.create(url), LONG));
  }

  private static void answerAll(ServerSocket server, String answer) {
    while (true) { // the client may ask again
      try (Socket socket = server.accept()) {
        byte[] request = new byte[4096];
        if (socket.getInputStream().read(request) > 0) {
          socket.getOutputStream().write(answer.getBytes(UTF_8));
        }
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  @Test
  void anInterruptEndsTheWaitAtOnce() throws Exception {
    Thread waiting = Thread.currentThread();
    URI url = serve("/list", exchange -> {
      waiting.interrupt();
      end.await();
    });
    assertThrows(InterruptedException.class, () -> get(url, LONG));
    assertFalse(Thread.interrupted());
  }
}
