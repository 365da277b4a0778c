package org.example.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.TrustedFacets;
import org.u2f4j.client.U2fClient;
import org.u2f4j.client.WebAuthnClient;
import org.u2f4j.hid.HidKey;
import org.u2f4j.hid.HidKeys;
import org.u2f4j.json.AssertionResponse;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RequestOptions;
import org.u2f4j.json.SignResponse;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.soft.UserPresence;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.CounterVerdict;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;
import org.u2f4j.verifier.jdbc.JdbcRegistrationStore;
import org.u2f4j.verifier.metadata.MetadataBlob;
import org.u2f4j.verifier.metadata.MetadataRules;
import org.u2f4j.verifier.webauthn.WebAuthnRelyingParty;

/** Registers a software key and signs in with it, over every layer that a consumer compiles against. */
final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    String origin = "https://example.com";
    RegistrationStore store = RegistrationStore.inMemory();
    RelyingParty site = RelyingParty.builder(new AppId(origin), store, AttestationTrust.acceptAny())
        .build();
    WebAuthnRelyingParty browsers =
        WebAuthnRelyingParty.builder(site, "example.com").build();
    FacetRule rule = FacetRule.trustedFacets(TrustedFacets.overHttp());
    TouchPolling polling = new TouchPolling(TouchPolling.SILENT);
    U2fClient client = new U2fClient(rule, polling);
    SoftwareKey key = SoftwareKey.create().withUserPresence(UserPresence.after(1));
    Deadline deadline = Deadline.after(Duration.ofSeconds(30));

    PendingRegistration asked = site.startRegistration("alice");
    store.keep(asked.challenge(), asked.toJson(), asked.expiresAt());
    RegisterResponse registered = client.register(asked.request(), origin, key, deadline);
    String taken = store.consume(registered.clientData().challenge()).orElseThrow();
    site.finishRegistration(PendingRegistration.fromJson(taken), registered.toJson());

    PendingAuthentication login = site.startAuthentication("alice");
    SignResponse signed = client.sign(login.request(), origin, key, deadline);
    AuthenticationResult result = site.finishAuthentication(login, signed.toJson());
    require(result.counter().kind() == CounterVerdict.Kind.FIRST, result);
    try {
      site.finishAuthentication(login, signed.toJson());
      throw new AssertionError("accepted twice");
    } catch (VerificationException e) {
      require(e.reason() == Reason.COUNTER_REFUSED, e);
    }
    login = site.startAuthentication("alice");
    RequestOptions options = RequestOptions.decode(browsers.requestOptions(login));
    AssertionResponse assertion =
        new WebAuthnClient(rule, polling).get(options, origin, key, deadline);
    result = browsers.finishAuthentication(login, assertion.toJson());
    require(result.counter().kind() == CounterVerdict.Kind.ADVANCED, result);
    requireParts();
    System.out.println("consumer in " + Main.class.getModule() + ": " + result.counter() + "; "
        + site.engine().description());
  }

  /** What is there for those who want it: it links, and finds its own resources. */
  private static void requireParts() throws Exception {
    List<HidKey> keys = HidKeys.USB.list(Deadline.after(Duration.ofSeconds(2)));
    require(keys.stream().allMatch(found -> !found.path().isEmpty()), "keys have paths");
    require(MetadataRules.STRICT.roots().size() == 2, MetadataRules.STRICT);
    try {
      MetadataBlob.verify(Bytes.utf8("no blob"), MetadataRules.STRICT, Instant.now());
      throw new AssertionError("accepted no blob");
    } catch (VerificationException e) {
      require(e.reason() == Reason.MALFORMED_METADATA, e);
    }
    DataSource nowhere = null;
    require(new JdbcRegistrationStore(nowhere) instanceof RegistrationStore, "a store");
  }

  private static void require(boolean good, Object what) {
    if (!good) {
      throw new AssertionError(what);
    }
  }
}
