package org.u2f4j.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.TraceTransport;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.U2fClient;
import org.u2f4j.examples.Field.Section;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.SignResponse;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;

/** The relying party, the client and the key of the demo in one place. */
final class DemoLoop implements TraceTransport.Listener {
  private static final AppId APP_ID = new AppId("https://demo.example");
  private static final String ACCOUNT = "you";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final RegistrationStore store = RegistrationStore.inMemory();
  private final RelyingParty relyingParty = RelyingParty.builder(
          APP_ID, store, AttestationTrust.acceptAny())
      .engine(EcdsaEngine.jdk())
      .build();
  private final Terminal terminal;
  private final Listing listing;
  private final boolean quiet;
  private final boolean late;
  private final CheckList checks;
  private final Transport key;
  private final Transport copy;
  private final U2fClient client =
      new U2fClient(FacetRule.sameHost(), new TouchPolling(TouchPolling.SILENT));
  private final List<Section> passed = new ArrayList<>();
  private boolean silent;
  private @Nullable String registered;
  private @Nullable String signed;

  DemoLoop(
      Terminal terminal,
      Transport key,
      Transport copy,
      boolean quiet,
      boolean late,
      CheckList checks) {
    this.terminal = terminal;
    this.listing = new Listing(terminal);
    this.quiet = quiet;
    this.late = late;
    this.checks = checks;
    this.key = new TraceTransport(key, this);
    this.copy = copy;
  }

  /** The last response of its kind; null before that. */
  @Nullable
  String registered() {
    return registered;
  }

  @Nullable
  String signed() {
    return signed;
  }

  boolean finish() throws Failure, InterruptedException {
    try {
      run();
      return checks.allGood();
    } catch (ErrorCodeException e) {
      Exit exit = e.code() == ErrorCode.TIMEOUT ? Exit.NO_KEY : Exit.REFUSED;
      throw new Failure(exit, String.valueOf(e.getMessage()), e);
    } catch (FormatException e) {
      throw new Failure(Exit.REFUSED, "a message does not parse: " + e.getMessage(), e);
    }
  }

  private void run() throws ErrorCodeException, FormatException, InterruptedException {
    heading("1. Register: the relying party asks, the key makes a key pair for it.");
    PendingRegistration pending = relyingParty.startRegistration(ACCOUNT);
    store.keep(pending.challenge(), pending.toJson(), pending.expiresAt());
    show("request to the client", pending.requestJson());
    RegisterResponse registration;
    try {
      sayThatItTakesLong();
      registration =
          client.register(pending.request(), APP_ID.value(), key, Deadline.after(PATIENCE));
      show("client data", registration.clientData());
    } finally {
      showPassed();
    }
    registered = registration.toJson();
    show("response to the relying party", registered);
    if (!registered(registered, registration.clientData().challenge())) {
      return;
    }
    heading("2. Sign in: the relying party asks, the key signs with that key pair.");
    SignResponse first = signIn(key);
    if (!accepted(first)) {
      return;
    }
    heading("3. Sign in again: only the counter is of interest, so nothing else is shown.");
    silent = true;
    SignResponse second = signIn(key);
    if (!accepted(second)) {
      return;
    }
    heading("4. Two attacks: the last response once more, and a copy of the key.");
    checks.add(
        "attack: a response that is sent again is refused, its request is taken",
        store.consume(second.clientData().challenge()).isEmpty());
    checks.add("attack: the counter of a copied key is refused", refusesTheCopy());
  }

  private boolean registered(String response, String challenge) throws FormatException {
    Map<String, Set<Reason>> steps = CheckList.ofRegistration(APP_ID.value());
    try {
      relyingParty.finishRegistration(
          PendingRegistration.fromJson(store.consume(challenge).orElseThrow()), response);
      checks.passed("registration", steps);
      return true;
    } catch (VerificationException e) {
      checks.refused("registration", steps, e.reason());
      return false;
    }
  }

  private SignResponse signIn(Transport used)
      throws ErrorCodeException, FormatException, InterruptedException {
    PendingAuthentication pending = relyingParty.startAuthentication(ACCOUNT);
    store.keep(pending.challenge(), pending.toJson(), pending.expiresAt());
    show("request to the client", pending.requestJson());
    SignResponse response;
    try {
      sayThatItTakesLong();
      response = client.sign(pending.request(), APP_ID.value(), used, Deadline.after(PATIENCE));
      show("client data", response.clientData());
    } finally {
      showPassed();
    }
    show("response to the relying party", response.toJson());
    return response;
  }

  private boolean accepted(SignResponse response) throws FormatException {
    signed = response.toJson();
    Long last = store.registrations(ACCOUNT).get(0).counter();
    long received = response.authentication().counter();
    Map<String, Set<Reason>> steps = CheckList.ofAuthentication(
        APP_ID.value(), ", from %s to %s".formatted(last == null ? "none" : last, received));
    String pending = store.consume(response.clientData().challenge()).orElseThrow();
    try {
      relyingParty.finishAuthentication(PendingAuthentication.fromJson(pending), response);
      checks.passed("sign-in", steps);
      return true;
    } catch (VerificationException e) {
      checks.refused("sign-in", steps, e.reason());
      return false;
    }
  }

  private boolean refusesTheCopy()
      throws ErrorCodeException, FormatException, InterruptedException {
    SignResponse response = signIn(copy);
    String pending = store.consume(response.clientData().challenge()).orElseThrow();
    try {
      relyingParty.finishAuthentication(PendingAuthentication.fromJson(pending), response);
      return false;
    } catch (VerificationException e) {
      return e.reason() == Reason.COUNTER_REFUSED;
    }
  }

  private void heading(String text) {
    if (!quiet) {
      terminal.out().println(terminal.heading(text));
      terminal.out().println();
    }
  }

  private void sayThatItTakesLong() {
    terminal.out().flush();
    if (late) {
      terminal.say("waiting for the key");
    }
  }

  private void show(Section section) {
    if (!quiet && !silent) {
      listing.print(section);
    }
  }

  /** What went to the key and came back: shown after the client data, though made before. */
  private void showPassed() {
    passed.forEach(this::show);
    passed.clear();
  }

  private void show(String title, String json) throws FormatException {
    show(Layout.json(title, Bytes.utf8(json)));
  }

  private void show(String title, ClientData clientData) throws FormatException {
    show(Layout.json(title, clientData.bytes()));
  }

  @Override
  public void sent(CommandApdu command) {
    try {
      passed.add(Layout.command(command.encode()));
    } catch (FormatException e) {
      throw new IllegalStateException("what was encoded decodes", e);
    }
  }

  @Override
  public void received(CommandApdu command, ResponseApdu response) {
    try {
      passed.addAll(Layout.response(response.encode()));
    } catch (FormatException e) {
      throw new IllegalStateException("what was decoded decodes again", e);
    }
  }
}
