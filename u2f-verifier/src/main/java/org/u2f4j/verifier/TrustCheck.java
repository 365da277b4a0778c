package org.u2f4j.verifier;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.verifier.AttestationResult.Trust;

/**
 * Follows an attestation chain to a root. A certificate is vouched for if it is a root itself, byte
 * for byte, or if a root, or the next of the chain, is its issuer by name and signature. What stands
 * between leaf and root has to be an authority by its own extensions, and have no critical one that is
 * not understood here (RFC 5280, section 4.2); a root is taken at the source's word for all but being
 * an authority, and one of version 1, which cannot say so, for that too. Revocation lists are not fetched: the source reports.
 */
final class TrustCheck {
  /** A verdict, when it was found, and the time from which on it has to be found anew. */
  record Verdict(AttestationResult result, Instant since, Instant validUntil) {
    boolean holdsAt(Instant moment) {
      return !moment.isBefore(since) && moment.isBefore(validUntil);
    }
  }

  private final List<AttestationCertificate> chain;
  private final TrustAnswer answer;
  private final Instant at;
  private final boolean expiredAllowed;

  private TrustCheck(
      List<AttestationCertificate> chain, TrustAnswer answer, Instant at, boolean expiredAllowed) {
    this.chain = chain;
    this.answer = answer;
    this.at = at;
    this.expiredAllowed = expiredAllowed;
  }

  static Verdict verdict(
      List<AttestationCertificate> chain, TrustAnswer answer, Instant at, boolean expiredAllowed) {
    return new TrustCheck(chain, answer, at, expiredAllowed).verdict();
  }

  private Verdict verdict() {
    List<AttestationCertificate> path = new ArrayList<>();
    AttestationCertificate root = root(path);
    if (root == null) {
      return result(Trust.UNKNOWN, unknown(), null, path);
    }
    if (answer.refusal() != null) {
      return result(Trust.REVOKED, answer.refusal(), null, path);
    }
    if (answer.validUntil() != null && !at.isBefore(answer.validUntil())) {
      String stale = "what the source knows was good until " + answer.validUntil()
          + ": make a new relying party with newer metadata";
      return result(Trust.STALE, stale, null, path);
    }
    for (AttestationCertificate certificate : path) {
      Optional<String> expired = expired(certificate);
      if (expired.isPresent() && !expiredAllowed) {
        return result(Trust.EXPIRED, expired.get(), null, path);
      }
    }
    return result(Trust.TRUSTED, "vouched for by " + name(root), root, path);
  }

  /** The root that vouches for the chain; the certificates below it are added to the path. */
  private @Nullable AttestationCertificate root(List<AttestationCertificate> path) {
    if (answer.roots().isEmpty()) {
      return null; // a stranger's chain is not worth its signatures
    }
    for (int i = 0; i < chain.size(); i++) {
      AttestationCertificate certificate = chain.get(i);
      if (i > 0 && !(certificate.isIntermediate(i - 1) && chain.get(i - 1).signedBy(certificate))) {
        return null;
      }
      path.add(certificate);
      for (AttestationCertificate root : answer.roots()) {
        boolean authority = root.version() < 3 || root.isAuthority(i);
        if (root.equals(certificate) || (authority && certificate.signedBy(root))) {
          return root;
        }
      }
    }
    return null;
  }

  private String unknown() {
    AttestationCertificate leaf = chain.get(0);
    return leaf.issuer().equals(leaf.subject())
        ? "the certificate is its own issuer and is not among the roots"
        : "no root is known that vouches for it; its issuer is "
            + VerificationException.shown(leaf.issuer());
  }

  private Optional<String> expired(AttestationCertificate certificate) {
    Instant from = certificate.notBefore().orElse(Instant.MIN);
    Instant to = certificate.notAfter().orElse(Instant.MAX);
    if (at.isBefore(from)) {
      return Optional.of(name(certificate) + " is valid only from " + from);
    }
    return at.isAfter(to)
        ? Optional.of(name(certificate) + " was valid until " + to)
        : Optional.empty();
  }

  private static String name(AttestationCertificate certificate) {
    String subject = certificate.subject();
    return subject.isEmpty()
        ? "a certificate without a name"
        : VerificationException.shown(subject);
  }

  private Verdict result(
      Trust trust,
      String explanation,
      @Nullable AttestationCertificate root,
      List<AttestationCertificate> path) {
    String yubico = chain.get(0).yubicoModel().orElse(null);
    boolean fromMetadata = answer.model() != null || yubico == null;
    AttestationResult result = new AttestationResult(
        trust,
        explanation,
        chain,
        root,
        fromMetadata ? answer.vendor() : "Yubico",
        fromMetadata ? answer.model() : yubico,
        answer.icon(),
        answer.statuses(),
        answer.metadataSerial());
    return new Verdict(result, at, validUntil(path));
  }

  /** The next time at which a date turns the verdict. */
  private Instant validUntil(List<AttestationCertificate> path) {
    Stream<Instant> dates = path.stream()
        .flatMap(certificate -> Stream.of(
            certificate.notBefore(), certificate.notAfter().map(last -> last.plusNanos(1))))
        .flatMap(Optional::stream);
    return Stream.concat(dates, Stream.ofNullable(answer.validUntil()))
        .filter(date -> date.isAfter(at))
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }
}
