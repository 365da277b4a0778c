package org.u2f4j.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.u2f4j.apdu.Deadline;

/** A process with a TLS key store, which a Java machine reads only once. */
final class HttpFetcherChild {
  private HttpFetcherChild() {}

  /**
   * Asks a server that wants a client certificate, first with the JDK's client as it comes, then
   * with the fetcher, and prints what the server saw of each.
   *
   * @param arguments none; the stores are system properties
   */
  public static void main(String[] arguments) throws Exception {
    InetAddress loopback =
        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}); // as in the certificate
    HttpsServer server = HttpsServer.create(new InetSocketAddress(loopback, 0), 0);
    SSLContext tls = SSLContext.getDefault();
    server.setHttpsConfigurator(new HttpsConfigurator(tls) {
      @Override
      public void configure(HttpsParameters parameters) {
        SSLParameters wanted = tls.getDefaultSSLParameters();
        wanted.setWantClientAuth(true);
        parameters.setSSLParameters(wanted);
      }
    });
    server.createContext("/list", exchange -> {
      try (exchange) {
        byte[] body = seen((HttpsExchange) exchange).getBytes(UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    });
    server.start();
    try {
      URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/list");
      System.out.println(HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
          .body());
      Deadline deadline = Deadline.after(Duration.ofMinutes(1));
      System.out.println(new String(new HttpFetcher().get(url, deadline).body().toArray(), UTF_8));
    } finally {
      server.stop(0);
    }
  }

  private static String seen(HttpsExchange exchange) throws IOException {
    try {
      return "certificate of " + exchange.getSSLSession().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return "no certificate";
    }
  }
}
