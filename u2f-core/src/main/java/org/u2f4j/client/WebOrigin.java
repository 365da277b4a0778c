package org.u2f4j.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a web address (RFC 6454, section 4): its scheme and host in lower case, and its
 * port, the standard one if none is written.
 */
record WebOrigin(String scheme, String host, int port) {
  private static int standardPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** Nothing if the text is no http or https address with a host, or has a user name to be sent. */
  static Optional<WebOrigin> of(String text) {
    try {
      URI uri = new URI(text);
      String scheme = lower(uri.getScheme());
      String host = lower(uri.getHost());
      boolean web = scheme.equals("https") || scheme.equals("http");
      if (!web || host.isEmpty() || uri.getRawUserInfo() != null) {
        return Optional.empty();
      }
      int port = uri.getPort() < 0 ? standardPort(scheme) : uri.getPort();
      return Optional.of(new WebOrigin(scheme, host, port));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  static Optional<WebOrigin> ofHttps(String text) {
    return of(text).filter(origin -> origin.scheme.equals("https"));
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }

  /** As a facet id is written: no path, and no port that is the standard one. */
  @Override
  public String toString() {
    return scheme + "://" + host + (port == standardPort(scheme) ? "" : ":" + port);
  }
}
