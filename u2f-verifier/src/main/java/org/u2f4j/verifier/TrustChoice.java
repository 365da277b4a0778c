package org.u2f4j.verifier;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;

/** A source with another choice of what to do with its answer. */
record TrustChoice(AttestationTrust source, boolean required, boolean expiredAllowed)
    implements AttestationTrust {
  @Override
  public TrustAnswer lookup(List<AttestationCertificate> chain, @Nullable Bytes aaguid) {
    return source.lookup(chain, aaguid);
  }
}
