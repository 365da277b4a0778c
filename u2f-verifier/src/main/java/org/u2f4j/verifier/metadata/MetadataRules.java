package org.u2f4j.verifier.metadata;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a metadata blob has to be to pass. {@link #STRICT} is right for blobs of the FIDO Alliance;
 * each method returns rules that differ in one point.
 *
 * @param roots who may vouch for the blob's signer
 * @param signerName the DNS name that the signer's certificate has to hold among its alternative
 *     names; null if any signer will do that a root vouches for
 * @param expiredSignerAllowed whether signing certificates pass whose time is over
 * @param staleAllowed whether a blob passes whose next update is overdue
 * @param lowestSerial the least serial number that passes: that of the last blob seen
 * @param refusedStatuses the reported statuses for which a kind of key is refused
 */
public record MetadataRules(
    List<X509Certificate> roots,
    @Nullable String signerName,
    boolean expiredSignerAllowed,
    boolean staleAllowed,
    long lowestSerial,
    Set<String> refusedStatuses) {
  /**
   * The roots that blobs of the FIDO Alliance were signed under, as published by GlobalSign and
   * shipped by browsers and operating systems:
   *
   * <ul>
   *   <li>GlobalSign Root CA - R3, valid from 2009-03-18 to 2029-03-18, for blobs up to August 2026;
   *       from https://secure.globalsign.com/cacert/root-r3.crt, SHA-256
   *       cbb522d7b7f127ad6a0113865bdf1cd4102e7d0759af635a7cf4720dc963c53b
   *   <li>GlobalSign Root R46, valid from 2019-03-20 to 2046-03-20, for blobs since; from
   *       https://secure.globalsign.com/cacert/rootr46.crt, SHA-256
   *       4fa3126d8d3a11d1c4855a4f807cbad6cf919d3a5a88b03bea2c6372d93c40c9
   * </ul>
   *
   * <p>Both belong to the web: whoever has a certificate of one of them could sign a blob, but for
   * the signer's name. When the Alliance moves to another root, {@link #withRoots} takes it.
   */
  public static final List<X509Certificate> GLOBALSIGN =
      List.of(shipped("globalsign-root-r3.der"), shipped("globalsign-root-r46.der"));

  /**
   * The statuses for which a kind of key is refused by default: the Alliance or its maker withdrew
   * it, or attestation keys, or the keys of users, are known to have been taken out of it. Not among
   * them is USER_VERIFICATION_BYPASS: a second factor asks for a touch, not for a PIN or a finger.
   */
  public static final Set<String> REFUSED = Set.of(
      "REVOKED",
      MetadataEntry.ATTESTATION_KEY_COMPROMISE,
      "USER_KEY_REMOTE_COMPROMISE",
      "USER_KEY_PHYSICAL_COMPROMISE");

  /** Blobs of the FIDO Alliance, signed and up to date. */
  public static final MetadataRules STRICT =
      new MetadataRules(GLOBALSIGN, "mds.fidoalliance.org", false, false, 0, REFUSED);

  /**
   * Copies the collections.
   *
   * @param roots who may vouch for the blob's signer
   * @param signerName the DNS name of the signer, or null
   * @param expiredSignerAllowed whether signing certificates pass whose time is over
   * @param staleAllowed whether a blob passes whose next update is overdue
   * @param lowestSerial the least serial number that passes
   * @param refusedStatuses the statuses for which a kind of key is refused
   */
  public MetadataRules {
    roots = List.copyOf(roots);
    refusedStatuses = Set.copyOf(refusedStatuses);
  }

  /**
   * Replaces the roots.
   *
   * @param replacement all of them
   * @return rules with these roots and no others
   */
  public MetadataRules withRoots(List<X509Certificate> replacement) {
    return new MetadataRules(
        replacement, signerName, expiredSignerAllowed, staleAllowed, lowestSerial, refusedStatuses);
  }

  /**
   * Adds the roots of a file to those that there are.
   *
   * @param file certificates in PEM, or one in DER
   * @return rules with more roots
   * @throws IOException if it cannot be read, or holds no certificate
   */
  public MetadataRules addRoots(Path file) throws IOException {
    Set<X509Certificate> all = new LinkedHashSet<>(roots);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      CertificateFactory.getInstance("X.509")
          .generateCertificates(in)
          .forEach(certificate -> all.add((X509Certificate) certificate));
    } catch (CertificateException e) {
      throw new IOException(file + " is not a certificate: " + e.getMessage(), e);
    }
    if (all.size() == new HashSet<>(roots).size()) {
      throw new IOException(file + " holds no certificate that is not among the roots already");
    }
    return withRoots(List.copyOf(all));
  }

  /**
   * Replaces the name that the signer must have.
   *
   * @param name a DNS name; null if any signer will do that a root vouches for, which is wise only
   *     for roots that sign nothing else
   * @return rules with this name
   */
  public MetadataRules withSignerName(@Nullable String name) {
    return new MetadataRules(
        roots, name, expiredSignerAllowed, staleAllowed, lowestSerial, refusedStatuses);
  }

  /**
   * Lets blobs pass whose signing certificates are expired. Somebody who got hold of an old key
   * could sign what they like with it.
   *
   * @return rules that do not look at the end of certificates
   */
  public MetadataRules allowExpiredSigner() {
    return new MetadataRules(roots, signerName, true, staleAllowed, lowestSerial, refusedStatuses);
  }

  /**
   * Lets blobs pass whose next update is overdue. What was reported since is not in them.
   *
   * @return rules that do not look at the next update
   */
  public MetadataRules allowStale() {
    return new MetadataRules(
        roots, signerName, expiredSignerAllowed, true, lowestSerial, refusedStatuses);
  }

  /**
   * Sets the least serial number that passes.
   *
   * @param serial that of the last blob seen
   * @return rules that refuse older blobs
   */
  public MetadataRules withLowestSerial(long serial) {
    return new MetadataRules(
        roots, signerName, expiredSignerAllowed, staleAllowed, serial, refusedStatuses);
  }

  /**
   * Replaces the statuses for which a kind of key is refused.
   *
   * @param statuses all of them; those that no blob has do no harm
   * @return rules that refuse for these statuses
   */
  public MetadataRules refusing(Set<String> statuses) {
    return new MetadataRules(
        roots, signerName, expiredSignerAllowed, staleAllowed, lowestSerial, statuses);
  }

  private static X509Certificate shipped(String name) {
    try (InputStream in = MetadataRules.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CertificateException e) {
      throw new IllegalStateException(name + " is broken", e);
    }
  }
}
