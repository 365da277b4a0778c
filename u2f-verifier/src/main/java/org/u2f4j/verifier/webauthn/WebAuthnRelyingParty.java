package org.u2f4j.verifier.webauthn;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.FormatException;
import org.u2f4j.json.AssertionResponse;
import org.u2f4j.json.AttestationResponse;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.CreationOptions;
import org.u2f4j.json.CredentialDescriptor;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.RequestOptions;
import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.CounterPolicy;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.RegistrationResult;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;

/**
 * A relying party as browsers see it: puts what a {@link RelyingParty} asks into the options of
 * WebAuthn, and checks what a browser answers on the same path, with the same store and the same
 * reasons.
 *
 * <p>A registration made here is bound to the RP ID; one that was made with U2F stays bound to its
 * AppID, and is reached through the extensions appid and appidExclude, which are added when an
 * account has such registrations. Any ES256 credential of a key that was touched is taken: what U2F
 * keys answer, and what newer ones do.
 *
 * <p>Immutable, made once, used by all threads.
 */
public final class WebAuthnRelyingParty {
  private static final int MILLIS = 1_000;

  /** Labels of letters, digits and hyphens. IPv4 addresses are such: no browser asks, but other clients do. */
  private static final Pattern DOMAIN = Pattern.compile(
      "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

  private final RelyingParty site;
  private final AppId rpId;
  private final String name;
  private final FrameRule frames;
  private final boolean zeroAaguid;
  private final CounterPolicy counterPolicy;

  private WebAuthnRelyingParty(Builder builder) {
    this.site = builder.site;
    this.rpId = builder.rpId;
    this.name = builder.name;
    this.frames = new FrameRule(builder.topOrigins);
    this.zeroAaguid = builder.zeroAaguid;
    this.counterPolicy = builder.counterPolicy;
  }

  /**
   * Begins to build one.
   *
   * @param site asks, checks and stores; its facets are the origins that browsers may answer from
   * @param rpId the RP ID: the host of those origins, or a domain above it that is no public suffix;
   *     for ever
   * @return a builder with every check turned on
   * @throws IllegalArgumentException if it is no domain in lower case, in its ASCII form; an IPv4 address
   *     is let through, although browsers refuse one
   */
  public static Builder builder(RelyingParty site, String rpId) {
    return new Builder(site, rpId);
  }

  /**
   * What a browser is asked for a registration.
   *
   * @param pending the value that the relying party made
   * @param user for whom; see there for what a user handle is
   * @return the argument of {@code PublicKeyCredential.parseCreationOptionsFromJSON}, parsed
   */
  public String creationOptions(PendingRegistration pending, CreationOptions.User user) {
    List<RegisteredKey> keys = pending.request().registeredKeys();
    return new CreationOptions(
            rpId.value(),
            name,
            user,
            pending.challenge(),
            descriptors(keys),
            millis(pending.request().timeoutSeconds()),
            true,
            hasAppId(keys) ? site.appId() : null)
        .toJson();
  }

  /**
   * What a browser is asked for an authentication.
   *
   * @param pending the value that the relying party made
   * @return the argument of {@code PublicKeyCredential.parseRequestOptionsFromJSON}, parsed; it names
   *     no credential if the account has none, and a browser may then offer others, which will not
   *     pass
   */
  public String requestOptions(PendingAuthentication pending) {
    List<RegisteredKey> keys = pending.request().registeredKeys();
    return new RequestOptions(
            rpId.value(),
            pending.challenge(),
            descriptors(keys),
            millis(pending.request().timeoutSeconds()),
            hasAppId(keys) ? site.appId() : null)
        .toJson();
  }

  private static @Nullable Integer millis(@Nullable Integer seconds) {
    return seconds == null ? null : seconds * MILLIS;
  }

  private static List<CredentialDescriptor> descriptors(List<RegisteredKey> keys) {
    return keys.stream()
        .map(key -> new CredentialDescriptor(
            key.keyHandle(), CredentialRecord.webAuthnTransports(key.transports())))
        .toList();
  }

  /** Whether one of them is bound to the AppID; a pending value leaves it out then. */
  private boolean hasAppId(List<RegisteredKey> keys) {
    return !site.appId().equals(rpId) && keys.stream().anyMatch(key -> key.appId() == null);
  }

  /**
   * Checks a browser's answer to {@link #creationOptions} and stores the registration.
   *
   * @param pending the value that was kept, taken from there so that nobody can take it again
   * @param responseJson the answer, as received
   * @return what was stored, and what is known of the key
   * @throws VerificationException if a check fails, or the answer does not parse; nothing is stored
   *     then
   */
  public RegistrationResult finishRegistration(PendingRegistration pending, String responseJson)
      throws VerificationException {
    try {
      return finishRegistration(pending, AttestationResponse.decode(responseJson));
    } catch (FormatException e) {
      throw malformed(e);
    }
  }

  /**
   * The same for an answer that was parsed before (Web Authentication, section 7.1).
   *
   * @param pending the value that was kept, taken from there so that nobody can take it again
   * @param response the browser's answer
   * @return what was stored, and what is known of the key
   * @throws VerificationException if a check fails; nothing is stored then
   */
  public RegistrationResult finishRegistration(
      PendingRegistration pending, AttestationResponse response) throws VerificationException {
    // First that the request is open, type, challenge and origin of the client data; at last that
    // no account has this credential.
    CreationCheck check = new CreationCheck(pending.account(), response, rpId, frames, zeroAaguid);
    return site.finishRegistration(pending, response.clientData(), ClientData.CREATE, check);
  }

  /**
   * Checks a browser's answer to {@link #requestOptions} and stores the counter.
   *
   * @param pending the value that was kept, taken from there so that nobody can take it again
   * @param responseJson the answer, as received
   * @return which registration signed, and what its counter said
   * @throws VerificationException if a check fails, or the answer does not parse; nothing is stored
   *     then but the mark of a refused counter
   */
  public AuthenticationResult finishAuthentication(
      PendingAuthentication pending, String responseJson) throws VerificationException {
    try {
      return finishAuthentication(pending, AssertionResponse.decode(responseJson));
    } catch (FormatException e) {
      throw malformed(e);
    }
  }

  /**
   * The same for an answer that was parsed before (Web Authentication, section 7.2). The user handle
   * is not looked at: whose credential it is, the store says.
   *
   * @param pending the value that was kept, taken from there so that nobody can take it again
   * @param response the browser's answer
   * @return which registration signed, and what its counter said
   * @throws VerificationException if a check fails; nothing is stored then but the mark of a refused
   *     counter
   */
  public AuthenticationResult finishAuthentication(
      PendingAuthentication pending, AssertionResponse response) throws VerificationException {
    boolean appIdUsed =
        Boolean.TRUE.equals(response.appId()) && hasAppId(pending.request().registeredKeys());
    AssertionCheck check = new AssertionCheck(response, appIdUsed ? site.appId() : rpId, frames);
    // First that the request is open, the credential asked for and the account's, type, challenge
    // and origin of the client data; at last the counter.
    return site.finishAuthentication(
        pending, response.id(), response.clientData(), ClientData.GET, check, counterPolicy);
  }

  static VerificationException malformed(FormatException e) {
    return new VerificationException(
        Reason.MALFORMED, "the response does not parse: " + e.getMessage(), e);
  }

  /** Builds a {@link WebAuthnRelyingParty}. */
  public static final class Builder {
    private final RelyingParty site;
    private final AppId rpId;
    private String name;
    private Set<String> topOrigins = Set.of();
    private boolean zeroAaguid;
    private CounterPolicy counterPolicy = CounterPolicy.webAuthn();

    private Builder(RelyingParty site, String rpId) {
      this.site = site;
      this.rpId = new AppId(rpId);
      this.name = rpId;
      if (!DOMAIN.matcher(rpId).matches()) {
        throw new IllegalArgumentException(
            "an RP ID is a domain in lower case, such as example.com, not " + rpId);
      }
    }

    /**
     * Sets what browsers may call the site; by default the RP ID.
     *
     * @param shown a name for people
     * @return this
     */
    public Builder name(String shown) {
      name = shown;
      return this;
    }

    /**
     * Names the pages of other origins in whose frames the site's own may stand; by default there are
     * none, and an answer from a frame is refused.
     *
     * @param allowed origins such as {@code https://example.net}, compared character by character
     * @return this
     */
    public Builder topOrigins(String... allowed) {
      topOrigins = Set.copyOf(List.of(allowed));
      return this;
    }

    /**
     * Demands that attestations of the format fido-u2f have an AAGUID of zeros, as CTAP makes it of a
     * U2F key's answer and FIDO's conformance tests want it. By default any will do: WebAuthn does
     * not ask for it, its own test vector has another one, and it is not signed.
     *
     * @return this
     */
    public Builder requireZeroAaguid() {
      zeroAaguid = true;
      return this;
    }

    /**
     * Sets which counters pass; by default {@link CounterPolicy#webAuthn()}, which lets keys pass that
     * have none.
     *
     * @param policy decides
     * @return this
     */
    public Builder counterPolicy(CounterPolicy policy) {
      counterPolicy = policy;
      return this;
    }

    /**
     * Builds it.
     *
     * @return the relying party
     */
    public WebAuthnRelyingParty build() {
      return new WebAuthnRelyingParty(this);
    }
  }
}
