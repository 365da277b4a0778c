package org.u2f4j.verifier;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a source of trust knows of a certificate.
 *
 * @param roots who may vouch for it: authorities, or the very certificate
 * @param refusal why it is not to be trusted whoever vouches for it, such as a report that its key
 *     was stolen; null if nothing is held against it
 * @param vendor who makes the key; null if unknown
 * @param model what the key is called; null if unknown
 * @param icon a picture of it as a data: URL; null if there is none
 * @param statuses what was reported of the model, such as "FIDO_CERTIFIED_L1", in order
 * @param metadataSerial the serial number of the metadata that say so; null if none do
 * @param validUntil the time from which on nothing is trusted by this answer; null if never
 */
public record TrustAnswer(
    List<AttestationCertificate> roots,
    @Nullable String refusal,
    @Nullable String vendor,
    @Nullable String model,
    @Nullable String icon,
    List<String> statuses,
    @Nullable Long metadataSerial,
    @Nullable Instant validUntil) {
  /** The answer of a source that knows nothing. */
  public static final TrustAnswer NONE = ofRoots(List.of());

  /**
   * Copies the lists.
   *
   * @param roots who may vouch for it
   * @param refusal why it is not to be trusted, or null
   * @param vendor who makes the key, or null
   * @param model what the key is called, or null
   * @param icon a picture, or null
   * @param statuses what was reported
   * @param metadataSerial the serial number of the metadata, or null
   * @param validUntil when the answer ends to be good, or null
   */
  public TrustAnswer {
    roots = List.copyOf(roots);
    statuses = List.copyOf(statuses);
  }

  /**
   * An answer of roots alone.
   *
   * @param roots who may vouch for the certificate
   * @return the answer
   */
  public static TrustAnswer ofRoots(List<AttestationCertificate> roots) {
    return new TrustAnswer(roots, null, null, null, null, List.of(), null, null);
  }

  /** This answer with the roots and the objections of another, and its knowledge where this has none. */
  TrustAnswer or(TrustAnswer other) {
    boolean silent = vendor == null && model == null && metadataSerial == null;
    TrustAnswer known = silent ? other : this;
    return new TrustAnswer(
        Stream.concat(roots.stream(), other.roots.stream()).distinct().toList(),
        refusal == null ? other.refusal : refusal,
        known.vendor,
        known.model,
        known.icon,
        known.statuses,
        known.metadataSerial,
        Stream.of(Optional.ofNullable(validUntil), Optional.ofNullable(other.validUntil))
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder())
            .orElse(null));
  }
}
