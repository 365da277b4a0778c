package org.u2f4j.examples.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.examples.account.Person.CLIENT;
import static org.u2f4j.examples.account.Person.refused;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.u2f4j.soft.SoftwareKey;

/** What strangers, with the password or without it, cannot use up. */
abstract class StrangerContract extends AccountFixture {
  private static final char[] WRONG = "wrong password".toCharArray();
  private static final String JUNK = "{\"id\":\"junk\"}";
  private static final Client ELSEWHERE = new Client("198.51.100.7", "a browser");

  private final SoftwareKey blue = SoftwareKey.create();

  private static String attemptOf(Step step) {
    return assertInstanceOf(Step.SecondFactor.class, step).attempt();
  }

  private String attemptToProve() throws RefusedException {
    return attemptOf(accounts.signIn().prove(CLIENT, alice.session, alice.password));
  }

  private String attemptFrom(Client client) throws RefusedException {
    clock.advance(Duration.ofMillis(1));
    return attemptOf(accounts.signIn().password(client, alice.email, alice.password, null));
  }

  @Test
  void whoeverHasThePasswordFillsNoTable() throws Exception {
    alice.add("blue", blue);
    int events = Integer.parseInt(count("events"));
    String attempt = alice.attempt();
    for (int i = 0; i < 30; i++) {
      Prompt prompt = accounts.signIn().startKey(attempt);
      refused(
          Refusal.KEY_INVALID,
          () -> accounts.signIn().finishKey(CLIENT, attempt, prompt.ceremony(), JUNK, false));
      refused(Refusal.FACTOR_MISSING, () -> accounts.signIn().code(CLIENT, attempt, "1", false));
    }
    assertEquals(events + 20, Integer.parseInt(count("events")));

    List<String> attempts = new ArrayList<>();
    for (int i = 0; i < 110; i++) {
      attempts.add(attemptFrom(CLIENT));
      accounts.signIn().startKey(attempts.get(i));
    }
    assertEquals("100 100", count("attempts") + " " + count("ceremonies"));
    refused(Refusal.ATTEMPT_OVER, () -> accounts.signIn().factors(attempts.get(9)));
    for (int i = 0; i < 20; i++) {
      clock.advance(Duration.ofMillis(1));
      accounts.signIn().startKey(attempts.get(109));
    }
    assertEquals("100 104", count("attempts") + " " + count("ceremonies"));
    for (String other : attempts.subList(10, 109)) {
      accounts.signIn().cancel(other);
    }
    assertEquals("1 5", count("attempts") + " " + count("ceremonies"));

    clock.advance(Duration.ofMinutes(5));
    alice.enter(alice.finish(attempts.get(109), blue, false));
    assertEquals("0 0", count("attempts") + " " + count("ceremonies"));
    assertEquals(events + 21, Integer.parseInt(count("events")));
  }

  @Test
  void whoeverHasThePasswordEndsNeitherTheOwnersProofNorTheirSignInOnAnotherNetwork()
      throws Exception {
    alice.add("blue", blue);
    String proof = attemptToProve();
    String signIn = alice.attempt();
    for (int i = 0; i < 110; i++) {
      attemptFrom(ELSEWHERE);
    }
    assertEquals("101", count("attempts"));
    alice.enter(alice.finish(signIn, blue, false));
    for (int i = 0; i < 110; i++) {
      attemptFrom(CLIENT);
    }
    alice.enter(alice.finish(proof, blue, false));
  }

  @Test
  void ofManyProofsOfASessionTheLastOnesCount() throws Exception {
    alice.add("blue", blue);
    String first = attemptToProve();
    for (int i = 0; i < 100; i++) {
      clock.advance(Duration.ofMillis(1));
      attemptToProve();
    }
    assertEquals("100", count("attempts"));
    refused(Refusal.ATTEMPT_OVER, () -> accounts.signIn().factors(first));
  }

  @Test
  void addressesOfOneNetworkAreCountedTogether() throws Exception {
    for (int i = 0; i < 98; i++) {
      tryFrom("2001:db8:0:1:0:0:0:" + Integer.toHexString(i), i);
    }
    Client neighbour = new Client("2001:db8:0:1:eeee:0:0:1", "a browser");
    for (int i = 0; i < 3; i++) { // making the account counts
      accounts.requireFree(neighbour, "bob@example.org");
    }
    refused(Refusal.EMAIL_TAKEN, () -> accounts.requireFree(neighbour, alice.email));
    accounts.create(neighbour, "bob@example.org", alice.password);

    String next = "2001:db8:0:1:ffff:0:0:1";
    Client another = new Client(next, "a browser");
    refused(Refusal.TOO_MANY_TRIES, () -> tryFrom(next, 100));
    refused(Refusal.TOO_MANY_TRIES, () -> accounts.requireFree(another, "eve@example.org"));
    refused(
        Refusal.TOO_MANY_TRIES, () -> accounts.create(another, "eve@example.org", alice.password));
    tryFrom("2001:db8:0:2:0:0:0:1", 101);
    tryFrom("192.0.2.2", 102);
  }

  private void tryFrom(String address, int number) throws RefusedException {
    Client client = new Client(address, "a browser");
    try {
      accounts.signIn().password(client, "nobody%s@example.org".formatted(number), WRONG, null);
    } catch (RefusedException e) {
      if (e.reason() != Refusal.WRONG_PASSWORD) {
        throw e;
      }
    }
  }

  @Test
  void neighboursWhoTryPasswordsShutOutNeitherRememberedDevicesNorWhoeverIsSignedIn()
      throws Exception {
    alice.add("blue", blue);
    alice.enter(alice.finish(alice.attempt(), blue, true));
    for (int i = 0; i < 99; i++) { // she was new here once, which counts
      tryFrom(CLIENT.address(), i);
    }
    refused(Refusal.TOO_MANY_TRIES, alice::attemptAsStranger);
    for (int i = 0; i < 3; i++) {
      alice.signIn();
      attemptToProve();
    }
    // and what was not counted is not given back
    refused(Refusal.TOO_MANY_TRIES, alice::attemptAsStranger);
  }

  @Test
  void wrongPasswordsPushNothingElseOutOfTheHistory() throws Exception {
    try (Database database = Database.open(address, clock)) {
      for (int i = 0; i < 5; i++) {
        clock.advance(Duration.ofSeconds(1));
        database.change(transaction -> {
          String account = Session.find(transaction, alice.session).account();
          for (int n = 0; n < 30; n++) {
            Event.Kind kind = n < 6 ? Event.Kind.KEY_RENAMED : Event.Kind.PASSWORD_REFUSED;
            History.record(transaction, account, CLIENT, kind, null, null);
          }
          return account;
        });
      }
    }
    List<Event> events = accounts.history().list(alice.session);
    List<Event.Kind> kinds = events.stream().map(Event::kind).toList();
    assertEquals(20, Collections.frequency(kinds, Event.Kind.PASSWORD_REFUSED));
    assertEquals(30, Collections.frequency(kinds, Event.Kind.KEY_RENAMED));
    assertTrue(kinds.contains(Event.Kind.CREATED));
    List<Instant> times = events.stream().map(Event::at).toList();
    assertEquals(times.stream().sorted(Comparator.reverseOrder()).toList(), times);
  }
}
