package org.u2f4j.examples.account;

import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.verifier.VerificationException;

/** What a person is told when the library refuses what came from a key. */
final class KeyRefusal {
  private KeyRefusal() {}

  static RefusedException of(VerificationException e, boolean adding) {
    return new RefusedException(reason(e, adding), null, e);
  }

  private static Refusal reason(VerificationException e, boolean adding) {
    return switch (e.reason()) {
      case CLIENT_ERROR -> clientError(e, adding);
      case EXPIRED -> Refusal.CEREMONY_OVER;
      case KEY_HANDLE_KNOWN -> Refusal.KEY_KNOWN;
      case UNKNOWN_KEY_HANDLE -> Refusal.KEY_UNKNOWN;
      case COUNTER_REFUSED -> Refusal.KEY_COUNTER;
      default -> Refusal.KEY_INVALID;
    };
  }

  private static Refusal clientError(VerificationException e, boolean adding) {
    ErrorCode code =
        e.getCause() instanceof ErrorCodeException error ? error.code() : ErrorCode.OTHER_ERROR;
    return switch (code) {
      case TIMEOUT -> Refusal.KEY_TIMEOUT;
      case DEVICE_INELIGIBLE -> adding ? Refusal.KEY_KNOWN : Refusal.KEY_UNKNOWN;
      default -> Refusal.KEY_NOT_USED;
    };
  }
}
