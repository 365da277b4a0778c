package org.u2f4j.examples.web;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;

/**
 * Lets in what is meant for this site, and what changes something only from a page of ours: the
 * browser says where it comes from, and it has the token that our form has.
 */
final class Gate {
  private final PublicUrl url;

  Gate(PublicUrl url) {
    this.url = url;
  }

  /**
   * The name that the request is for.
   *
   * @return true if it is ours; false if it is the number of localhost, to be led to the name
   */
  boolean isOurName(Headers headers) throws BadRequestException {
    @Nullable List<String> hosts = headers.get("Host");
    String host = hosts == null || hosts.size() != 1 ? "" : hosts.get(0).toLowerCase(Locale.ROOT);
    if (host.equals(url.authority())) {
      return true;
    }
    if (url.isNumberOf(host)) {
      return false;
    }
    throw new BadRequestException(
        BadRequestException.MISDIRECTED,
        "This is not the address of this site, which is " + url.origin() + ".");
  }

  /** Refuses a POST that another site has the browser send. */
  void requireOurPage(Headers headers) throws BadRequestException {
    @Nullable List<String> origins = headers.get("Origin");
    @Nullable String site = headers.getFirst("Sec-Fetch-Site");
    boolean ours = origins != null
        ? origins.equals(List.of(url.origin()))
        : site == null || site.equals("same-origin"); // old browsers send neither
    if (!ours) {
      throw new BadRequestException(
          BadRequestException.FORBIDDEN,
          "This was sent from a page of another site, so nothing was done.");
    }
  }

  /** Refuses a form that was not made for this browser, or for a session that is over. */
  static void requireToken(@Nullable String secret, Form form) throws BadRequestException {
    byte[] given = form.value("token").getBytes(StandardCharsets.UTF_8);
    if (secret == null
        || !MessageDigest.isEqual(token(secret).getBytes(StandardCharsets.UTF_8), given)) {
      throw new BadRequestException(
          BadRequestException.FORBIDDEN,
          "This page is too old, so nothing was done. Go back to the start and try again; this"
              + " site needs cookies.");
    }
  }

  /** What a form has, made from what only this browser's cookie has. */
  static String token(String secret) {
    return Bytes.utf8("form of " + secret).sha256().base64Url();
  }
}
