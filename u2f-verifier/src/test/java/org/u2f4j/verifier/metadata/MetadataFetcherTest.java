package org.u2f4j.verifier.metadata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.VerificationException;
import org.u2f4j.verifier.metadata.TestAuthority.Template;

@Timeout(value = 2, unit = TimeUnit.MINUTES) // against hanging only
class MetadataFetcherTest {
  private static final Instant AT = Instant.parse("2026-06-01T12:00:00Z");
  private static final TestAuthority ROOT = TestAuthority.root("CN=root");
  private static final TestAuthority SIGNER =
      ROOT.issue(new Template("CN=signer").dnsName("mds.fidoalliance.org"));
  private static final MetadataRules RULES =
      MetadataRules.STRICT.withRoots(List.of(ROOT.certificate));

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;

  @TempDir
  private Path folder;

  private Path file;

  @BeforeEach
  void start() throws IOException {
    file = folder.resolve("blob.jwt");
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

  private MetadataFetcher serve(HttpHandler handler) {
    server.createContext("/", handler);
    return fetcher(RULES, Duration.ofMinutes(1));
  }

  private MetadataFetcher serve(byte[] body) {
    return serve(exchange -> {
      try (exchange) {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    });
  }

  private void serveInstead(byte[] body) {
    server.removeContext("/");
    serve(body);
  }

  private MetadataFetcher fetcher(MetadataRules rules, Duration patience) {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    return new MetadataFetcher(url, file, rules, patience);
  }

  private static byte[] blob(int serial) {
    return SIGNER.blob(
        "ES256", "{\"no\":" + serial + ",\"nextUpdate\":\"2026-07-01\",\"entries\":[]}");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.toList();
    }
  }

  @Test
  void aBlobIsKeptInAFileForItsOwner() throws Exception {
    byte[] body = blob(7);
    MetadataFetcher fetcher = serve(body);
    assertEquals(List.of(), files());
    assertEquals(7, fetcher.fetch(AT).serial());
    assertEquals(List.of(file), files());
    assertArrayEquals(body, Files.readAllBytes(file));
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
    assertEquals(7, MetadataBlob.verify(file, RULES, AT).serial());
  }

  @Test
  void anOlderBlobDoesNotReplaceANewerOne() throws Exception {
    MetadataFetcher fetcher = serve(blob(7));
    fetcher.fetch(AT);
    assertEquals(7, fetcher.fetch(AT).serial());
    serveInstead(blob(8));
    assertEquals(8, fetcher.fetch(AT).serial());
    byte[] kept = Files.readAllBytes(file);
    serveInstead(blob(7));
    VerificationException e = assertThrows(VerificationException.class, () -> fetcher.fetch(AT));
    assertEquals(Reason.ROLLED_BACK_METADATA, e.reason());
    assertArrayEquals(kept, Files.readAllBytes(file));
  }

  @Test
  void theSerialNumberOfTheRulesCountsToo() {
    serve(blob(7));
    MetadataFetcher fetcher = fetcher(RULES.withLowestSerial(9), Duration.ofMinutes(1));
    VerificationException e = assertThrows(VerificationException.class, () -> fetcher.fetch(AT));
    assertEquals(Reason.ROLLED_BACK_METADATA, e.reason());
    assertTrue(Files.notExists(file));
  }

  @Test
  void aBlobThatDoesNotPassLeavesTheFileAsItWas() throws Exception {
    MetadataFetcher fetcher = serve(blob(7));
    fetcher.fetch(AT);
    byte[] kept = Files.readAllBytes(file);
    byte[] altered = blob(8);
    altered[altered.length - 2] ^= 1;
    serveInstead(altered);
    VerificationException e = assertThrows(VerificationException.class, () -> fetcher.fetch(AT));
    assertEquals(Reason.MALFORMED_METADATA, e.reason());
    serveInstead(blob(8));
    Instant late = Instant.parse("2026-08-01T00:00:00Z");
    e = assertThrows(VerificationException.class, () -> fetcher.fetch(late));
    assertEquals(Reason.STALE_METADATA, e.reason());
    assertArrayEquals(kept, Files.readAllBytes(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void aFileThatIsNoBlobIsNotReplaced() throws Exception {
    Files.writeString(file, "somebody's diary");
    MetadataFetcher fetcher = serve(blob(7));
    IOException e = assertThrows(IOException.class, () -> fetcher.fetch(AT));
    assertTrue(e.getMessage().contains("is there and no metadata blob"), e::getMessage);
    assertEquals("somebody's diary", Files.readString(file));
  }

  @Test
  void anotherStatusIsAnIoException() {
    MetadataFetcher fetcher = serve(exchange -> {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
    });
    IOException e = assertThrows(IOException.class, () -> fetcher.fetch(AT));
    assertTrue(e.getMessage().endsWith("answers with the status 404"), e::getMessage);
    assertTrue(Files.notExists(file));
  }

  @Test
  void anEndlessBlobIsBrokenOff() throws Exception {
    CountDownLatch broken = new CountDownLatch(1);
    MetadataFetcher fetcher = serve(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      byte[] much = new byte[1 << 20];
      try {
        while (true) {
          exchange.getResponseBody().write(much);
        }
      } catch (IOException e) {
        broken.countDown();
        throw e;
      }
    });
    IOException e = assertThrows(IOException.class, () -> fetcher.fetch(AT));
    assertTrue(e.getMessage().endsWith("it is longer than 67108864 bytes"), e::getMessage);
    broken.await();
    assertEquals(List.of(), files());
  }

  @Test
  void aServerThatDripsIsLeft() {
    serve(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      try {
        while (!end.await(5, TimeUnit.MILLISECONDS)) {
          exchange.getResponseBody().write('e');
          exchange.getResponseBody().flush();
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    });
    MetadataFetcher fetcher = fetcher(RULES, Duration.ofMillis(300));
    IOException e = assertThrows(IOException.class, () -> fetcher.fetch(AT));
    assertTrue(e.getMessage().contains("does not answer within"), e::getMessage);
  }

  @Test
  void anInterruptEndsTheWait() {
    Thread waiting = Thread.currentThread();
    MetadataFetcher fetcher = serve(exchange -> {
      waiting.interrupt();
      try {
        end.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    });
    assertThrows(InterruptedException.class, () -> fetcher.fetch(AT));
    assertFalse(Thread.interrupted());
  }

  @Test
  void onlyHttpsWillDo() {
    for (String url : List.of("http://mds3.fidoalliance.org/", "file:///etc/passwd", "blob")) {
      URI address = URI.create(url);
      assertThrows(IllegalArgumentException.class, () -> new MetadataFetcher(address, file, RULES));
    }
    new MetadataFetcher(MetadataFetcher.FIDO_ALLIANCE, file, RULES); // fetches nothing
  }
}
