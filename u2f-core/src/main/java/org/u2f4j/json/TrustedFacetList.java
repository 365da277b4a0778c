package org.u2f4j.json;

import java.util.List;
import java.util.Objects;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.strictjson.JsonObject;

/**
 * The document that an AppID points to: who may use it (FIDO AppID and Facets, section 3.1.3).
 *
 * @param ids facet ids as they stand there, not yet checked
 */
public record TrustedFacetList(List<String> ids) {
  private static final int MAJOR = 1;

  /**
   * Copies the list.
   *
   * @param ids facet ids as they stand there, not yet checked
   */
  public TrustedFacetList {
    ids = List.copyOf(ids);
  }

  /**
   * Reads the document.
   *
   * @param bytes a JSON object in UTF-8 whose trustedFacets are objects with a version and ids, of
   *     which the newest of major version 1 counts; or, as old servers have it, an array of ids
   * @return the ids
   * @throws FormatException if that is not what the bytes are
   */
  public static TrustedFacetList decode(Bytes bytes) throws FormatException {
    JsonObject document = JsonObject.parseOrArray(bytes, "ids");
    List<String> ids = document.strings("ids");
    int newest = -1;
    for (JsonObject facets : document.objects("trustedFacets")) {
      JsonObject version = facets.optionalObject("version");
      Integer written = version == null ? null : version.optionalInt("minor");
      int minor = written == null ? 0 : written;
      List<String> listed = facets.strings("ids");
      boolean ours = version != null && Objects.equals(version.optionalInt("major"), MAJOR);
      if (ours && minor > newest) {
        newest = minor;
        ids = listed;
      }
    }
    return new TrustedFacetList(ids);
  }
}
