package org.u2f4j.client;

import org.u2f4j.AppId;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.json.ErrorCodeException;

/** Decides whether a caller may use an AppID (FIDO AppID and Facets, section 3.1.2). */
public interface FacetRule {
  /**
   * Decides.
   *
   * @param appId the AppID of the request; empty if it has none
   * @param facet the facet id of the caller: a web origin such as {@code https://example.com}, or
   *     an application's, such as {@code android:apk-key-hash:...}
   * @param deadline when to give up
   * @return the AppID to use: the same, or the facet id in place of an empty one
   * @throws ErrorCodeException if the caller may not use it; the message says by which rule
   * @throws InterruptedException if the thread is interrupted
   */
  AppId check(AppId appId, String facet, Deadline deadline)
      throws ErrorCodeException, InterruptedException;

  /**
   * The rules of the specification, with the list of trusted facets where they call for it.
   *
   * @param facets where the list comes from
   * @return the rules
   */
  static FacetRule trustedFacets(TrustedFacets facets) {
    return new SpecifiedFacetRule(facets);
  }

  /**
   * The rules of the specification as far as they need no network: a caller whose AppID would call
   * for a list of trusted facets is refused.
   *
   * @return the rules
   */
  static FacetRule sameHost() {
    return new SpecifiedFacetRule(null);
  }

  /**
   * No rule at all: for a native program that the person trusts and that names its own AppID, such
   * as a command run by hand. Never for requests that come from somebody else's page.
   *
   * @return a rule that lets everything pass
   */
  static FacetRule trustedProgram() {
    return (appId, facet, deadline) -> appId.value().isEmpty() ? new AppId(facet) : appId;
  }
}
