package org.u2f4j.verifier;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.u2f4j.AppId;
import org.u2f4j.json.ClientData;

/**
 * Checks what the client added to the challenge.
 *
 * @param facets the origins that may use the AppID, compared character by character
 */
record ClientDataCheck(Set<String> facets) {
  /** With the only facet of an AppID that is a web address: its origin (RFC 6454, section 6.2). */
  static ClientDataCheck ofOwnOrigin(AppId appId) {
    try {
      URI uri = new URI(appId.value());
      String scheme = uri.getScheme();
      String host = uri.getHost();
      boolean web = "https".equals(scheme) || "http".equals(scheme);
      if (web && host != null && uri.getRawUserInfo() == null) {
        int standard = scheme.equals("https") ? 443 : 80;
        boolean shown = uri.getPort() >= 0 && uri.getPort() != standard;
        String origin = scheme + "://" + host.toLowerCase(Locale.ROOT);
        return new ClientDataCheck(Set.of(shown ? origin + ":" + uri.getPort() : origin));
      }
    } catch (URISyntaxException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "the AppID " + appId + " is no web address; name the facets that may use it");
  }

  /** Type, challenge and origin, in this order. */
  void require(ClientData clientData, String type, String challenge) throws VerificationException {
    if (!clientData.type().equals(type)) {
      throw new VerificationException(
          Reason.WRONG_TYPE,
          "client data of the type " + type + " are expected, not " + '"'
              + VerificationException.shown(clientData.type()) + '"');
    }
    if (!clientData.challenge().equals(challenge)) { // no secret: the client was told
      throw new VerificationException(
          Reason.WRONG_CHALLENGE,
          "the client data's challenge is not the one issued: an answer to another request, or altered");
    }
    if (!facets.contains(clientData.origin())) {
      throw new VerificationException(
          Reason.WRONG_ORIGIN,
          "the origin is " + '"' + VerificationException.shown(clientData.origin()) + '"'
              + ", allowed are " + facets);
    }
  }
}
