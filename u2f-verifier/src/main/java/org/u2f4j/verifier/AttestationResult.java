package org.u2f4j.verifier;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key by its attestation. Vendor and model are what the certificate or the
 * metadata say; unless the certificate is trusted that is no more than a claim.
 *
 * @param trust the verdict
 * @param explanation the verdict in a sentence
 * @param chain the attestation certificate, then those that came with it; empty if there is none,
 *     as WebAuthn allows
 * @param root who vouches for it; null unless trusted
 * @param vendor who makes the key; null if unknown
 * @param model what the key is called; null if unknown
 * @param icon a picture of it as a data: URL; null if there is none
 * @param statuses what the metadata report of the model
 * @param metadataSerial the serial number of the metadata; null without metadata
 */
public record AttestationResult(
    Trust trust,
    String explanation,
    List<AttestationCertificate> chain,
    @Nullable AttestationCertificate root,
    @Nullable String vendor,
    @Nullable String model,
    @Nullable String icon,
    List<String> statuses,
    @Nullable Long metadataSerial) {
  /** The verdicts. */
  public enum Trust {
    /** A root of the source vouches for the certificate. */
    TRUSTED,
    /**
     * The source has no root for it: an unknown maker, a certificate that signed itself, or no
     * certificate at all.
     */
    UNKNOWN,
    /** A root vouches for it, but a certificate's time is over or has not come. */
    EXPIRED,
    /** A root vouches for it, but what the source knows is too old. */
    STALE,
    /**
     * A root vouches for it, but the source reports it, or its kind of key, revoked or compromised.
     * Without a root it is unknown: anybody could have named that kind.
     */
    REVOKED
  }

  /**
   * Copies the lists.
   *
   * @param trust the verdict
   * @param explanation the verdict in a sentence
   * @param chain the attestation certificate, then those that came with it
   * @param root who vouches for it, or null
   * @param vendor who makes the key, or null
   * @param model what the key is called, or null
   * @param icon a picture of it, or null
   * @param statuses what the metadata report
   * @param metadataSerial the serial number of the metadata, or null
   */
  public AttestationResult {
    chain = List.copyOf(chain);
    statuses = List.copyOf(statuses);
  }

  /**
   * The attestation certificate.
   *
   * @return the first of the chain; empty if there is none, which never happens with U2F
   */
  public Optional<AttestationCertificate> certificate() {
    return chain.stream().findFirst();
  }

  /**
   * Whether a root vouches for the key.
   *
   * @return true if the verdict is TRUSTED
   */
  public boolean trusted() {
    return trust == Trust.TRUSTED;
  }
}
