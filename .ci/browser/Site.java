import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.json.CreationOptions;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.webauthn.WebAuthnRelyingParty;

/**
 * A relying party, and its page under every name that leads to this machine: to Chromium they are as many origins, of
 * which the relying party allows one.
 */
final class Site implements AutoCloseable {
  final RegistrationStore store = RegistrationStore.inMemory();
  final String host;
  final String origin;
  final RelyingParty u2f;
  final WebAuthnRelyingParty webAuthn;
  private final String scheme;
  private final HttpServer server;

  private Site(String scheme, String host, HttpServer server, Path page) throws IOException {
    this.scheme = scheme;
    this.host = host;
    this.server = server;
    byte[] html = Files.readAllBytes(page);
    server.createContext("/", exchange -> {
      try (exchange;
          InputStream ignored = exchange.getRequestBody()) {
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, html.length);
        exchange.getResponseBody().write(html);
      }
    });
    // Chromium opens connections beforehand: with one thread, a silent one would hold up the rest
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    origin = origin(host);
    u2f = RelyingParty.builder(new AppId("https://" + host), store, AttestationTrust.acceptAny())
        .facets(origin)
        .build();
    webAuthn = WebAuthnRelyingParty.builder(u2f, host).requireZeroAaguid().build();
  }

  /** A site as they are; the key store, in PKCS#12, has its certificate. */
  static Site https(Path page, Path keyStore, String password) throws Exception {
    KeyStore keys = KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new Site("https", "account.example.org", server, page);
  }

  /** The only one that browsers let use keys without TLS, whose beginning an emulated processor cannot do in time. */
  static Site localhost(Path page) throws IOException {
    return new Site("http", "localhost", HttpServer.create(loopback(), 0), page);
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** The origin that the page has under a name. */
  String origin(String host) {
    return scheme + "://" + host + ":" + server.getAddress().getPort();
  }

  String creationOptions(PendingRegistration pending) {
    Bytes userHandle = Bytes.utf8(pending.account()).sha256();
    return webAuthn.creationOptions(
        pending, new CreationOptions.User(userHandle, pending.account(), pending.account()));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
