package org.u2f4j.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.json.TrustedFacetList;

/**
 * Fetches the list of facets that may use an AppID, and drops what does not belong on it (FIDO AppID
 * and Facets, section 3.1.2, rules 4 to 15).
 */
public final class TrustedFacets {
  /** More redirects than this are taken for a circle. */
  private static final int MAX_REDIRECTS = 5;

  private static final String CONTENT_TYPE = "application/fido.trusted-apps+json";

  /** Gets one address. */
  public interface Fetcher {
    /**
     * Sends one GET, without cookies or credentials, and follows no redirect.
     *
     * @param url an https address
     * @param deadline when to give up
     * @return the answer, whatever its status
     * @throws IOException if there is none, or it is longer than the fetcher allows
     * @throws InterruptedException if the thread is interrupted
     */
    Response get(URI url, Deadline deadline) throws IOException, InterruptedException;
  }

  /**
   * What a server answered.
   *
   * @param status the HTTP status
   * @param contentType the header Content-Type
   * @param location the header Location
   * @param redirectAuthorized the header FIDO-AppID-Redirect-Authorized
   * @param body the content
   */
  public record Response(
      int status,
      @Nullable String contentType,
      @Nullable String location,
      @Nullable String redirectAuthorized,
      Bytes body) {}

  /**
   * Says which hosts a list may name: those under the AppID's public suffix plus one label (rule
   * 14). Who has a list of public suffixes answers by it.
   */
  public interface HostScope {
    /**
     * The AppID's host and its subdomains: no more than the rule allows, unless the AppID's host is
     * itself a public suffix.
     */
    HostScope SUBDOMAINS = (appIdHost, facetHost) ->
        facetHost.equals(appIdHost) || facetHost.endsWith("." + appIdHost);

    /**
     * Decides.
     *
     * @param appIdHost the host of the AppID, in lower case
     * @param facetHost the host of a facet on its list, in lower case
     * @return whether the two have the same public suffix plus one label
     */
    boolean contains(String appIdHost, String facetHost);
  }

  private final Fetcher fetcher;
  private final HostScope scope;

  /**
   * Fetches in a way of one's own.
   *
   * @param fetcher gets one address
   * @param scope which hosts a list may name
   */
  public TrustedFacets(Fetcher fetcher, HostScope scope) {
    this.fetcher = fetcher;
    this.scope = scope;
  }

  /**
   * Fetches through the JDK's HTTP client; lists may name the AppID's host and its subdomains.
   *
   * <p>The request chooses the address, which may lie in the network of the machine this runs on:
   * where requests come from strangers, a {@link Fetcher} that knows which hosts it may ask, or
   * {@link FacetRule#sameHost()}, is the better choice.
   *
   * @return the usual choice
   */
  public static TrustedFacets overHttp() {
    return new TrustedFacets(new HttpFetcher(), HostScope.SUBDOMAINS);
  }

  /**
   * Fetches a list.
   *
   * @param appId an https URL
   * @param deadline when to give up
   * @return the facet ids that count
   * @throws IOException if it cannot be had, or is not such a list
   * @throws InterruptedException if the thread is interrupted
   */
  public List<String> fetch(AppId appId, Deadline deadline)
      throws IOException, InterruptedException {
    WebOrigin origin = WebOrigin.ofHttps(appId.value())
        .orElseThrow(() -> new IOException("the AppID is not an https URL (rule 3.1.2.4)"));
    Response answer = follow(URI.create(appId.value()), deadline);
    String contentType = String.valueOf(answer.contentType()).toLowerCase(Locale.ROOT);
    if (!contentType.split(";", 2)[0].strip().equals(CONTENT_TYPE)) {
      throw new IOException("its content type is %s, not %s (rule 3.1.2.6)"
          .formatted(answer.contentType(), CONTENT_TYPE));
    }
    return TrustedFacetList.decode(answer.body()).ids().stream()
        .filter(id -> counts(id, origin.host()))
        .toList();
  }

  private Response follow(URI start, Deadline deadline) throws IOException, InterruptedException {
    URI url = start;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      if (WebOrigin.ofHttps(url.toString()).isEmpty()) {
        throw new IOException("it redirects to an address that is not https (rule 3.1.2.4)");
      }
      Response answer = fetcher.get(url, deadline);
      if (answer.status() == 200) {
        return answer;
      }
      if (answer.status() < 300 || answer.status() > 399 || answer.location() == null) {
        throw new IOException("the server answers HTTP status " + answer.status());
      }
      if (!"true".equalsIgnoreCase(answer.redirectAuthorized())) {
        throw new IOException(
            "it redirects without FIDO-AppID-Redirect-Authorized: true (rule 3.1.2.9)");
      }
      try {
        url = url.resolve(answer.location());
      } catch (IllegalArgumentException e) {
        throw new IOException("it redirects to something that is not an address", e);
      }
    }
    throw new IOException("it redirects more than " + MAX_REDIRECTS + " times");
  }

  /** Rules 12 to 14: an https origin under the AppID's domain, or an application's identity. */
  private boolean counts(String id, String appIdHost) {
    Optional<WebOrigin> web = WebOrigin.of(id);
    if (web.isPresent()) {
      return web.get().scheme().equals("https")
          && scope.contains(appIdHost, web.get().host());
    }
    String scheme = id.substring(0, Math.max(0, id.indexOf(':'))).toLowerCase(Locale.ROOT);
    return !scheme.isEmpty() && !scheme.equals("http") && !scheme.equals("https");
  }
}
