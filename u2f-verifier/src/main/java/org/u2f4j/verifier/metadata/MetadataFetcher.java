package org.u2f4j.verifier.metadata;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.u2f4j.FormatException;
import org.u2f4j.verifier.VerificationException;

/**
 * Fetches a metadata blob and keeps it in a file. The only class here that uses the network, and
 * only when it is told to; {@link MetadataBlob#verify(Path, MetadataRules, Instant)} reads the file
 * at any other time.
 *
 * <p>The file is replaced only by a blob that passes all rules and has no lower serial number, in
 * one step and readable by its owner only; so it is always a whole blob. Two that fetch into one
 * file at once do no harm but may leave the older of two new blobs.
 */
public final class MetadataFetcher {
  /** Where the FIDO Alliance publishes its blob. */
  public static final URI FIDO_ALLIANCE = URI.create("https://mds3.fidoalliance.org/");

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final URI address;
  private final Path file;
  private final MetadataRules rules;
  private final Duration patience;

  /**
   * Prepares to fetch; nothing is fetched and no file touched yet.
   *
   * @param address where the blob is, beginning with https:
   * @param file where to keep it; its folder has to exist
   * @param rules what it has to be
   * @throws IllegalArgumentException if the address does not begin with https:
   */
  public MetadataFetcher(URI address, Path file, MetadataRules rules) {
    this(address, file, rules, PATIENCE);
    if (!"https".equalsIgnoreCase(address.getScheme())) {
      throw new IllegalArgumentException("metadata are fetched by https, not from " + address);
    }
  }

  /** Takes any address, so that a test can have a server of its own. */
  MetadataFetcher(URI address, Path file, MetadataRules rules, Duration patience) {
    this.address = address;
    this.file = file.toAbsolutePath();
    this.rules = rules;
    this.patience = patience;
  }

  /**
   * Fetches the blob, verifies it, and then replaces the file. Redirects are followed, but not from
   * https to http. Takes two minutes at most. The threads of the HTTP client that each call makes end
   * some time after it.
   *
   * @param at the time at which it has to be valid
   * @return the blob
   * @throws IOException if it cannot be fetched, or the file not be read or written; the file is as
   *     it was
   * @throws VerificationException if the blob does not pass, or has a lower serial number than the
   *     one in the file (ROLLED_BACK_METADATA); the file is as it was
   * @throws InterruptedException if the thread is interrupted; the file is as it was
   */
  public MetadataBlob fetch(Instant at)
      throws IOException, VerificationException, InterruptedException {
    long lowest = Math.max(rules.lowestSerial(), keptSerial());
    byte[] text = get();
    MetadataBlob blob = MetadataBlob.verify(text, rules.withLowestSerial(lowest), at);
    replace(text);
    return blob;
  }

  /**
   * The serial number of the blob in the file, which was verified when it came; 0 if there is none.
   * What is no blob is not replaced: somebody may want it, and no older blob shall come that way.
   */
  private long keptSerial() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] text = in.readNBytes(MetadataBlob.MAX_LENGTH);
      return MetadataPayload.parse(CompactJws.parse(text).payload()).serial();
    } catch (NoSuchFileException e) {
      return 0;
    } catch (FormatException e) {
      throw e.in(file + " is there and no metadata blob; delete it, if that is meant");
    }
  }

  private void replace(byte[] text) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException(file + " is not a file");
    }
    Path part = Files.createTempFile(folder, "metadata", ".part"); // readable by its owner only
    try {
      Files.write(part, text);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private byte[] get() throws IOException, InterruptedException {
    // A client for each call: it runs threads of its own, which end when it is no longer used.
    HttpClient client = HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NORMAL)
        .sslContext(withoutCertificate())
        .build();
    HttpRequest request = HttpRequest.newBuilder(address).GET().build();
    CompletableFuture<HttpResponse<byte[]>> pending =
        client.sendAsync(request, info -> new LimitedBody());
    try {
      HttpResponse<byte[]> response = pending.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException(address + " answers with the status " + response.statusCode());
      }
      return response.body();
    } catch (TimeoutException e) {
      throw new IOException(address + " does not answer within " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause(); // a refused connection has no message
      String why =
          cause == null || cause.getMessage() == null ? "no connection" : cause.getMessage();
      throw new IOException(address + " cannot be fetched: " + why, cause);
    } finally {
      pending.cancel(true); // ends what still runs; nothing, if the answer is there
    }
  }

  private static SSLContext withoutCertificate() throws IOException {
    try {
      // The default context would show the server the certificate in javax.net.ssl.keyStore.
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(new KeyManager[0], null, null);
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be used: " + e.getMessage(), e);
    }
  }

  /** Collects a body, and breaks off when it is too long. */
  private static final class LimitedBody implements HttpResponse.BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<byte[]> getBody() {
      return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        byte[] part =
            new byte[Math.min(buffer.remaining(), MetadataBlob.MAX_LENGTH + 1 - bytes.size())];
        buffer.get(part);
        bytes.writeBytes(part);
      }
      if (bytes.size() > MetadataBlob.MAX_LENGTH) {
        if (subscription != null) {
          subscription.cancel();
        }
        whole.completeExceptionally(
            new IOException("it is longer than " + MetadataBlob.MAX_LENGTH + " bytes"));
      }
    }

    @Override
    public void onError(Throwable problem) {
      whole.completeExceptionally(problem);
    }

    @Override
    public void onComplete() {
      whole.complete(bytes.toByteArray());
    }
  }
}
