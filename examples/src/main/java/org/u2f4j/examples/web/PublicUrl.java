package org.u2f4j.examples.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The address by which browsers know the site.
 *
 * @param secure whether it is https
 * @param host a name in lower case, which is the RP ID too
 * @param port the port, also if it is the usual one
 */
public record PublicUrl(boolean secure, String host, int port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int MAX_PORT = 65_535;
  private static final String LOCALHOST = "localhost";

  /**
   * That of a server on this computer alone.
   *
   * @param port where it listens
   * @return the address
   */
  public static PublicUrl localhost(int port) {
    return new PublicUrl(false, LOCALHOST, port);
  }

  /**
   * Reads one.
   *
   * @param text such as {@code https://account.example.org}
   * @return the address
   * @throws IllegalArgumentException if it has more than scheme, host and port; has an IP address,
   *     which security keys cannot be bound to; or is no https, on which browsers insist except for
   *     localhost
   */
  public static PublicUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("it looks like https://account.example.org", e);
    }
    @Nullable String scheme = uri.getScheme();
    @Nullable String host = uri.getHost();
    if (scheme == null || host == null || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException("it looks like https://account.example.org");
    }
    if ((!uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/"))
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("it ends after the host or the port");
    }
    boolean secure = scheme.equalsIgnoreCase("https");
    String name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[") || name.matches("[0-9.]+")) {
      throw new IllegalArgumentException("security keys are bound to a name, not to an IP address");
    }
    if (!name.matches("[a-z0-9-]+(?:\\.[a-z0-9-]+)*")
        || uri.getPort() == 0
        || uri.getPort() > MAX_PORT) {
      throw new IllegalArgumentException(
          "it has a host name in ASCII, and a port from 1 to " + MAX_PORT);
    }
    if (!secure && !(scheme.equalsIgnoreCase("http") && name.equals(LOCALHOST))) {
      throw new IllegalArgumentException("it is https, except for http://localhost");
    }
    int usual = secure ? HTTPS : HTTP;
    return new PublicUrl(secure, name, uri.getPort() == -1 ? usual : uri.getPort());
  }

  /**
   * As browsers send it in the header Host.
   *
   * @return host and, unless it is the usual one, port
   */
  public String authority() {
    return port == (secure ? HTTPS : HTTP) ? host : host + ":" + port;
  }

  /**
   * As browsers send it in the header Origin and in what keys sign.
   *
   * @return scheme and authority
   */
  public String origin() {
    return (secure ? "https://" : "http://") + authority();
  }

  /** Whether this authority is the same server by the number that localhost stands for. */
  boolean isNumberOf(String authority) {
    return host.equals(LOCALHOST)
        && (authority.equals("127.0.0.1:" + port) || authority.equals("[::1]:" + port));
  }
}
