package org.u2f4j.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;

/** The rules of section 3.1.2 in their order; without a list they end after the third. */
record SpecifiedFacetRule(@Nullable TrustedFacets facets) implements FacetRule {
  @Override
  public AppId check(AppId appId, String facet, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    Optional<WebOrigin> caller = WebOrigin.of(facet);
    if (caller.isPresent() && !caller.get().toString().equals(facet)) {
      throw refused("the caller's facet is written %s, not %s".formatted(caller.get(), facet));
    }
    if (caller.isEmpty() && facet.matches("(?i)|null|https?:.*")) {
      throw refused("\"%s\" is no facet: neither a web origin nor an application's identity"
          .formatted(facet));
    }
    Optional<WebOrigin> url = WebOrigin.ofHttps(appId.value());
    // 1: an AppID that is not an https URL stands for one facet, itself
    if (url.isEmpty() && appId.value().equals(facet)) {
      return appId;
    }
    // 2: no AppID stands for the caller's facet
    if (appId.value().isEmpty()) {
      return new AppId(facet);
    }
    if (url.isEmpty()) {
      throw refused("the AppID %s is neither an https URL nor the caller's facet %s (rule 3.1.2.1)"
          .formatted(appId, facet));
    }
    // 3: a caller with an https origin on the AppID's host
    if (WebOrigin.ofHttps(facet).filter(o -> o.host().equals(url.get().host())).isPresent()) {
      return appId;
    }
    if (facets == null) {
      throw refused(
          "the caller's facet %s is not an https origin on the host of the AppID %s (rule 3.1.2.3)"
              .formatted(facet, appId));
    }
    // 4 to 16: a caller on the list of facets that the AppID points to
    if (trustedIds(appId, deadline).stream().noneMatch(id -> same(id, facet, caller))) {
      throw refused(
          "the caller's facet %s is not on the list of trusted facets at %s (rule 3.1.2.16)"
              .formatted(facet, appId));
    }
    return appId;
  }

  private List<String> trustedIds(AppId appId, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    try {
      return facets == null ? List.of() : facets.fetch(appId, deadline);
    } catch (IOException e) {
      throw new ErrorCodeException(
          deadline.expired() ? ErrorCode.TIMEOUT : ErrorCode.BAD_REQUEST,
          "the list of trusted facets at %s: %s".formatted(appId, withRule(e)),
          e);
    }
  }

  private static String withRule(IOException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.contains("(rule ") ? message : message + " (rule 3.1.2.15)";
  }

  private static boolean same(String id, String facet, Optional<WebOrigin> caller) {
    return caller.isPresent() ? WebOrigin.of(id).equals(caller) : id.equals(facet);
  }

  private static ErrorCodeException refused(String message) {
    return new ErrorCodeException(ErrorCode.BAD_REQUEST, message);
  }
}
