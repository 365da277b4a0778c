import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** What stands in front of several nodes: speaks HTTPS, and hands each request to the next node that answers. */
final class Front implements AutoCloseable {
  private static final Set<String> OWN = Set.of("content-length", "connection", "date", "host");
  private static final Set<String> SENT =
      Set.of("host", "origin", "cookie", "user-agent", "content-type", "sec-fetch-site");

  final String origin;
  private final HttpsServer server;
  private final List<Integer> ports = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Front(String host, Path keyStore, String password) throws Exception {
    KeyStore keys = KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext("/", this::forward);
    server.setExecutor(Executors.newCachedThreadPool());
    origin = "https://" + host + ":" + server.getAddress().getPort();
  }

  void start(List<Integer> nodes) {
    ports.addAll(nodes);
    server.start();
  }

  private void forward(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      HttpResponse<byte[]> answer = null;
      int first = turn.getAndIncrement();
      for (int i = 0; i < ports.size() && answer == null; i++) {
        int port = ports.get((first + i) % ports.size());
        try {
          answer =
              http.send(request(exchange, port, body), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
          // that node is down
        }
      }
      if (answer == null) {
        exchange.sendResponseHeaders(502, -1);
        return;
      }
      answer.headers().map().forEach((name, values) -> {
        if (!OWN.contains(name.toLowerCase())) {
          exchange.getResponseHeaders().put(name, values);
        }
      });
      int length = answer.body().length;
      exchange.sendResponseHeaders(answer.statusCode(), length == 0 ? -1 : length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpRequest request(HttpExchange from, int port, byte[] body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            java.net.URI.create("http://127.0.0.1:" + port + from.getRequestURI()))
        .method(
            from.getRequestMethod(),
            body.length == 0
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(body));
    from.getRequestHeaders().forEach((name, values) -> {
      if (SENT.contains(name.toLowerCase())) {
        values.forEach(value -> request.header(name, value));
      }
    });
    return request.header("X-Forwarded-For", "198.51.100.7, 203.0.113.9").build();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
