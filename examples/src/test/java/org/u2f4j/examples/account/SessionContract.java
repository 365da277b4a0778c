package org.u2f4j.examples.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.u2f4j.examples.account.Person.CLIENT;
import static org.u2f4j.examples.account.Person.refused;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.u2f4j.Bytes;
import org.u2f4j.soft.SoftwareKey;

/** How sessions, proofs and devices begin and end. */
abstract class SessionContract extends AccountFixture {
  private static final char[] WRONG = "wrong password".toCharArray();

  private final SoftwareKey blue = SoftwareKey.create();

  private void prove(char[] password) throws RefusedException {
    accounts.signIn().prove(CLIENT, alice.session, password);
  }

  private String attemptToProve() throws RefusedException {
    Step step = accounts.signIn().prove(CLIENT, alice.session, alice.password);
    return assertInstanceOf(Step.SecondFactor.class, step).attempt();
  }

  @Test
  void aProofIsNotFreshOnceTheClockWasSetBack() throws Exception {
    clock.advance(Duration.ofSeconds(-30)); // another machine's clock
    accounts.profile().requireProof(alice.session);
    clock.advance(Duration.ofHours(-1));
    refused(Refusal.PROOF_NEEDED, () -> accounts.profile().requireProof(alice.session));
    refused(Refusal.PROOF_NEEDED, () -> accounts.keys().startAdd(alice.session, "red"));
    assertNull(accounts.profile().overview(alice.session).provenUntil());
  }

  @Test
  void passwordsAreLimitedInProofsAsInSigningIn() throws Exception {
    String first = alice.session;
    alice.signIn();
    for (int i = 0; i < 10; i++) {
      refused(Refusal.WRONG_OWN_PASSWORD, () -> prove(WRONG));
    }
    int hashes = hash.computed.get();
    refused(Refusal.TOO_MANY_TRIES, () -> prove(alice.password));
    alice.session = first; // another session of the account
    refused(Refusal.TOO_MANY_TRIES, () -> prove(alice.password));
    assertEquals(hashes, hash.computed.get());
    alice.signIn();
  }

  @Test
  void codesOfProofsAndOfSigningInAreCountedTogether() throws Exception {
    alice.addApp(clock);
    List<String> attempts = List.of(alice.attempt(), attemptToProve());
    for (int i = 0; i < 5; i++) {
      String attempt = attempts.get(i % 2);
      refused(Refusal.CODE_WRONG, () -> accounts.signIn().code(CLIENT, attempt, "12345", false));
    }
    for (String attempt : attempts) {
      refused(
          Refusal.TOO_MANY_TRIES, () -> accounts.signIn().code(CLIENT, attempt, "12345", false));
    }
  }

  @Test
  void whoeverGuessesCodesTakesNoRecoveryCodeFromTheOwnerNorTheOtherWayRound() throws Exception {
    Bytes secret = alice.addApp(clock);
    String code = accounts.recoveryCodes().make(CLIENT, alice.session).get(0);
    String attempt = alice.attempt();
    for (int i = 0; i < 5; i++) {
      refused(Refusal.CODE_WRONG, () -> accounts.signIn().code(CLIENT, attempt, "12345", false));
    }
    alice.enter(accounts.signIn().recoveryCode(CLIENT, attempt, code, false));

    clock.advance(Duration.ofMinutes(15));
    String another = alice.attempt();
    for (int i = 0; i < 5; i++) {
      refused(
          Refusal.RECOVERY_CODE_WRONG,
          () -> accounts.signIn().recoveryCode(CLIENT, another, code, false));
    }
    refused(
        Refusal.TOO_MANY_TRIES, () -> accounts.signIn().recoveryCode(CLIENT, another, code, false));
    alice.enter(accounts.signIn().code(CLIENT, another, Person.code(secret, clock), false));
  }

  @Test
  void leavingASessionEndsItAndOneThatIsOverIsLeftInPeace() throws Exception {
    String before = alice.session;
    alice.signIn();
    accounts.signIn().leave(before);
    refused(Refusal.NOT_SIGNED_IN, () -> accounts.profile().overview(before));
    accounts.signIn().leave(before);
    accounts.signIn().leave("");
    accounts.profile().overview(alice.session);
  }

  @Test
  void signingOutEndsTheProofThatIsUnderWay() throws Exception {
    alice.add("blue", blue);
    String attempt = attemptToProve();
    accounts.signIn().startKey(attempt);
    accounts.signIn().signOut(CLIENT, alice.session);
    refused(Refusal.ATTEMPT_OVER, () -> accounts.signIn().startKey(attempt));
    refused(Refusal.NOT_SIGNED_IN, () -> accounts.signIn().signOut(CLIENT, alice.session));
  }

  @Test
  void revokingOneDeviceEndsSessionsAndSignInsAndLeavesOtherDevicesRemembered() throws Exception {
    alice.add("blue", blue);
    Person phone = new Person(accounts, alice.email);
    phone.enter(phone.finish(phone.attempt(), blue, true));
    clock.advance(Duration.ofMinutes(1));
    Person tablet = new Person(accounts, alice.email);
    tablet.enter(tablet.finish(tablet.attempt(), blue, true));
    String waiting = alice.attempt();
    List<Devices.Device> devices = accounts.devices().list(alice.session);
    accounts.devices().revoke(CLIENT, alice.session, devices.get(1).id());

    accounts.profile().overview(alice.session);
    refused(Refusal.NOT_SIGNED_IN, () -> accounts.profile().overview(phone.session));
    refused(Refusal.NOT_SIGNED_IN, () -> accounts.profile().overview(tablet.session));
    refused(Refusal.ATTEMPT_OVER, () -> accounts.signIn().startKey(waiting));
    phone.attempt();
    tablet.signIn();
    accounts.devices().revokeAll(CLIENT, alice.session);
    refused(Refusal.NOT_SIGNED_IN, () -> accounts.profile().overview(tablet.session));
    tablet.attempt();
  }

  @Test
  void ofManyPromptsTheLastOnesCount() throws Exception {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      prompts.add(accounts.keys().startAdd(alice.session, "key " + i));
      clock.advance(Duration.ofMillis(1));
    }
    accounts.app().start(alice.session);
    for (int i = 0; i < 6; i++) {
      Prompt prompt = prompts.get(i);
      String response = Person.register(prompt, SoftwareKey.create());
      if (i == 0) {
        refused(
            Refusal.CEREMONY_OVER,
            () -> accounts.keys().finishAdd(CLIENT, alice.session, prompt.ceremony(), response));
      } else {
        accounts.keys().finishAdd(CLIENT, alice.session, prompt.ceremony(), response);
      }
    }
  }

  @Test
  void anAddressIsNoPasswordInCapitalLettersEither() {
    refused(
        Refusal.PASSWORD_WEAK,
        () -> accounts.create(CLIENT, "bob@example.org", "Bob@Example.ORG".toCharArray()));
  }

  @Test
  void aChangeThatFailsLeavesNothingAndARefusalIsKept() throws Exception {
    try (Database database = Database.open(address, clock)) {
      assertThrows(
          IllegalStateException.class,
          () -> database.change(transaction -> {
            RateLimit.CODE.count(transaction, "failed");
            throw new IllegalStateException("it breaks half-way");
          }));
      refused(
          Refusal.CODE_WRONG,
          () -> database.change(transaction -> {
            RateLimit.CODE.count(transaction, "refused");
            throw new RefusedException(Refusal.CODE_WRONG);
          }));
      List<String> kept = database.read(transaction -> transaction.list(
          row -> row.getString("bucket"),
          "SELECT bucket FROM rate_limits WHERE bucket LIKE 'CODE%'"));
      assertEquals(List.of("CODE " + Tokens.hash("refused")), kept);
    }
  }
}
