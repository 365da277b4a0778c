package org.u2f4j.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
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
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;

/**
 * Gets an address with the JDK's HTTP client: no cookies, no credentials, at most ten seconds and
 * 65,536 bytes.
 */
final class HttpFetcher implements TrustedFacets.Fetcher {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_LENGTH = 65_536;

  @Override
  public TrustedFacets.Response get(URI url, Deadline deadline)
      throws IOException, InterruptedException {
    // A client for each call: it runs threads of its own, which end when it is no longer used.
    HttpClient client = HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NEVER)
        .sslContext(withoutCertificate())
        .build();
    HttpRequest request;
    try {
      request = HttpRequest.newBuilder(url).GET().build();
    } catch (IllegalArgumentException e) {
      throw new IOException("it has an address that HTTP cannot use: " + url, e);
    }
    CompletableFuture<HttpResponse<Bytes>> pending =
        client.sendAsync(request, info -> new LimitedBody());
    try {
      long left = deadline.atMost(PATIENCE).remaining().toMillis();
      HttpResponse<Bytes> response = pending.get(left, TimeUnit.MILLISECONDS);
      HttpHeaders headers = response.headers();
      return new TrustedFacets.Response(
          response.statusCode(),
          headers.firstValue("Content-Type").orElse(null),
          headers.firstValue("Location").orElse(null),
          headers.firstValue("FIDO-AppID-Redirect-Authorized").orElse(null),
          response.body());
    } catch (TimeoutException e) {
      throw new DeadlineException("the server does not answer in time");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause(); // a refused connection has no message
      String why =
          cause == null || cause.getMessage() == null ? "no connection" : cause.getMessage();
      throw new IOException("%s cannot be asked: %s".formatted(url.getHost(), why), cause);
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
  private static final class LimitedBody implements HttpResponse.BodySubscriber<Bytes> {
    private final CompletableFuture<Bytes> whole = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<Bytes> getBody() {
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
        byte[] part = new byte[Math.min(buffer.remaining(), MAX_LENGTH + 1 - bytes.size())];
        buffer.get(part);
        bytes.writeBytes(part);
      }
      if (bytes.size() > MAX_LENGTH) {
        if (subscription != null) {
          subscription.cancel();
        }
        whole.completeExceptionally(new IOException("it is longer than 65536 bytes"));
      }
    }

    @Override
    public void onError(Throwable problem) {
      whole.completeExceptionally(problem);
    }

    @Override
    public void onComplete() {
      whole.complete(Bytes.of(bytes.toByteArray()));
    }
  }
}
