package org.u2f4j.examples.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.WebAuthnClient;
import org.u2f4j.json.CreationOptions;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RequestOptions;

/** Somebody with an account, on one device. */
final class Person {
  static final String ORIGIN = AccountSettings.TERMINAL;
  static final Client CLIENT = new Client("192.0.2.1", "Firefox on Linux");

  private static final WebAuthnClient KEYS =
      new WebAuthnClient(FacetRule.sameHost(), new TouchPolling(TouchPolling.SILENT));

  final Accounts accounts;
  final String email;
  char[] password = "correct horse battery".toCharArray();
  String session = "";

  @Nullable
  String remembered;

  Person(Accounts accounts, String email) {
    this.accounts = accounts;
    this.email = email;
  }

  /** Somebody new, signed in. */
  static Person create(Accounts accounts, String email) throws RefusedException {
    Person person = new Person(accounts, email);
    accounts.create(CLIENT, email, person.password);
    person.signIn();
    return person;
  }

  static void refused(Refusal reason, Executable use) {
    assertEquals(reason, assertThrows(RefusedException.class, use).reason());
  }

  Step password() throws RefusedException {
    return accounts.signIn().password(CLIENT, email, password, remembered);
  }

  /** With the password alone, which has to do. */
  void signIn() throws RefusedException {
    enter(assertInstanceOf(Step.SignedIn.class, password()));
  }

  /** With the password, which has to be right and not to do. */
  String attempt() throws RefusedException {
    return assertInstanceOf(Step.SecondFactor.class, password()).attempt();
  }

  /** The same on a device that is not remembered. */
  String attemptAsStranger() throws RefusedException {
    Step step = accounts.signIn().password(CLIENT, email, password, null);
    return assertInstanceOf(Step.SecondFactor.class, step).attempt();
  }

  void enter(Step.SignedIn signedIn) {
    session = signedIn.session();
    if (signedIn.remembered() != null) {
      remembered = signedIn.remembered();
    }
  }

  void signIn(Transport key) throws Exception {
    enter(finish(attempt(), key, false));
  }

  Step.SignedIn finish(String attempt, Transport key, boolean remember) throws Exception {
    Prompt prompt = accounts.signIn().startKey(attempt);
    String response = sign(prompt, key);
    return accounts.signIn().finishKey(CLIENT, attempt, prompt.ceremony(), response, remember);
  }

  SecurityKey add(String name, Transport key) throws Exception {
    Prompt prompt = accounts.keys().startAdd(session, name);
    String response = register(prompt, key);
    return accounts.keys().finishAdd(CLIENT, session, prompt.ceremony(), response);
  }

  /** Sets an app up, and returns its secret; the code of the clock's step is used up. */
  Bytes addApp(TestClock clock) throws Exception {
    AuthenticatorApp.SetUp setUp = accounts.app().start(session);
    Bytes secret = Base32.decode(setUp.secret());
    accounts.app().finish(CLIENT, session, setUp.ceremony(), code(secret, clock));
    return secret;
  }

  static String code(Bytes secret, TestClock clock) {
    return Totp.code(secret, clock.instant().getEpochSecond() / 30);
  }

  static String register(Prompt prompt, Transport key) throws Exception {
    try {
      return KEYS.create(CreationOptions.decode(prompt.requestJson()), ORIGIN, key, deadline())
          .toJson();
    } catch (ErrorCodeException e) {
      return e.toJson();
    }
  }

  static String sign(Prompt prompt, Transport key) throws Exception {
    return sign(prompt, key, ORIGIN);
  }

  static String sign(Prompt prompt, Transport key, String origin) throws Exception {
    try {
      return KEYS.get(RequestOptions.decode(prompt.requestJson()), origin, key, deadline())
          .toJson();
    } catch (ErrorCodeException e) {
      return e.toJson();
    }
  }

  private static Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(20));
  }
}
