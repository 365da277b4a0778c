package org.u2f4j.verifier;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;

/**
 * The relying party: asks for registrations and authentications, and checks what comes back. Every
 * check is made unless it was turned off by name.
 *
 * <p>Immutable, made once, used by all threads. It keeps nothing but what bounded
 * caches hold, of certificates and, if Bouncy Castle verifies, of the last 1,024 public keys at most:
 * what was asked is in the pending value, which the application keeps, and what was
 * registered is in the {@link RegistrationStore}.
 */
public final class RelyingParty {
  private static final int CHALLENGE_LENGTH = 32;
  private static final int USER_PRESENT = 1;

  /** More would not fit the 65,536 characters of a pending value, if their key handles are long. */
  private static final int MAX_REGISTRATIONS = 32;

  private final AppId appId;
  private final ApplicationParameter applicationParameter;
  private final ClientDataCheck clientDataCheck;
  private final RegistrationStore store;
  private final MessageVerifier messages;
  private final CounterCheck counterCheck;
  private final CounterPolicy counterPolicy;
  private final Duration timeout;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  private RelyingParty(Builder builder) {
    this.appId = builder.appId;
    this.applicationParameter = appId.applicationParameter();
    this.clientDataCheck = builder.facets.isEmpty()
        ? ClientDataCheck.ofOwnOrigin(appId)
        : new ClientDataCheck(Set.copyOf(builder.facets));
    this.store = builder.store;
    this.counterCheck = new CounterCheck(store);
    this.counterPolicy = builder.counterPolicy;
    this.timeout = builder.timeout;
    this.clock = builder.clock;
    EcdsaEngine engine = builder.engine == null ? EcdsaEngine.best() : builder.engine;
    this.messages = new MessageVerifier(engine, builder.trust, clock);
  }

  /**
   * Begins to build a relying party.
   *
   * @param appId what registrations are bound to, for ever: usually {@code https://} and the host
   * @param store where registrations are kept
   * @param trust whom to trust with attestation; {@link AttestationTrust#acceptAny()} is a choice
   * @return a builder with every check turned on
   */
  public static Builder builder(AppId appId, RegistrationStore store, AttestationTrust trust) {
    return new Builder(appId, store, trust);
  }

  /**
   * Asks for a registration.
   *
   * @param account whose it will be, in the application's own words; not empty, and without U+0000
   *     and halves of surrogate pairs, which databases and JSON do not keep
   * @return the value to keep until the response comes; {@link PendingRegistration#requestJson()}
   *     goes to the client
   * @throws IllegalArgumentException if the account is none of these
   * @throws IllegalStateException if the account has 32 registrations: it has to remove one first
   */
  public PendingRegistration startRegistration(String account) {
    Instant now = clock.instant();
    List<RegisteredKey> keys = registeredKeys(account);
    if (keys.size() >= MAX_REGISTRATIONS) {
      throw new IllegalStateException(
          "the account has " + keys.size() + " registrations, and there is no room for more");
    }
    RegisterRequest request = new RegisterRequest(appId, challenge(), keys, timeoutSeconds(), null);
    return new PendingRegistration(account, request, now.plus(timeout));
  }

  /**
   * Checks the response to {@link #startRegistration} and stores the registration.
   *
   * @param pending the value that was kept, taken from there so that nobody can take it again
   * @param responseJson the client's response, as received
   * @return what was stored, and what is known of the key
   * @throws VerificationException if a check fails, the response does not parse, or it is an error
   *     code; nothing is stored then
   */
  public RegistrationResult finishRegistration(PendingRegistration pending, String responseJson)
      throws VerificationException {
    try {
      return finishRegistration(pending, RegisterResponse.decode(responseJson));
    } catch (FormatException e) {
      throw malformed(e);
    } catch (ErrorCodeException e) {
      throw clientError(e);
    }
  }

  /**
   * The same for a response that was parsed before.
   *
   * @param pending the value that was kept, taken from there so that nobody can take it again
   * @param response the client's response
   * @return what was stored, and what is known of the key
   * @throws VerificationException if a check fails; nothing is stored then
   */
  public RegistrationResult finishRegistration(
      PendingRegistration pending, RegisterResponse response) throws VerificationException {
    RegistrationResponse registration = response.registration();
    ClientData clientData = response.clientData();
    return finishRegistration(pending, clientData, ClientData.REGISTER, (verifier, now) -> {
      // The raw message has parsed, its public key with it: there is none that is not on the curve.
      // Certificate, signature, attestation and trust.
      AttestationResult attestation =
          verifier.verify(registration, applicationParameter, clientData.challengeParameter());
      AttestationCertificate certificate = attestation.chain().get(0);
      Registration stored = new Registration(
          pending.account(),
          // what is stored must not hold on to the message that it was cut from
          new KeyHandle(Bytes.of(registration.keyHandle().bytes().toArray())),
          registration.userPublicKey(),
          appId,
          null,
          certificate.der(),
          certificate.transports(),
          now,
          null,
          null);
      return new RegistrationResult(stored, attestation, USER_PRESENT);
    });
  }

  /**
   * The same for a response in an envelope of any kind: that of U2F comes through here, and that of
   * WebAuthn. What the envelope's check leaves out nobody checks, so applications have no use for it.
   *
   * @param pending the value that was kept, taken from there so that nobody can take it again
   * @param clientData what the client added to the challenge
   * @param type the type that the client data have to have
   * @param check checks what is in the envelope
   * @return what was stored, and what is known of the key
   * @throws VerificationException if a check fails; nothing is stored then
   */
  public RegistrationResult finishRegistration(
      PendingRegistration pending, ClientData clientData, String type, RegistrationCheck check)
      throws VerificationException {
    Instant now = clock.instant();
    // The request is this relying party's and still open.
    requireOpen(pending.appId(), pending.expiresAt(), now);
    // Type, challenge and origin of the client data.
    clientDataCheck.require(clientData, type, pending.challenge());
    // Whatever the envelope holds.
    RegistrationResult result = check.verify(messages, now);
    // There is still room: others may have been added since the request.
    String account = pending.account();
    if (store.registrations(account).size() >= MAX_REGISTRATIONS) {
      throw noRoom();
    }
    // No account has this key handle.
    if (!store.add(result.registration())) {
      throw new VerificationException(
          Reason.KEY_HANDLE_KNOWN, "this key handle is registered already, here or elsewhere");
    }
    // There was room for this one: others may have been added at the same time.
    if (store.registrations(account).size() > MAX_REGISTRATIONS) {
      store.remove(account, result.registration().keyHandle());
      throw noRoom();
    }
    return result;
  }

  private static VerificationException noRoom() {
    return new VerificationException(
        Reason.REGISTRATION_LIMIT,
        "the account has %s registrations by now".formatted(MAX_REGISTRATIONS));
  }

  /**
   * Asks for an authentication with any of the account's registrations.
   *
   * @param account who is to sign in; not empty, and without U+0000 and halves of surrogate pairs
   * @return the value to keep until the response comes; its request names no key if the account has
   *     none, or does not exist, and no response will pass then
   * @throws IllegalArgumentException if the account is none of these
   */
  public PendingAuthentication startAuthentication(String account) {
    Instant now = clock.instant();
    SignRequest request =
        new SignRequest(appId, challenge(), registeredKeys(account), timeoutSeconds(), null);
    return new PendingAuthentication(account, request, now.plus(timeout));
  }

  /**
   * Checks the response to {@link #startAuthentication} and stores the counter.
   *
   * @param pending the value that was kept, taken from there so that nobody can take it again
   * @param responseJson the client's response, as received
   * @return which registration signed, and what its counter said
   * @throws VerificationException if a check fails, the response does not parse, or it is an error
   *     code; nothing is stored then but the mark of a refused counter
   */
  public AuthenticationResult finishAuthentication(
      PendingAuthentication pending, String responseJson) throws VerificationException {
    try {
      return finishAuthentication(pending, SignResponse.decode(responseJson));
    } catch (FormatException e) {
      throw malformed(e);
    } catch (ErrorCodeException e) {
      throw clientError(e);
    }
  }

  /**
   * The same for a response that was parsed before.
   *
   * @param pending the value that was kept, taken from there so that nobody can take it again
   * @param response the client's response
   * @return which registration signed, and what its counter said
   * @throws VerificationException if a check fails; nothing is stored then but the mark of a refused
   *     counter
   */
  public AuthenticationResult finishAuthentication(
      PendingAuthentication pending, SignResponse response) throws VerificationException {
    AuthenticationResponse authentication = response.authentication();
    ClientData clientData = response.clientData();
    AuthenticationCheck check = (verifier, registration) -> {
      // A client of U2F was not asked for what WebAuthn bound to an RP ID.
      if (isWebAuthn(registration)) {
        throw new VerificationException(
            Reason.UNKNOWN_KEY_HANDLE,
            "the registration was made with WebAuthn, the answer is of U2F");
      }
      // User presence and signature.
      verifier.verify(
          authentication,
          registration.publicKey(),
          parameter(registration.appId()),
          clientData.challengeParameter());
      return authentication;
    };
    return finishAuthentication(
        pending, response.keyHandle(), clientData, ClientData.SIGN, check, counterPolicy);
  }

  /**
   * The same for a response in an envelope of any kind: that of U2F comes through here, and that of
   * WebAuthn. What the envelope's check leaves out nobody checks, so applications have no use for it.
   *
   * @param pending the value that was kept, taken from there so that nobody can take it again
   * @param keyHandle which registration signed, by the response
   * @param clientData what the client added to the challenge
   * @param type the type that the client data have to have
   * @param check checks what is in the envelope
   * @param policy which counters pass
   * @return which registration signed, and what its counter said
   * @throws VerificationException if a check fails; nothing is stored then but the mark of a refused
   *     counter
   */
  public AuthenticationResult finishAuthentication(
      PendingAuthentication pending,
      KeyHandle keyHandle,
      ClientData clientData,
      String type,
      AuthenticationCheck check,
      CounterPolicy policy)
      throws VerificationException {
    Instant now = clock.instant();
    // The request is this relying party's and still open.
    requireOpen(pending.appId(), pending.expiresAt(), now);
    // The key handle was asked for, and it is the account's.
    Registration registration = requireRegistration(pending, keyHandle);
    // Type, challenge and origin of the client data.
    clientDataCheck.require(clientData, type, pending.challenge());
    // Whatever the envelope holds: user presence and signature, at least.
    AuthenticationResponse authentication = check.verify(messages, registration);
    // Then, and only then, the counter.
    return counterCheck.advance(registration, authentication, policy, now);
  }

  private Registration requireRegistration(PendingAuthentication pending, KeyHandle keyHandle)
      throws VerificationException {
    boolean asked = false;
    for (RegisteredKey key : pending.request().registeredKeys()) {
      asked |= key.keyHandle().equals(keyHandle);
    }
    if (!asked) {
      throw new VerificationException(
          Reason.UNKNOWN_KEY_HANDLE, "the response names a key handle that was not asked for");
    }
    return store
        .find(keyHandle)
        .filter(found -> found.account().equals(pending.account()))
        .orElseThrow(CounterCheck::gone);
  }

  private ApplicationParameter parameter(AppId bound) {
    return bound.equals(appId) ? applicationParameter : bound.applicationParameter();
  }

  private void requireOpen(AppId asked, Instant expiresAt, Instant now)
      throws VerificationException {
    if (!asked.equals(appId)) {
      throw new VerificationException(
          Reason.WRONG_APP_ID, "the request was for " + asked + ", this relying party is " + appId);
    }
    if (!now.isBefore(expiresAt)) {
      throw new VerificationException(
          Reason.EXPIRED,
          "the response came at " + now + ", the request was open until " + expiresAt);
    }
  }

  private static VerificationException malformed(FormatException e) {
    return new VerificationException(
        Reason.MALFORMED, "the response does not parse: " + e.getMessage(), e);
  }

  private static VerificationException clientError(ErrorCodeException e) {
    String said = VerificationException.shown(String.valueOf(e.getMessage()));
    return new VerificationException(Reason.CLIENT_ERROR, said, e);
  }

  private String challenge() {
    byte[] challenge = new byte[CHALLENGE_LENGTH];
    random.nextBytes(challenge);
    return Bytes.of(challenge).base64Url();
  }

  private List<RegisteredKey> registeredKeys(String account) {
    return store.registrations(account).stream().map(this::registeredKey).toList();
  }

  /** What WebAuthn bound to an RP ID is none of a U2F client's business. */
  private RegisteredKey registeredKey(Registration registration) {
    RegisteredKey key = registration.registeredKey();
    String version = isWebAuthn(registration) ? RegisteredKey.WEBAUTHN : key.version();
    return new RegisteredKey(version, key.keyHandle(), key.appId(), null, key.transports());
  }

  private boolean isWebAuthn(Registration registration) {
    return registration.appId().isRpId() && !registration.appId().equals(appId);
  }

  private int timeoutSeconds() {
    return (int) timeout.toSeconds();
  }

  /**
   * What registrations made with U2F are bound to.
   *
   * @return the AppID
   */
  public AppId appId() {
    return appId;
  }

  /**
   * The engine that verifies signatures.
   *
   * @return the engine, which can be asked why it was chosen
   */
  public EcdsaEngine engine() {
    return messages.engine();
  }

  /** Builds a {@link RelyingParty}. */
  public static final class Builder {
    private final AppId appId;
    private final RegistrationStore store;
    private final AttestationTrust trust;
    private final List<String> facets = new ArrayList<>();
    private CounterPolicy counterPolicy = CounterPolicy.u2f();
    private Duration timeout = Duration.ofMinutes(5);
    private InstantSource clock = InstantSource.system();
    private @Nullable EcdsaEngine engine;

    private Builder(AppId appId, RegistrationStore store, AttestationTrust trust) {
      this.appId = appId;
      this.store = store;
      this.trust = trust;
    }

    /**
     * Names the facets that may use the AppID, compared character by character: web origins such as
     * {@code https://example.com}, or an application's, such as {@code android:apk-key-hash:...}. An
     * origin ends with the host, or with a port that is not the standard one: {@code
     * https://example.com/} with a slash never matches.
     * Without any, it is the AppID's own origin.
     *
     * @param allowed all of them, one at least
     * @return this
     * @throws IllegalArgumentException if there is none: nobody could use the AppID
     */
    public Builder facets(String... allowed) {
      if (allowed.length == 0) {
        throw new IllegalArgumentException("name at least one facet, or leave it to the AppID");
      }
      facets.clear();
      facets.addAll(List.of(allowed));
      return this;
    }

    /**
     * Sets which counters pass that come with U2F; by default {@link CounterPolicy#u2f()}.
     *
     * @param policy decides
     * @return this
     */
    public Builder counterPolicy(CounterPolicy policy) {
      counterPolicy = policy;
      return this;
    }

    /**
     * Sets how long a request stays open; by default five minutes.
     *
     * @param duration a second at least
     * @return this
     * @throws IllegalArgumentException if it is less than a second, or more than a day
     */
    public Builder timeout(Duration duration) {
      if (duration.toSeconds() < 1 || duration.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException(
            "a request is open for a second to a day, not " + duration);
      }
      timeout = duration;
      return this;
    }

    /**
     * Sets what verifies signatures; by default {@link EcdsaEngine#best()}.
     *
     * @param chosen the engine
     * @return this
     */
    public Builder engine(EcdsaEngine chosen) {
      engine = chosen;
      return this;
    }

    /**
     * Sets the clock, by which requests expire and certificates are valid; by default the system's.
     *
     * @param source the clock
     * @return this
     */
    public Builder clock(InstantSource source) {
      clock = source;
      return this;
    }

    /**
     * Builds it.
     *
     * @return the relying party
     * @throws IllegalArgumentException if no facet was named and the AppID is no web address
     */
    public RelyingParty build() {
      return new RelyingParty(this);
    }
  }
}
