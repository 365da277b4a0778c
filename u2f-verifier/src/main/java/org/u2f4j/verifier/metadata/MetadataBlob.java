package org.u2f4j.verifier.metadata;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.verifier.AttestationCertificate;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.TrustAnswer;
import org.u2f4j.verifier.VerificationException;

/**
 * A blob of the FIDO Metadata Service, version 3, that was verified: a source of trust for as many
 * certificates as are asked for. Immutable; may be used by several threads at once.
 *
 * <p>A kind of key is found by the AAGUID of the authenticator data; if that is zero or absent, as with
 * keys of U2F, by the key identifier of any certificate of the chain, else by the AAGUID in the first
 * one. What is found first says roots, model, picture and statuses; but a status that the rules refuse
 * counts wherever it is found. Who has an AAGUID is never found by key identifiers: a stranger may
 * append any certificate to a chain.
 *
 * <p>Any report of such a status refuses, also if a later one says that an update is available or
 * that a newer version was certified: U2F does not tell which version a key has, so nobody knows
 * whether it is the update. A compromise of attestation keys that names certificates refuses only
 * those, and what they issued.
 */
public final class MetadataBlob implements AttestationTrust {
  /** The greatest length of a blob, in bytes; in 2026 the real one has about 10,000,000. */
  public static final int MAX_LENGTH = 64 << 20;

  private static final String CURE = ": fetch a newer blob, from " + MetadataFetcher.FIDO_ALLIANCE;

  private static final Bytes NO_AAGUID = Bytes.of(new byte[16]);

  private final MetadataPayload payload;
  private final MetadataSigner signer;
  private final List<String> warnings;
  private final boolean staleAllowed;
  private final Set<String> refusedStatuses;
  private final Map<String, List<MetadataEntry>> byKeyIdentifier = new HashMap<>();
  private final Map<Bytes, List<MetadataEntry>> byAaguid = new HashMap<>();

  private MetadataBlob(
      MetadataPayload payload, MetadataSigner signer, List<String> warnings, MetadataRules rules) {
    this.payload = payload;
    this.signer = signer;
    this.warnings = List.copyOf(warnings);
    this.staleAllowed = rules.staleAllowed();
    this.refusedStatuses = rules.refusedStatuses();
    for (MetadataEntry entry : payload.entries()) {
      for (String identifier : entry.keyIdentifiers()) {
        byKeyIdentifier.computeIfAbsent(identifier, key -> new ArrayList<>()).add(entry);
      }
      if (entry.aaguid() != null && !entry.aaguid().equals(NO_AAGUID)) {
        byAaguid.computeIfAbsent(entry.aaguid(), key -> new ArrayList<>()).add(entry);
      }
    }
  }

  /**
   * Verifies a blob in a file.
   *
   * @param file the blob as it was downloaded
   * @param rules what it has to be
   * @param at the time at which it has to be valid
   * @return the blob
   * @throws IOException if the file cannot be read
   * @throws VerificationException as {@link #verify(Bytes, MetadataRules, Instant)} does
   */
  public static MetadataBlob verify(Path file, MetadataRules rules, Instant at)
      throws IOException, VerificationException {
    try (InputStream in = Files.newInputStream(file)) {
      return verify(in.readNBytes(MAX_LENGTH + 1), rules, at);
    }
  }

  /**
   * Verifies a blob.
   *
   * @param blob the blob as it was downloaded
   * @param rules what it has to be
   * @param at the time at which it has to be valid
   * @return the blob
   * @throws VerificationException if it does not parse or its signature does not fit
   *     (MALFORMED_METADATA), its signer is not the expected one or leads to no root
   *     (UNTRUSTED_METADATA), a signing certificate is expired or not yet valid
   *     (EXPIRED_METADATA_SIGNER), its serial number is too low (ROLLED_BACK_METADATA), or its next
   *     update is overdue (STALE_METADATA)
   */
  public static MetadataBlob verify(Bytes blob, MetadataRules rules, Instant at)
      throws VerificationException {
    return verify(blob.toArray(), rules, at);
  }

  static MetadataBlob verify(byte[] text, MetadataRules rules, Instant at)
      throws VerificationException {
    if (text.length > MAX_LENGTH) {
      throw malformed(new FormatException("it is longer than " + MAX_LENGTH + " bytes"));
    }
    try {
      CompactJws jws = CompactJws.parse(text);
      MetadataSigner signer = MetadataSigner.find(MetadataSigner.decode(jws.x5c()), rules, at);
      jws.requireSignature(text, signer.path().get(0));
      List<String> warnings = new ArrayList<>();
      requireDates(signer, rules, at, warnings);
      return accept(MetadataPayload.parse(jws.payload()), signer, rules, at, warnings);
    } catch (FormatException e) {
      throw malformed(e);
    }
  }

  private static VerificationException malformed(FormatException e) {
    return new VerificationException(
        Reason.MALFORMED_METADATA, "the metadata blob: " + e.getMessage(), e);
  }

  private static void requireDates(
      MetadataSigner signer, MetadataRules rules, Instant at, List<String> warnings)
      throws VerificationException {
    if (signer.holdsAt(at)) {
      return;
    }
    boolean expired = at.isAfter(signer.validUntil());
    String message = expired
        ? "the blob's signing certificates were valid until " + signer.validUntil()
        : "the blob's signing certificates are valid only from " + signer.validFrom();
    if (!expired || !rules.expiredSignerAllowed()) {
      throw new VerificationException(
          Reason.EXPIRED_METADATA_SIGNER, expired ? message + CURE : message);
    }
    warnings.add(message + ", which was allowed");
  }

  /** What is left to check once it is known who signed. */
  static MetadataBlob accept(
      MetadataPayload payload,
      MetadataSigner signer,
      MetadataRules rules,
      Instant at,
      List<String> warnings)
      throws VerificationException {
    if (payload.serial() < rules.lowestSerial()) {
      throw new VerificationException(
          Reason.ROLLED_BACK_METADATA,
          "the blob's serial number is %d, but %d was seen before"
              .formatted(payload.serial(), rules.lowestSerial()));
    }
    if (!at.isBefore(endOf(payload.nextUpdate()))) {
      String message = "the blob's next update was due on " + payload.nextUpdate();
      if (!rules.staleAllowed()) {
        throw new VerificationException(Reason.STALE_METADATA, message + CURE);
      }
      warnings.add(message + ", which was allowed");
    }
    warnings.addAll(payload.warnings());
    return new MetadataBlob(payload, signer, warnings, rules);
  }

  /** The blob is good for all of the day on which the next one is due. */
  private static Instant endOf(LocalDate day) {
    return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  @Override
  public TrustAnswer lookup(List<AttestationCertificate> chain, @Nullable Bytes aaguid) {
    Set<MetadataEntry> byKey = new LinkedHashSet<>();
    for (AttestationCertificate certificate : chain) {
      byKey.addAll(byKeyIdentifier.getOrDefault(certificate.keyIdentifier(), List.of()));
    }
    boolean named = aaguid != null && !aaguid.equals(NO_AAGUID);
    List<MetadataEntry> byData = named ? byAaguid.getOrDefault(aaguid, List.of()) : List.of();
    List<MetadataEntry> byCertificate = chain.get(0).aaguid().map(byAaguid::get).orElse(List.of());
    Collection<MetadataEntry> first = named ? byData : byKey.isEmpty() ? byCertificate : byKey;
    return first.isEmpty()
        ? TrustAnswer.NONE
        : answer(first, refusal(List.of(byKey, byData, byCertificate), chain));
  }

  private @Nullable String refusal(
      List<Collection<MetadataEntry>> found, List<AttestationCertificate> chain) {
    for (Collection<MetadataEntry> entries : found) {
      for (MetadataEntry entry : entries) {
        for (MetadataEntry.Report report : entry.reports()) {
          if (refusedStatuses.contains(report.status()) && report.concerns(chain)) {
            return "the metadata report " + report + " for " + entry.name();
          }
        }
      }
    }
    return null;
  }

  private TrustAnswer answer(Collection<MetadataEntry> entries, @Nullable String refusal) {
    Set<AttestationCertificate> roots = new LinkedHashSet<>();
    List<String> statuses = new ArrayList<>();
    for (MetadataEntry entry : entries) {
      roots.addAll(entry.roots());
      entry.reports().forEach(report -> statuses.add(report.status()));
    }
    MetadataEntry first = entries.iterator().next();
    return new TrustAnswer(
        List.copyOf(roots),
        refusal,
        null, // metadata do not name the maker
        first.name(),
        first.icon(),
        statuses,
        payload.serial(),
        staleAllowed ? null : validUntil());
  }

  /**
   * The serial number, which grows from blob to blob.
   *
   * @return the member "no"
   */
  public long serial() {
    return payload.serial();
  }

  /**
   * The day on which the next blob is due.
   *
   * @return the day; it has passed if the blob is stale
   */
  public LocalDate nextUpdate() {
    return payload.nextUpdate();
  }

  /**
   * When the blob is stale: at the end of the day on which the next one is due, by UTC. From then on
   * nothing is trusted by its answers, unless the rules allowed that.
   *
   * @return the time; it has passed if the blob is stale
   */
  public Instant validUntil() {
    return endOf(payload.nextUpdate());
  }

  /**
   * Who signed.
   *
   * @return the certificate of the signer, those between, and the root
   */
  public List<X509Certificate> signerPath() {
    return signer.path();
  }

  /**
   * Until when the signer's certificates are valid.
   *
   * @return the earliest end of any certificate of the path; it has passed if that was allowed
   */
  public Instant signerValidUntil() {
    return signer.validUntil();
  }

  /**
   * What is said of each kind of key.
   *
   * @return in the blob's order
   */
  public List<MetadataEntry> entries() {
    return payload.entries();
  }

  /**
   * What was passed over, or let pass: dates that rules allow to have passed, with the date, and
   * certificates and dates within the blob that do not parse.
   *
   * @return sentences; none for a blob that is as it should be
   */
  public List<String> warnings() {
    return warnings;
  }
}
