package org.u2f4j.examples;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.ClientData;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.strictjson.JsonObject;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.VerificationException;
import org.u2f4j.verifier.webauthn.AttestationObject;
import org.u2f4j.verifier.webauthn.AuthenticatorData;

/**
 * The members of a line of {@code u2f verify}. One that is missing, or of another type, leaves the
 * line unreadable: FormatException. One whose content does not decode is refused: MALFORMED.
 */
record Inputs(JsonObject json) {
  /** A line whose parts contradict each other. */
  static final class Contradiction extends Exception {
    private static final long serialVersionUID = 1;

    private Contradiction(String message) {
      super(message);
    }
  }

  /** Whether all that a relying party checks can be checked. */
  boolean full() {
    return json.has("clientData");
  }

  /** In place of client data and AppID their hashes have to be there. */
  void requireHashes() throws FormatException {
    if (!json.has("applicationParameter") && !json.has("challengeParameter")) {
      throw json.wrong("clientData", "is missing");
    }
    json.string("applicationParameter");
    json.string("challengeParameter");
  }

  /** Hashes that stand beside what they are made from have to be those. */
  void requireAgreement(@Nullable ClientData clientData)
      throws FormatException, VerificationException, Contradiction {
    if (json.has("applicationParameter")
        && json.has("appId")
        && !application().equals(appId().applicationParameter())) {
      throw new Contradiction("\"applicationParameter\" is not SHA-256 of \"appId\"");
    }
    if (json.has("challengeParameter")
        && clientData != null
        && !challengeParameter().equals(clientData.challengeParameter())) {
      throw new Contradiction("\"challengeParameter\" is not SHA-256 of \"clientData\"");
    }
  }

  boolean hasClientData() {
    return json.has("clientDataJSON");
  }

  /** The same for WebAuthn. */
  void requireHashesToAgree() throws FormatException, VerificationException, Contradiction {
    if (json.has("rpId")
        && json.has("rpIdHash")
        && !rpIdHash().equals(new AppId(rpId()).applicationParameter())) {
      throw new Contradiction("\"rpIdHash\" is not SHA-256 of \"rpId\"");
    }
    if (hasClientData()
        && json.has("clientDataHash")
        && !clientDataHash().equals(webAuthnClientData().challengeParameter())) {
      throw new Contradiction("\"clientDataHash\" is not SHA-256 of \"clientDataJSON\"");
    }
  }

  ClientData webAuthnClientData() throws FormatException, VerificationException {
    return base64("clientDataJSON", ClientData::decodeWebAuthn);
  }

  ChallengeParameter clientDataHash() throws FormatException, VerificationException {
    return hex("clientDataHash", bytes -> new ChallengeParameter(hash(bytes)));
  }

  boolean hasRpId() {
    return json.has("rpId");
  }

  String rpId() throws FormatException {
    return json.string("rpId");
  }

  String shownRpId() throws FormatException {
    return hasRpId() ? rpId() : "that of \"rpIdHash\"";
  }

  /** As it stands there, else that of the RP ID. */
  ApplicationParameter rpIdHash() throws FormatException, VerificationException {
    return hasRpId() && !json.has("rpIdHash")
        ? new AppId(rpId()).applicationParameter()
        : hex("rpIdHash", bytes -> new ApplicationParameter(hash(bytes)));
  }

  /** Empty if there is no such member, and never otherwise. */
  String[] origins() throws FormatException {
    List<String> origins = json.strings("origins");
    if (json.has("origins") && origins.isEmpty()) {
      throw json.wrong("origins", "is empty; leave it out to allow the RP ID's own");
    }
    return origins.toArray(String[]::new);
  }

  boolean hasCredentialId() {
    return json.has("credentialId");
  }

  KeyHandle credentialId() throws FormatException, VerificationException {
    return base64("credentialId", bytes -> KeyHandle.fromBase64Url(bytes.base64Url()));
  }

  AttestationObject attestationObject() throws FormatException, VerificationException {
    return base64("attestationObject", AttestationObject::decode);
  }

  Bytes attestationObjectBytes() throws FormatException {
    return json.bytes("attestationObject");
  }

  AuthenticatorData authenticatorData() throws FormatException, VerificationException {
    return base64("authenticatorData", AuthenticatorData::decode);
  }

  Bytes signature() throws FormatException, VerificationException {
    return base64("signature", bytes -> bytes);
  }

  boolean hasAppId() {
    return json.has("appId");
  }

  AppId appId() throws FormatException {
    return new AppId(json.string("appId"));
  }

  String challenge() throws FormatException {
    return json.string("challenge");
  }

  /** Empty if there is no such member, and never otherwise. */
  String[] facets() throws FormatException {
    List<String> facets = json.strings("facets");
    if (json.has("facets") && facets.isEmpty()) {
      throw json.wrong("facets", "is empty; leave it out to allow the AppID's own origin");
    }
    return facets.toArray(String[]::new);
  }

  /** Null if no signature was seen before. */
  @Nullable
  Long storedCounter() throws FormatException {
    Long stored = json.optionalLong("storedCounter");
    if (stored != null && stored >>> 32 != 0) {
      throw json.wrong("storedCounter", "is not between 0 and 4294967295");
    }
    return stored;
  }

  boolean hasKeyHandle() {
    return json.has("keyHandle");
  }

  KeyHandle keyHandle() throws FormatException, VerificationException {
    return base64("keyHandle", bytes -> KeyHandle.fromBase64Url(bytes.base64Url()));
  }

  RegistrationResponse registration() throws FormatException, VerificationException {
    return base64("registrationData", RegistrationResponse::decode);
  }

  AuthenticationResponse authentication() throws FormatException, VerificationException {
    return base64("signatureData", AuthenticationResponse::decode);
  }

  ClientData clientData() throws FormatException, VerificationException {
    return base64("clientData", ClientData::decode);
  }

  UserPublicKey publicKey() throws FormatException, VerificationException {
    return hex("publicKey", UserPublicKey::decode);
  }

  ApplicationParameter application() throws FormatException, VerificationException {
    return hex("applicationParameter", bytes -> new ApplicationParameter(hash(bytes)));
  }

  ChallengeParameter challengeParameter() throws FormatException, VerificationException {
    return hex("challengeParameter", bytes -> new ChallengeParameter(hash(bytes)));
  }

  private static Bytes hash(Bytes bytes) throws FormatException {
    if (bytes.length() != 32) {
      throw new FormatException("SHA-256 has 32 bytes, not " + bytes.length());
    }
    return bytes;
  }

  private <T> T base64(String name, JsonObject.Decoder<T> decoder)
      throws FormatException, VerificationException {
    json.string(name);
    try {
      return json.decoded(name, decoder);
    } catch (FormatException e) {
      throw malformed(e);
    }
  }

  private <T> T hex(String name, JsonObject.Decoder<T> decoder)
      throws FormatException, VerificationException {
    String text = json.string(name);
    try {
      return decoder.decode(Bytes.fromHex(text));
    } catch (FormatException e) {
      throw malformed(e.in('"' + name + '"'));
    }
  }

  /** Something that does not decode. */
  interface Decoded<T> {
    /** Decodes it. */
    T get() throws FormatException;
  }

  /** What stands in a part that was decoded before. */
  <T> T decoded(Decoded<T> part) throws VerificationException {
    try {
      return part.get();
    } catch (FormatException e) {
      throw malformed(e);
    }
  }

  private static VerificationException malformed(FormatException e) {
    return new VerificationException(Reason.MALFORMED, String.valueOf(e.getMessage()), e);
  }
}
