package org.u2f4j;

/**
 * The identity that a registration is bound to, usually an https URL (FIDO AppID and Facets,
 * section 3). A registration made with WebAuthn is bound to an RP ID instead, a domain, which a key
 * is told in the same way: as its hash.
 *
 * <p>It is compared and hashed character by character: {@code https://example.com} and {@code
 * https://example.com/} are two AppIDs with different keys.
 *
 * @param value the AppID as it was received; may be empty in a request, which then means the
 *     caller's own facet
 */
public record AppId(String value) {
  /**
   * Checks that the text has a UTF-8 form.
   *
   * @param value the AppID as it was received
   * @throws IllegalArgumentException if it holds half of a surrogate pair
   */
  public AppId {
    Bytes.utf8(value); // refuses what has no UTF-8 form
  }

  /**
   * Whether this is an RP ID of WebAuthn, such as {@code example.com}: an AppID has a colon, since it
   * is a URL or an application's identity, and a domain has none.
   *
   * @return true if it is; false if it is an AppID, or empty
   */
  public boolean isRpId() {
    return !value.isEmpty() && value.indexOf(':') < 0;
  }

  /**
   * What a key is told in place of the AppID.
   *
   * @return SHA-256 of the AppID in UTF-8
   */
  public ApplicationParameter applicationParameter() {
    return new ApplicationParameter(Bytes.utf8(value).sha256());
  }

  @Override
  public String toString() {
    return value;
  }
}
