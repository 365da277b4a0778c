package org.u2f4j.verifier;

import java.time.Instant;
import org.u2f4j.AppId;
import org.u2f4j.FormatException;
import org.u2f4j.json.SignRequest;

/**
 * Take it once, atomically, from where the application keeps it, and never accept it back from the
 * client unprotected: an authentication that was asked for and is awaited.
 *
 * <p>A session or a database is such a place, and {@link RegistrationStore#consume} does it for those
 * who have none. A copy that can be used twice, or one that a client can write, makes the challenge
 * worthless.
 *
 * @param account who is to sign in
 * @param request what the client is asked, with challenge, AppID and the account's registrations
 * @param expiresAt when it is too late for a response
 */
public record PendingAuthentication(String account, SignRequest request, Instant expiresAt) {
  private static final String KIND = "authentication";

  /**
   * Checks that there are an account and an AppID.
   *
   * @param account who is to sign in
   * @param request what the client is asked
   * @param expiresAt when it is too late for a response
   * @throws IllegalArgumentException if the account is empty or holds U+0000 or half of a surrogate
   *     pair, or the request has no AppID
   */
  public PendingAuthentication {
    PendingJson.require(account, request.appId());
  }

  /**
   * What a client of U2F is asked, which cannot use what was registered with WebAuthn.
   *
   * @return the request of the U2F JavaScript API as JSON
   */
  public String requestJson() {
    return new SignRequest(
            request.appId(),
            request.challenge(),
            PendingJson.ofU2f(request.registeredKeys()),
            request.timeoutSeconds(),
            request.requestId())
        .toJson();
  }

  /**
   * The challenge, by which {@link RegistrationStore#consume} finds it again.
   *
   * @return websafe base64
   */
  public String challenge() {
    return request.challenge();
  }

  /** The AppID, which is there: the constructor saw to that. */
  AppId appId() {
    return PendingJson.require(account, request.appId());
  }

  /**
   * The form to keep.
   *
   * @return a JSON object with version 1, kind, account, expiresAt and request
   */
  public String toJson() {
    return new PendingJson(KIND, account, request.toJson(), expiresAt).toJson();
  }

  /**
   * Reads the form that was kept.
   *
   * @param json what {@link #toJson()} returned, in this version or an earlier one
   * @return the pending authentication
   * @throws FormatException if it is anything else
   */
  public static PendingAuthentication fromJson(String json) throws FormatException {
    PendingJson pending = PendingJson.decode(json, KIND);
    SignRequest request = SignRequest.decode(pending.request());
    if (request.appId() == null) {
      throw new FormatException("the request has no \"appId\"");
    }
    return new PendingAuthentication(pending.account(), request, pending.expiresAt());
  }

  /** Whose, and when it expires; the challenge stays hidden. */
  @Override
  public String toString() {
    return "authentication of " + account + " until " + expiresAt;
  }
}
