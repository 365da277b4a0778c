package org.u2f4j.verifier.webauthn;

import java.util.Set;
import org.u2f4j.json.ClientData;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.VerificationException;

/**
 * Whose pages may have the site's own in a frame (Web Authentication, section 13.4.9).
 *
 * @param topOrigins their origins
 */
record FrameRule(Set<String> topOrigins) {
  /** Refuses client data from a frame of any other page, or of one that the browser does not name, or not call one. */
  void require(ClientData clientData) throws VerificationException {
    String top = clientData.topOrigin();
    boolean framed = clientData.crossOrigin() || top != null;
    if (framed && !(clientData.crossOrigin() && top != null && topOrigins.contains(top))) {
      String page = top == null ? "one that is not named" : VerificationException.shown(top);
      throw new VerificationException(
          Reason.CROSS_ORIGIN,
          "the page was in a frame of %s, allowed are %s".formatted(page, topOrigins));
    }
  }
}
