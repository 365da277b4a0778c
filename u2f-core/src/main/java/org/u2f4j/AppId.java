package org.u2f4j;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The identity that a registration is bound to, usually an https URL (FIDO AppID and Facets,
 * section 3).
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
    try {
      StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the AppID is not Unicode text", e);
    }
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
