import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.U2fClient;
import org.u2f4j.client.WebAuthnClient;
import org.u2f4j.json.AssertionResponse;
import org.u2f4j.json.AttestationResponse;
import org.u2f4j.json.CreationOptions;
import org.u2f4j.json.RequestOptions;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.verifier.AttestationCertificate;
import org.u2f4j.verifier.AuthenticationResult;
import org.u2f4j.verifier.CounterVerdict;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationResult;
import org.u2f4j.verifier.webauthn.AttestationObject;
import org.u2f4j.verifier.webauthn.WebAuthnRelyingParty;

/** What is tried. Each case has a tab and an account of its own, and says what was seen. */
final class Cases {
  private static final int TOUCHED = 0x01;
  private static final int TOUCHED_WITH_CREDENTIAL = 0x41;
  private static final TouchPolling POLLING = new TouchPolling(TouchPolling.SILENT);

  private final Site site;
  private final WebAuthnRelyingParty webAuthn;

  Cases(Site site) {
    this.site = site;
    this.webAuthn = site.webAuthn;
  }

  String register(Visit visit) throws Exception {
    visit.tab().plugIn("u2f");
    PendingRegistration pending = visit.startRegistration();
    String answer = visit.answer(pending);
    RegistrationResult result = webAuthn.finishRegistration(pending, Visit.json(answer));
    Registration stored = result.registration();
    Check.equal("format", "fido-u2f", object(answer).format());
    Check.equal("flags", TOUCHED_WITH_CREDENTIAL, result.flags());
    Check.equal("stored", List.of(stored), site.store.registrations(visit.account()));
    Check.equal("counter", 0L, stored.counter());
    Check.equal("transports", List.of("usb"), stored.transports());
    return "fido-u2f, attested by %s; credential id of %s bytes, counter 0, by usb"
        .formatted(certificate(result).subject(), stored.keyHandle().bytes().length());
  }

  String signIn(Visit visit) throws Exception {
    visit.tab().plugIn("u2f");
    visit.register();
    List<String> counters = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      AuthenticationResult result = visit.signIn();
      Check.equal("flags", TOUCHED, result.flags());
      Check.equal("counter", CounterVerdict.Kind.ADVANCED, result.counter().kind());
      Check.equal(
          "stored", List.of(result.registration()), site.store.registrations(visit.account()));
      counters.add(result.counter().toString());
    }
    return "three times; counter " + String.join(", ", counters);
  }

  /** As above, but the browser has to find and talk to a key of this machine. */
  String pluggedIn(Visit visit) throws Exception {
    PendingRegistration pending = visit.startRegistration();
    String answer = Visit.json(visit.answer(pending));
    RegistrationResult result = webAuthn.finishRegistration(pending, answer);
    Check.equal("format", "fido-u2f", object(answer).format());
    List<String> counters = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      AuthenticationResult signed = visit.signIn();
      Check.equal("counter", CounterVerdict.Kind.ADVANCED, signed.counter().kind());
      counters.add(signed.counter().toString());
    }
    return "registers with fido-u2f, attested by %s; signs in twice, counter %s"
        .formatted(certificate(result).subject(), String.join(", ", counters));
  }

  String excluded(Visit visit) throws Exception {
    visit.tab().plugIn("u2f");
    visit.register();
    Check.error("InvalidStateError", visit.answer(visit.startRegistration()));
    new Visit(site, visit.tab(), "excluded, another").register();
    return "the browser says InvalidStateError to the account that has the key, another account takes it";
  }

  String twoKeys(Visit visit) throws Exception {
    Tab tab = visit.tab();
    String first = tab.plugIn("u2f");
    Registration one = visit.register().registration();
    tab.touch(first, false);
    String second = tab.plugIn("u2f");
    Registration two = visit.register().registration();
    Check.equal("signer", two.keyHandle(), signer(visit.signIn()));
    tab.touch(second, false);
    tab.touch(first, true);
    Check.equal("signer", one.keyHandle(), signer(visit.signIn()));
    return "both are registered and plugged in, the one that is touched signs in";
  }

  String registeredWithU2f(Visit visit) throws Exception {
    Tab tab = visit.tab();
    OpenKey old = new OpenKey();
    PendingRegistration registration = visit.startRegistration();
    U2fClient client = new U2fClient(FacetRule.sameHost(), POLLING);
    site.u2f.finishRegistration(
        registration,
        client.register(registration.request(), site.origin, old, soon()).toJson());
    String key = tab.plugIn("u2f");
    tab.put(key, old, site.u2f.appId().value());

    PendingAuthentication pending = visit.startAuthentication();
    String answer = Visit.json(visit.answer(pending));
    AuthenticationResult result = webAuthn.finishAuthentication(pending, answer);
    Check.equal("appid", true, AssertionResponse.decode(answer).appId());
    Check.equal("signer", old.handle(), signer(result));
    Check.error("InvalidStateError", visit.answer(visit.startRegistration()));

    tab.touch(key, false);
    tab.plugIn("u2f");
    Registration added = visit.register().registration();
    Check.equal("signer", added.keyHandle(), signer(visit.signIn()));
    return "signs in with appid true, counter %s; appidExclude heeded; another key beside it"
        .formatted(result.counter());
  }

  String ownClient(Visit visit) throws Exception {
    Tab tab = visit.tab();
    String browsers = tab.plugIn("u2f");
    Registration first = visit.register().registration();
    WebAuthnClient client = new WebAuthnClient(FacetRule.sameHost(), POLLING);
    SoftwareKey soft = SoftwareKey.create();
    OpenKey shared = new OpenKey();
    for (Transport key : List.of(soft, shared)) {
      PendingRegistration pending = visit.startRegistration();
      CreationOptions options = CreationOptions.decode(site.creationOptions(pending));
      webAuthn.finishRegistration(
          pending, client.create(options, site.origin, key, soon()).toJson());
    }
    PendingAuthentication pending = visit.startAuthentication();
    RequestOptions options = RequestOptions.decode(webAuthn.requestOptions(pending));
    webAuthn.finishAuthentication(
        pending, client.get(options, site.origin, soft, soon()).toJson());
    Check.equal("signer", first.keyHandle(), signer(visit.signIn()));
    tab.touch(browsers, false);
    tab.put(tab.plugIn("u2f"), shared, site.host);
    Check.equal("signer", shared.handle(), signer(visit.signIn()));
    return "answers the same options; its key and the browser's sign in to one account, one also in the browser";
  }

  String replay(Visit visit) throws Exception {
    visit.tab().plugIn("u2f");
    PendingRegistration registration = visit.startRegistration();
    String registered = Visit.json(visit.answer(registration));
    webAuthn.finishRegistration(registration, registered);
    PendingAuthentication authentication = visit.startAuthentication();
    String signed = Visit.json(visit.answer(authentication));
    webAuthn.finishAuthentication(authentication, signed);
    return "an answer for the second time is refused: %s, %s"
        .formatted(
            Check.refused(
                Reason.KEY_HANDLE_KNOWN,
                () -> webAuthn.finishRegistration(registration, registered)),
            Check.refused(
                Reason.COUNTER_REFUSED,
                () -> webAuthn.finishAuthentication(authentication, signed)));
  }

  String otherChallenge(Visit visit) throws Exception {
    visit.tab().plugIn("u2f");
    PendingRegistration registration = visit.startRegistration();
    String registered = Visit.json(visit.answer(visit.startRegistration()));
    visit.register();
    PendingAuthentication authentication = visit.startAuthentication();
    String signed = Visit.json(visit.answer(visit.startAuthentication()));
    return "an answer to another request is refused: %s, %s"
        .formatted(
            Check.refused(
                Reason.WRONG_CHALLENGE,
                () -> webAuthn.finishRegistration(registration, registered)),
            Check.refused(
                Reason.WRONG_CHALLENGE,
                () -> webAuthn.finishAuthentication(authentication, signed)));
  }

  String otherOrigin(Visit visit) throws Exception {
    Tab tab = visit.tab();
    tab.plugIn("u2f");
    tab.load(site.origin("login." + site.host)); // which may use the RP ID, says the browser
    PendingRegistration registration = visit.startRegistration();
    String registered = Visit.json(visit.answer(registration));
    tab.load(site.origin);
    visit.register();
    tab.load(site.origin("login." + site.host));
    PendingAuthentication authentication = visit.startAuthentication();
    String signed = Visit.json(visit.answer(authentication));
    tab.load(site.origin("account.example.net")); // which may not
    Check.error("SecurityError", visit.answer(visit.startAuthentication()));
    return "from login.%s it is refused: %s, %s; at account.example.net the browser says SecurityError"
        .formatted(
            site.host,
            Check.refused(
                Reason.WRONG_ORIGIN, () -> webAuthn.finishRegistration(registration, registered)),
            Check.refused(
                Reason.WRONG_ORIGIN, () -> webAuthn.finishAuthentication(authentication, signed)));
  }

  String frame(Visit visit) throws Exception {
    visit.tab().plugIn("u2f");
    visit.register();
    String top = site.origin("portal.example.net");
    visit.tab().load(top);
    PendingAuthentication pending = visit.startAuthentication();
    String signed = Visit.json(visit
        .tab()
        .run("signInWithin('%s', %s)".formatted(site.origin, webAuthn.requestOptions(pending))));
    Reason reason =
        Check.refused(Reason.CROSS_ORIGIN, () -> webAuthn.finishAuthentication(pending, signed));
    WebAuthnRelyingParty.builder(site.u2f, site.host)
        .topOrigins(top)
        .build()
        .finishAuthentication(pending, signed);
    return "in a page of portal.example.net it is refused: %s, unless that is a top origin"
        .formatted(reason);
  }

  String newerKey(Visit visit) throws Exception {
    String key = visit.tab().plugIn("ctap2");
    PendingRegistration pending = visit.startRegistration();
    String answer = Visit.json(visit.answer(pending));
    RegistrationResult result = webAuthn.finishRegistration(pending, answer);
    Check.equal("format", "packed", object(answer).format());
    Check.equal("flags", TOUCHED_WITH_CREDENTIAL, result.flags());
    AuthenticationResult signed = visit.signIn();
    Check.equal("counter", CounterVerdict.Kind.ADVANCED, signed.counter().kind());
    return "packed, attested by %s, AAGUID %s; counter %s; refused when spoilt: %s, %s"
        .formatted(
            certificate(result).subject(),
            object(answer).credential().aaguid().hex(),
            signed.counter(),
            spoilt(visit, key, "isBogusSignature", Reason.MALFORMED_SIGNATURE),
            spoilt(visit, key, "isBadUP", Reason.USER_NOT_PRESENT));
  }

  private Reason spoilt(Visit visit, String key, String fault, Reason reason) throws Exception {
    visit.tab().spoil(key, fault);
    PendingAuthentication pending = visit.startAuthentication();
    String signed = Visit.json(visit.answer(pending));
    return Check.refused(reason, () -> webAuthn.finishAuthentication(pending, signed));
  }

  String noAttestation(Visit visit) throws Exception {
    for (String protocol : List.of("u2f", "ctap2")) {
      Visit one = new Visit(site, visit.tab(), visit.account() + ", " + protocol);
      String key = visit.tab().plugIn(protocol);
      PendingRegistration pending = one.startRegistration();
      String options = site.creationOptions(pending).replace("\"direct\"", "\"none\"");
      String answer = Visit.json(visit.tab().run("register(%s)".formatted(options)));
      RegistrationResult result = webAuthn.finishRegistration(pending, answer);
      Check.equal("format", "none", object(answer).format());
      Check.equal("chain", List.of(), result.attestation().chain());
      one.signIn();
      visit.tab().touch(key, false);
    }
    return "none, asked for with a U2F key and a newer one; both sign in";
  }

  private static AttestationObject object(String answer) throws Exception {
    return AttestationObject.decode(AttestationResponse.decode(answer).attestationObject());
  }

  private static AttestationCertificate certificate(RegistrationResult result) {
    return result.attestation().certificate().orElseThrow();
  }

  private static Object signer(AuthenticationResult result) {
    return result.registration().keyHandle();
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(5));
  }
}
