package org.u2f4j.verifier;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;

/**
 * Whom to trust with attestation, as a question to a source: which roots may vouch for this
 * certificate, and what else is known of its kind of key?
 *
 * <p>What follows from an answer is kept for a while, so a change of trust needs a new {@link
 * RelyingParty}. A source is asked again once that is forgotten: if the chain is over 2,048 bytes
 * long, if many others came since, or if a date has passed that turns the verdict. May be asked by
 * several threads at once.
 */
public interface AttestationTrust {
  /**
   * What the source knows.
   *
   * @param chain the attestation certificate, then those that came with it, if any; U2F sends one
   * @param aaguid the model by the authenticator data of WebAuthn, 16 bytes; null for U2F
   * @return the answer; {@link TrustAnswer#NONE} if the source knows nothing
   */
  TrustAnswer lookup(List<AttestationCertificate> chain, @Nullable Bytes aaguid);

  /**
   * Whether a certificate that is not trusted is refused.
   *
   * @return true; false if the answer is only recorded
   */
  default boolean required() {
    return true;
  }

  /**
   * Whether certificates pass whose time is over or has not come.
   *
   * @return false; true if only roots and signatures count
   */
  default boolean expiredAllowed() {
    return false;
  }

  /**
   * The same source, whose answer is recorded but never a reason to refuse.
   *
   * @return a source that accepts any certificate
   */
  default AttestationTrust recordOnly() {
    return new TrustChoice(this, false, expiredAllowed());
  }

  /**
   * The same source, for which dates do not count. Some keys in use have certificates that expired
   * years ago.
   *
   * @return a source that accepts expired certificates
   */
  default AttestationTrust allowExpired() {
    return new TrustChoice(this, required(), true);
  }

  /**
   * This source and another one, such as metadata and the roots of a maker who is not in them. The
   * roots of both count, and so does what either holds against a certificate. What else there is to
   * know is taken from this source if it knows the key, else from the other. What to do with the
   * answer stays as it was chosen for this source.
   *
   * @param other the other source
   * @return a source that asks both
   */
  default AttestationTrust or(AttestationTrust other) {
    AttestationTrust both =
        (chain, aaguid) -> lookup(chain, aaguid).or(other.lookup(chain, aaguid));
    return new TrustChoice(both, required(), expiredAllowed());
  }

  /**
   * Accepts any attestation and knows nothing: right for all who do not care which maker's keys
   * their users have, which is most.
   *
   * @return a source that accepts any certificate
   */
  static AttestationTrust acceptAny() {
    return new TrustChoice((chain, aaguid) -> TrustAnswer.NONE, false, true);
  }

  /**
   * Trusts certificates that one of these roots signed, or that are among them. An intermediate that
   * was sent along does not count if it has a critical extension other than basic constraints and key
   * usage, such as name constraints. Of a root, as of any trust anchor, the name and the key are
   * what counts: it has to be an authority, and its other extensions are not looked at.
   *
   * @param roots attestation roots; the roots of the web have no business here
   * @return the source
   */
  static AttestationTrust roots(Collection<AttestationCertificate> roots) {
    TrustAnswer answer = TrustAnswer.ofRoots(List.copyOf(roots));
    return (chain, aaguid) -> answer;
  }

  /**
   * Trusts the certificates of a file, or of all files of a folder that end in .pem, .crt, .cer or
   * .der.
   *
   * @param path a file of one certificate in DER, or any number in PEM; or a folder of such
   * @return the source
   * @throws IOException if it cannot be read, holds no certificate, or one that does not parse; the
   *     message names the file
   */
  static AttestationTrust rootsIn(Path path) throws IOException {
    return roots(RootFiles.read(path));
  }

  /**
   * Trusts the certificates of a key store.
   *
   * @param keyStore a loaded key store made for this purpose, such as a PKCS12 file; never the
   *     Java platform's own cacerts
   * @return the source
   * @throws IOException if it holds no certificate, or one that does not parse
   */
  static AttestationTrust rootsIn(KeyStore keyStore) throws IOException {
    return roots(RootFiles.read(keyStore));
  }
}
