package org.u2f4j.client;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.KeyHandle;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.TrustedFacets.HostScope;
import org.u2f4j.json.AssertionResponse;
import org.u2f4j.json.AttestationResponse;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.CreationOptions;
import org.u2f4j.json.CredentialDescriptor;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RequestOptions;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;

/**
 * Answers the options of WebAuthn through a U2F key as a browser does, so that a program without a
 * browser and a browser serve one account (Web Authentication, sections 5.1.3, 5.1.4, 10.1; CTAP 2.1,
 * section 10).
 *
 * <p>The RP ID has to be the host of the caller's origin, or a domain above it with a dot in it.
 * Whether such a domain is a public suffix, under which anybody can have a site, is for a {@link
 * HostScope} to know: without one, {@code co.uk} passes for {@code https://example.co.uk}. A browser
 * refuses that; where requests come from strangers, bring one.
 */
public final class WebAuthnClient {
  private final FacetRule facetRule;
  private final TouchPolling polling;
  private final HostScope scope;

  /**
   * A client.
   *
   * @param facetRule who may use which AppID, in the extensions appid and appidExclude
   * @param polling how to wait for a touch, and whom to tell
   */
  public WebAuthnClient(FacetRule facetRule, TouchPolling polling) {
    this(facetRule, polling, HostScope.SUBDOMAINS);
  }

  /**
   * A client that knows public suffixes.
   *
   * @param facetRule who may use which AppID, in the extensions appid and appidExclude
   * @param polling how to wait for a touch, and whom to tell
   * @param scope whether an RP ID, given first, and the host below it have the same public suffix
   *     plus one label
   */
  public WebAuthnClient(FacetRule facetRule, TouchPolling polling, HostScope scope) {
    this.facetRule = facetRule;
    this.polling = polling;
    this.scope = scope;
  }

  /**
   * Registers a key.
   *
   * <p>A key that has one of the excluded credentials is asked for a touch all the same, and then
   * refused.
   *
   * @param options what the relying party sent
   * @param origin the origin of the caller, such as {@code https://example.com}
   * @param key what reaches the key; stays open
   * @param deadline when to give up, at the latest; the options may ask for less
   * @return the answer for the relying party; it does not say how the key was reached
   * @throws ErrorCodeException if it cannot be done, with the reason for people; the cause is what the
   *     key or the wire said
   * @throws InterruptedException if the thread is interrupted, at once
   */
  public AttestationResponse create(
      CreationOptions options, String origin, Transport key, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    return create(options, origin, KeyTasks.with(key, polling), deadline);
  }

  /**
   * Registers the key that the person touches, of several; one that has an excluded credential is
   * refused as a single one is.
   *
   * @param options what the relying party sent
   * @param origin the origin of the caller, such as {@code https://example.com}
   * @param keys asks them, and tells of those that cannot be used
   * @param deadline when to give up, at the latest; the options may ask for less
   * @return the answer for the relying party; it does not say how the key was reached
   * @throws ErrorCodeException as for a single key
   * @throws InterruptedException if the thread is interrupted
   */
  public AttestationResponse create(
      CreationOptions options, String origin, TokenRace keys, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    return create(options, origin, KeyTasks.with(keys, polling), deadline);
  }

  private AttestationResponse create(
      CreationOptions options, String origin, KeyTasks tasks, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    Deadline end = limited(deadline, options.timeoutMillis());
    ApplicationParameter application = rpId(options.rpId(), origin);
    ClientData clientData = ClientData.ofWebAuthn(ClientData.CREATE, options.challenge(), origin);
    ChallengeParameter challenge = clientData.challengeParameter();
    ApplicationParameter old = appId(options.appIdExclude(), origin, end);
    List<AuthenticationRequest> excluded =
        messages(options.excludeCredentials(), challenge, application, old);
    RegistrationResponse registration =
        tasks.register(new RegistrationRequest(challenge, application), excluded, end);
    Bytes attestationObject =
        U2fCredential.attestationObject(registration, application, options.attestation());
    return new AttestationResponse(
        registration.keyHandle(),
        clientData,
        attestationObject,
        List.of(),
        old == null ? null : true);
  }

  /**
   * Signs with the first allowed credential that the key has.
   *
   * @param options what the relying party sent
   * @param origin the origin of the caller, such as {@code https://example.com}
   * @param key what reaches the key; stays open
   * @param deadline when to give up, at the latest; the options may ask for less
   * @return the answer for the relying party
   * @throws ErrorCodeException if it cannot be done, with the reason for people; the cause is what the
   *     key or the wire said
   * @throws InterruptedException if the thread is interrupted, at once
   */
  public AssertionResponse get(
      RequestOptions options, String origin, Transport key, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    return get(options, origin, KeyTasks.with(key, polling), deadline);
  }

  /**
   * Signs with the key that the person touches, of several. Those that have none of the allowed
   * credentials wait for a touch too, and are then told of as not registered here.
   *
   * @param options what the relying party sent
   * @param origin the origin of the caller, such as {@code https://example.com}
   * @param keys asks them, and tells of those that cannot be used
   * @param deadline when to give up, at the latest; the options may ask for less
   * @return the answer for the relying party
   * @throws ErrorCodeException as for a single key, but {@link ErrorCode#TIMEOUT} as long as the right
   *     one might still have been plugged in
   * @throws InterruptedException if the thread is interrupted
   */
  public AssertionResponse get(
      RequestOptions options, String origin, TokenRace keys, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    return get(options, origin, KeyTasks.with(keys, polling), deadline);
  }

  private AssertionResponse get(
      RequestOptions options, String origin, KeyTasks tasks, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    Deadline end = limited(deadline, options.timeoutMillis());
    ApplicationParameter application = rpId(options.rpId(), origin);
    ClientData clientData = ClientData.ofWebAuthn(ClientData.GET, options.challenge(), origin);
    ChallengeParameter challenge = clientData.challengeParameter();
    ApplicationParameter old = appId(options.appId(), origin, end);
    List<AuthenticationRequest> candidates =
        messages(options.allowCredentials(), challenge, application, old);
    KeyTasks.Signed signed = tasks.sign(candidates, end);
    AuthenticationRequest answered = candidates.get(signed.index());
    return new AssertionResponse(
        answered.keyHandle(),
        clientData,
        U2fCredential.assertionData(signed.authentication(), answered.application()),
        signed.authentication().signature(),
        null,
        old == null ? null : answered.application().equals(old));
  }

  private static Deadline limited(Deadline deadline, @Nullable Integer millis) {
    return millis == null ? deadline : deadline.atMost(Duration.ofMillis(millis));
  }

  /** Each for the RP ID, and for the AppID if there is one; without those too long for a U2F key. */
  private static List<AuthenticationRequest> messages(
      List<CredentialDescriptor> credentials,
      ChallengeParameter challenge,
      ApplicationParameter rpId,
      @Nullable ApplicationParameter appId) {
    return credentials.stream()
        .map(CredentialDescriptor::id)
        .filter(KeyHandle::fitsMessage)
        .flatMap(id -> (appId == null ? Stream.of(rpId) : Stream.of(rpId, appId))
            .map(scope -> new AuthenticationRequest(
                Control.ENFORCE_USER_PRESENCE_AND_SIGN, challenge, scope, id)))
        .toList();
  }

  private @Nullable ApplicationParameter appId(
      @Nullable AppId appId, String origin, Deadline deadline)
      throws ErrorCodeException, InterruptedException {
    return appId == null ? null : facetRule.check(appId, origin, deadline).applicationParameter();
  }

  /** The RP ID has to suit the origin, and the origin to be one that browsers call secure. */
  private ApplicationParameter rpId(@Nullable String named, String origin)
      throws ErrorCodeException {
    WebOrigin caller =
        WebOrigin.of(origin).orElseThrow(() -> refused(origin + " is no web origin"));
    if (!caller.toString().equals(origin)) {
      throw refused("the caller's origin is written %s, not %s".formatted(caller, origin));
    }
    String host = caller.host();
    boolean local = host.equals("localhost") || host.endsWith(".localhost");
    if (!caller.scheme().equals("https") && !local) {
      throw refused("the caller's origin %s is not https".formatted(origin));
    }
    if (host.matches("[0-9.]+|\\[.*|.*\\.")) {
      throw refused("the caller's origin %s has an address for a host, or a dot at its end"
          .formatted(origin));
    }
    String rpId = named == null ? host : named;
    boolean above =
        host.endsWith("." + rpId) && rpId.indexOf('.') > 0 && scope.contains(rpId, host);
    if (!rpId.equals(host) && !above) {
      throw refused(
          "the RP ID %s is neither the host of the caller's origin %s nor a domain above it"
              .formatted(rpId, origin));
    }
    return new AppId(rpId).applicationParameter();
  }

  private static ErrorCodeException refused(String message) {
    return new ErrorCodeException(ErrorCode.BAD_REQUEST, message);
  }
}
