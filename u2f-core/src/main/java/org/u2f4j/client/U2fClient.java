package org.u2f4j.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.Transport;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;

/**
 * The part that a browser used to play: takes the relying party's request, checks it, asks the key,
 * and gives the answer for the relying party (FIDO U2F JavaScript API, section 3).
 */
public final class U2fClient {
  /** Each may cost a fetch from an address that the request names. */
  private static final int MAX_APP_IDS = 8;

  private final FacetRule facetRule;
  private final TouchPolling polling;

  /**
   * A client.
   *
   * @param facetRule who may use which AppID
   * @param polling how to wait for a touch, and whom to tell
   */
  public U2fClient(FacetRule facetRule, TouchPolling polling) {
    this.facetRule = facetRule;
    this.polling = polling;
  }

  /**
   * Registers a key.
   *
   * <p>A key that has one of the registrations in the request is asked for a touch all the same, so
   * that the person sees which key is meant, and then refused.
   *
   * @param request what the relying party sent
   * @param origin the facet id of the caller, such as {@code https://example.com}
   * @param key what reaches the key; stays open
   * @param deadline when to give up, at the latest; the request may ask for less
   * @return the answer for the relying party
   * @throws ErrorCodeException if it cannot be done, with the code for the relying party and the
   *     reason for people; the cause is what the key or the wire said
   * @throws InterruptedException if the thread is interrupted, at once
   */
  public RegisterResponse register(
      RegisterRequest request, String origin, Transport key, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    return register(request, origin, KeyTasks.with(key, polling), deadline);
  }

  /**
   * Registers the key that the person touches, of several; one that has a registration in the request
   * is refused as a single one is.
   *
   * @param request what the relying party sent
   * @param origin the facet id of the caller, such as {@code https://example.com}
   * @param keys asks them, and tells of those that cannot be used
   * @param deadline when to give up, at the latest; the request may ask for less
   * @return the answer for the relying party
   * @throws ErrorCodeException as for a single key
   * @throws InterruptedException if the thread is interrupted
   */
  public RegisterResponse register(
      RegisterRequest request, String origin, TokenRace keys, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    return register(request, origin, KeyTasks.with(keys, polling), deadline);
  }

  private RegisterResponse register(
      RegisterRequest request, String origin, KeyTasks tasks, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    Deadline end = limited(deadline, request.timeoutSeconds());
    ClientData clientData = ClientData.of(ClientData.REGISTER, request.challenge(), origin);
    AppIds appIds = new AppIds(origin, end);
    RegistrationRequest message = new RegistrationRequest(
        clientData.challengeParameter(), appIds.application(request.appId()));
    List<AuthenticationRequest> excluded = new ArrayList<>();
    for (RegisteredKey known : usable(request.registeredKeys())) {
      AppId appId = known.appId() == null ? request.appId() : known.appId();
      excluded.add(message(known, appIds.application(appId), clientData));
    }
    return new RegisterResponse(tasks.register(message, excluded, end), clientData);
  }

  /**
   * Signs with the first registration in the request that the key has.
   *
   * @param request what the relying party sent
   * @param origin the facet id of the caller, such as {@code https://example.com}
   * @param key what reaches the key; stays open
   * @param deadline when to give up, at the latest; the request may ask for less
   * @return the answer for the relying party
   * @throws ErrorCodeException if it cannot be done, with the code for the relying party and the
   *     reason for people; the cause is what the key or the wire said
   * @throws InterruptedException if the thread is interrupted, at once
   */
  public SignResponse sign(SignRequest request, String origin, Transport key, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    return sign(request, origin, KeyTasks.with(key, polling), deadline);
  }

  /**
   * Signs with the key that the person touches, of several. Those that have none of the registrations
   * in the request wait for a touch too, and are then told of as not registered here.
   *
   * @param request what the relying party sent
   * @param origin the facet id of the caller, such as {@code https://example.com}
   * @param keys asks them, and tells of those that cannot be used
   * @param deadline when to give up, at the latest; the request may ask for less
   * @return the answer for the relying party
   * @throws ErrorCodeException as for a single key, but {@link ErrorCode#TIMEOUT} as long as the right
   *     one might still have been plugged in
   * @throws InterruptedException if the thread is interrupted
   */
  public SignResponse sign(SignRequest request, String origin, TokenRace keys, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    return sign(request, origin, KeyTasks.with(keys, polling), deadline);
  }

  private SignResponse sign(SignRequest request, String origin, KeyTasks tasks, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    Deadline end = limited(deadline, request.timeoutSeconds());
    AppIds appIds = new AppIds(origin, end);
    List<RegisteredKey> keys = usable(request.registeredKeys());
    List<ClientData> clientData = new ArrayList<>();
    List<AuthenticationRequest> candidates = new ArrayList<>();
    for (RegisteredKey known : keys) {
      ClientData own = ClientData.of(ClientData.SIGN, request.challengeOf(known), origin);
      clientData.add(own);
      candidates.add(message(known, appIds.application(request.appIdOf(known)), own));
    }
    KeyTasks.Signed signed = tasks.sign(candidates, end);
    return new SignResponse(
        keys.get(signed.index()).keyHandle(),
        signed.authentication(),
        clientData.get(signed.index()));
  }

  private static Deadline limited(Deadline deadline, @Nullable Integer timeoutSeconds) {
    return timeoutSeconds == null ? deadline : deadline.atMost(Duration.ofSeconds(timeoutSeconds));
  }

  /** Without registrations that no U2F key can have made. */
  private static List<RegisteredKey> usable(List<RegisteredKey> keys) {
    return keys.stream()
        .filter(key -> key.version().equals(RegisteredKey.U2F_V2))
        .filter(key -> key.keyHandle().fitsMessage())
        .toList();
  }

  private static AuthenticationRequest message(
      RegisteredKey key, ApplicationParameter application, ClientData clientData) {
    return new AuthenticationRequest(
        Control.ENFORCE_USER_PRESENCE_AND_SIGN,
        clientData.challengeParameter(),
        application,
        key.keyHandle());
  }

  /** The AppIDs of one request, each checked once and before any key hears of it. */
  private final class AppIds {
    private final Map<AppId, ApplicationParameter> allowed = new HashMap<>();
    private final String origin;
    private final Deadline deadline;

    AppIds(String origin, Deadline deadline) {
      this.origin = origin;
      this.deadline = deadline;
    }

    ApplicationParameter application(@Nullable AppId named)
        throws ErrorCodeException, InterruptedException {
      AppId appId = named == null ? new AppId("") : named;
      ApplicationParameter known = allowed.get(appId);
      if (known == null) {
        if (allowed.size() == MAX_APP_IDS) {
          throw new ErrorCodeException(
              ErrorCode.BAD_REQUEST, "a request names at most " + MAX_APP_IDS + " AppIDs");
        }
        known = facetRule.check(appId, origin, deadline).applicationParameter();
        allowed.put(appId, known);
      }
      return known;
    }
  }
}
