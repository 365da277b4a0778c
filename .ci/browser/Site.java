import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
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
  static final String HOST = "account.example.org";

  final RegistrationStore store = RegistrationStore.inMemory();
  final String origin;
  final RelyingParty u2f;
  final WebAuthnRelyingParty webAuthn;
  private final HttpsServer server;

  Site(Path page, Path keyStore, String password) throws Exception {
    KeyStore keys = KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    byte[] html = Files.readAllBytes(page);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
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
    origin = origin(HOST);
    u2f = RelyingParty.builder(new AppId("https://" + HOST), store, AttestationTrust.acceptAny())
        .facets(origin)
        .build();
    webAuthn = WebAuthnRelyingParty.builder(u2f, HOST).requireZeroAaguid().build();
  }

  /** The origin that the page has under a name. */
  String origin(String host) {
    return "https://" + host + ":" + server.getAddress().getPort();
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
