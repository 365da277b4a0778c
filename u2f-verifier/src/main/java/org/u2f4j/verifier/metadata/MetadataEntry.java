package org.u2f4j.verifier.metadata;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.verifier.AttestationCertificate;

/**
 * What a metadata blob says of one kind of key (FIDO Metadata Service 3, section 3.1.1). It is known
 * by key identifiers if it speaks U2F, by an AAGUID if FIDO2, by an AAID if UAF.
 *
 * @param description what it is called; null if it is not said
 * @param protocolFamily "u2f", "fido2" or "uaf"; null if it is not said
 * @param aaid the model in UAF; null in others
 * @param aaguid the model in FIDO2, 16 bytes; null in others
 * @param keyIdentifiers the key identifiers of attestation certificates, in lower case; none in others
 * @param reports what was reported of it, in the blob's order: the last one came last
 * @param roots who may vouch for its attestation: authorities, or the very certificates
 * @param icon a picture of it as a data: URL; null if there is none
 */
public record MetadataEntry(
    @Nullable String description,
    @Nullable String protocolFamily,
    @Nullable String aaid,
    @Nullable Bytes aaguid,
    List<String> keyIdentifiers,
    List<Report> reports,
    List<AttestationCertificate> roots,
    @Nullable String icon) {
  /** The status that may be about some attestation keys only. */
  static final String ATTESTATION_KEY_COMPROMISE = "ATTESTATION_KEY_COMPROMISE";

  /**
   * Copies the lists.
   *
   * @param description what it is called, or null
   * @param protocolFamily the family, or null
   * @param aaid the model in UAF, or null
   * @param aaguid the model in FIDO2, or null
   * @param keyIdentifiers the key identifiers of attestation certificates
   * @param reports what was reported of it
   * @param roots who may vouch for its attestation
   * @param icon a picture of it, or null
   */
  public MetadataEntry {
    keyIdentifiers = List.copyOf(keyIdentifiers);
    reports = List.copyOf(reports);
    roots = List.copyOf(roots);
  }

  /**
   * Its name, or what else it is known by.
   *
   * @return one line
   */
  public String name() {
    if (description != null) {
      return description;
    }
    if (aaid != null) {
      return aaid;
    }
    return aaguid != null ? aaguid.hex() : String.join(" ", keyIdentifiers);
  }

  /**
   * One report of a status (FIDO Metadata Service 3, section 3.1.3).
   *
   * @param status such as "FIDO_CERTIFIED_L1" or "REVOKED"; may be one that nobody knows yet
   * @param effectiveDate since when; null if it is not said
   * @param certificates whom the report is about: attestation certificates or an authority of them;
   *     if there are none it is about all
   */
  public record Report(
      String status, @Nullable LocalDate effectiveDate, List<AttestationCertificate> certificates) {
    /**
     * Copies the list.
     *
     * @param status the status
     * @param effectiveDate since when, or null
     * @param certificates whom the report is about
     */
    public Report {
      certificates = List.copyOf(certificates);
    }

    /**
     * Whether it is about these certificates. Only a compromise of attestation keys can be about
     * some keys of a kind; an authority that it names stands for all that it issued, by name or by
     * signature: whoever has its key also chooses how its name is written.
     */
    boolean concerns(List<AttestationCertificate> chain) {
      if (!status.equals(ATTESTATION_KEY_COMPROMISE) || certificates.isEmpty()) {
        return true;
      }
      for (AttestationCertificate named : certificates) {
        for (AttestationCertificate certificate : chain) {
          if (sameKey(named, certificate) || issued(named, certificate)) {
            return true;
          }
        }
      }
      return false;
    }

    /** Not the same bytes: those around the signed part can be written in several ways. */
    private static boolean sameKey(
        AttestationCertificate named, AttestationCertificate certificate) {
      return certificate.keyIdentifier().equals(named.keyIdentifier());
    }

    private static boolean issued(
        AttestationCertificate named, AttestationCertificate certificate) {
      String issuer = certificate.issuer();
      boolean byName = !issuer.equals(certificate.subject()) && issuer.equals(named.subject());
      return byName || certificate.signedBy(named);
    }

    @Override
    public String toString() {
      return effectiveDate == null ? status : status + " of " + effectiveDate;
    }
  }
}
