package org.u2f4j.verifier;

import java.time.Instant;
import org.u2f4j.message.AuthenticationResponse;

/** Judges the counter of a signature that is good, and moves the stored one by compare-and-set. */
record CounterCheck(RegistrationStore store) {
  /** Each one that fails means that another signature of the same key was accepted meanwhile. */
  private static final int MAX_ATTEMPTS = 1_000;

  AuthenticationResult advance(
      Registration found, AuthenticationResponse authentication, CounterPolicy policy, Instant now)
      throws VerificationException {
    Registration registration = found;
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      CounterVerdict verdict = CounterVerdict.of(registration.counter(), authentication.counter());
      boolean accepted = policy.accepts(verdict);
      if (!accepted || verdict.suspicious()) {
        Anomaly anomaly = new Anomaly(now, verdict);
        store.mark(registration.keyHandle(), anomaly);
        registration = registration.marked(anomaly);
      }
      if (!accepted) {
        throw new VerificationException(
            Reason.COUNTER_REFUSED,
            "the counter is " + verdict + ": the key may have been copied, or was restored");
      }
      long counter = verdict.stored() == null
          ? verdict.received()
          : Math.max(verdict.stored(), verdict.received());
      if (store.advance(registration, counter, now)) {
        return new AuthenticationResult(
            registration.used(counter, now), verdict, authentication.presence());
      }
      // Another signature of this key was faster: judge this one again, by what that one left.
      registration = store
          .find(found.keyHandle())
          .filter(again -> again.account().equals(found.account())
              && again.publicKey().equals(found.publicKey()))
          .orElseThrow(CounterCheck::gone);
    }
    throw new RegistrationStoreException("the counter was another one each of " + MAX_ATTEMPTS
        + " times: the store reads what is old");
  }

  static VerificationException gone() {
    return new VerificationException(
        Reason.UNKNOWN_KEY_HANDLE, "the account has no registration with this key handle any more");
  }
}
