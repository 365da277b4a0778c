package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.u2f4j.AppId;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.examples.Inputs.Contradiction;
import org.u2f4j.json.AssertionResponse;
import org.u2f4j.json.AttestationResponse;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.SignRequest;
import org.u2f4j.strictjson.JsonWriter;
import org.u2f4j.verifier.AttestationResult;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.CounterPolicy;
import org.u2f4j.verifier.CounterVerdict;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;
import org.u2f4j.verifier.webauthn.AttestationObject;
import org.u2f4j.verifier.webauthn.AuthenticatorData;
import org.u2f4j.verifier.webauthn.Flag;
import org.u2f4j.verifier.webauthn.WebAuthnRelyingParty;

/**
 * Verifies one line of {@code u2f verify} with an answer of WebAuthn: all that a relying party checks
 * if the line has client data, else what can be checked with their hash.
 */
record WebAuthnLine(Inputs in, AttestationTrust trust, Engines engines, long number) {
  /** Nothing is checked but the form. */
  JsonWriter.Members parsed() throws FormatException, VerificationException {
    AttestationObject object = in.attestationObject();
    List<String> leftOut = new ArrayList<>(LineVerifier.OF_CLIENT_DATA);
    leftOut.addAll(List.of("rpId", "publicKey", "signature", "trust"));
    return json -> {
      credential(json, object);
      Learnt.strings(json, "leftOut", leftOut);
    };
  }

  JsonWriter.Members registration() throws FormatException, VerificationException, Contradiction {
    AttestationObject object = in.attestationObject();
    KeyHandle id =
        in.hasCredentialId() ? in.credentialId() : object.credential().id();
    AttestationResult attestation =
        in.hasClientData() ? checked(id) : checkedByHash(object, in.clientDataHash());
    in.requireHashesToAgree();
    UserPublicKey publicKey = object.credential().publicKey(); // which was checked to be one
    return json -> {
      credential(json, object);
      json.writeStringField("publicKey", publicKey.bytes().hex());
      Learnt.attestation(json, attestation);
      Learnt.strings(json, "leftOut", leftOut());
    };
  }

  private AttestationResult checked(KeyHandle id)
      throws FormatException, VerificationException, Contradiction {
    String rpId = rpId();
    RelyingParty site = site(rpId, RegistrationStore.inMemory());
    PendingRegistration pending = new PendingRegistration(
        LineVerifier.ACCOUNT,
        new RegisterRequest(site.appId(), in.challenge(), List.of()),
        Instant.MAX);
    AttestationResponse response = new AttestationResponse(
        id, in.webAuthnClientData(), in.attestationObjectBytes(), List.of(), null);
    return WebAuthnRelyingParty.builder(site, rpId)
        .build()
        .finishRegistration(pending, response)
        .attestation();
  }

  private AttestationResult checkedByHash(AttestationObject object, ChallengeParameter hash)
      throws FormatException, VerificationException {
    object.authenticatorData().require(in.rpIdHash(), in.shownRpId());
    in.decoded(object.credential()::publicKey);
    return object.verify(engines.messages(number, trust), hash);
  }

  JsonWriter.Members authentication() throws FormatException, VerificationException, Contradiction {
    AuthenticatorData data = in.authenticatorData();
    CounterVerdict verdict = in.hasClientData() ? checked(data) : checkedByHash(data);
    in.requireHashesToAgree();
    List<String> leftOut = leftOut();
    if (!in.hasClientData() || !in.hasCredentialId()) {
      leftOut.add("credentialId");
    }
    return json -> {
      flags(json, data);
      json.writeNumberField("counter", verdict.received());
      json.writeStringField("counterVerdict", verdict.kind().name());
      Learnt.strings(json, "leftOut", leftOut);
    };
  }

  private CounterVerdict checked(AuthenticatorData data)
      throws FormatException, VerificationException {
    String rpId = rpId();
    RegistrationStore store = RegistrationStore.inMemory();
    RelyingParty site = site(rpId, store);
    boolean old = signedForAppId(data);
    Registration registration = new Registration(
        LineVerifier.ACCOUNT,
        in.hasCredentialId() ? in.credentialId() : LineVerifier.NO_KEY_HANDLE,
        in.publicKey(),
        old ? site.appId() : new AppId(rpId),
        in.storedCounter(),
        Bytes.EMPTY,
        List.of(),
        Instant.EPOCH,
        null,
        null);
    store.add(registration);
    PendingAuthentication pending = new PendingAuthentication(
        LineVerifier.ACCOUNT,
        new SignRequest(site.appId(), in.challenge(), List.of(registration.registeredKey())),
        Instant.MAX);
    AssertionResponse response = new AssertionResponse(
        registration.keyHandle(), in.webAuthnClientData(), data.bytes(), in.signature(), null, old);
    return WebAuthnRelyingParty.builder(site, rpId)
        .build()
        .finishAuthentication(pending, response)
        .counter();
  }

  /** A line does not say whether the client used the AppID; the key's own word has to do. */
  private boolean signedForAppId(AuthenticatorData data) throws FormatException {
    return in.hasAppId() && data.application().equals(in.appId().applicationParameter());
  }

  private CounterVerdict checkedByHash(AuthenticatorData data)
      throws FormatException, VerificationException {
    if (signedForAppId(data)) {
      data.require(data.application(), in.appId().value());
    } else {
      data.require(in.rpIdHash(), in.shownRpId());
    }
    engines
        .messages(number, trust)
        .verify(in.publicKey(), data.signedBytes(in.clientDataHash()), in.signature());
    CounterVerdict verdict = CounterVerdict.of(in.storedCounter(), data.counter());
    if (!CounterPolicy.webAuthn().accepts(verdict)) {
      throw new VerificationException(Reason.COUNTER_REFUSED, "the counter is " + verdict);
    }
    return verdict;
  }

  private List<String> leftOut() {
    return new ArrayList<>(in.hasClientData() ? List.of() : LineVerifier.OF_CLIENT_DATA);
  }

  private RelyingParty site(String rpId, RegistrationStore store) throws FormatException {
    String[] origins = in.origins();
    String own = "https://" + rpId;
    return RelyingParty.builder(in.hasAppId() ? in.appId() : new AppId(own), store, trust)
        .engine(engines.at(number))
        .facets(origins.length == 0 ? new String[] {own} : origins)
        .build();
  }

  /** The RP ID; of a line that has but its hash, the domain of an origin that it is the hash of. */
  private String rpId() throws FormatException, VerificationException {
    if (in.hasRpId()) {
      return in.rpId();
    }
    ApplicationParameter hash = in.rpIdHash();
    for (String origin : in.origins()) {
      String domain = host(origin);
      while (!domain.isEmpty()) {
        if (new AppId(domain).applicationParameter().equals(hash)) {
          return domain;
        }
        domain =
            domain.substring(domain.indexOf('.') < 0 ? domain.length() : domain.indexOf('.') + 1);
      }
    }
    throw new VerificationException(
        Reason.WRONG_APP_ID, "\"rpIdHash\" is that of no domain of \"origins\"");
  }

  private static String host(String origin) {
    try {
      String host = URI.create(origin).getHost();
      return host == null ? "" : host;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static void credential(JsonGenerator json, AttestationObject object) throws IOException {
    json.writeStringField("credentialId", object.credential().id().base64Url());
    json.writeStringField("format", object.format());
    json.writeStringField("aaguid", object.credential().aaguid().hex());
    flags(json, object.authenticatorData());
    json.writeNumberField("counter", object.authenticatorData().counter());
  }

  private static void flags(JsonGenerator json, AuthenticatorData data) throws IOException {
    json.writeNumberField("flags", data.flags());
    Learnt.strings(
        json, "flagNames", Flag.of(data.flags()).stream().map(Flag::name).toList());
  }
}
