package org.u2f4j.examples.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.examples.account.Person.CLIENT;
import static org.u2f4j.examples.account.Person.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.soft.Defect;
import org.u2f4j.soft.SoftwareKey;

/** The journey of an account, and what can go wrong on the way, on one kind of database. */
abstract class AccountContract extends AccountFixture {
  private final SoftwareKey blue = SoftwareKey.create();

  private List<Event.Kind> history() throws RefusedException {
    return accounts.history().list(alice.session).stream().map(Event::kind).toList();
  }

  @Test
  void anyOfTheKeysSignsInAfterThePassword() throws Exception {
    SoftwareKey red = SoftwareKey.create();
    alice.add("blue", blue);
    clock.advance(Duration.ofSeconds(1));
    alice.add("red", red);
    clock.advance(Duration.ofHours(1));
    String before = alice.session;
    String attempt = alice.attempt();
    alice.enter(alice.finish(attempt, red, false));
    assertNotEquals(before, alice.session);
    refused(Refusal.ATTEMPT_OVER, () -> alice.finish(attempt, red, false));
    alice.signIn(blue);
    List<SecurityKey> keys = accounts.keys().list(alice.session);
    assertEquals(List.of("blue", "red"), keys.stream().map(SecurityKey::name).toList());
    for (SecurityKey key : keys) {
      assertEquals(clock.instant(), key.lastUsedAt());
      assertFalse(key.addedAt().isAfter(clock.instant().minus(Duration.ofHours(1))));
      assertNull(key.warning());
    }
    Event last = accounts.history().list(alice.session).stream()
        .filter(event -> event.kind() == Event.Kind.SIGNED_IN && "blue".equals(event.detail()))
        .findFirst()
        .orElseThrow();
    assertEquals(
        new Event(clock.instant(), Event.Kind.SIGNED_IN, Factor.KEY, CLIENT, "blue"), last);
  }

  @Test
  void aKeyAddedInTheTerminalSignsInOnThePageAndOnNoOther() throws Exception {
    alice.add("blue", blue);
    String page = "http://localhost:8642";
    Site site = new Site("localhost", "u2f", List.of(page));
    try (Accounts web = Accounts.open(settings(address, folder, clock).withSite(site), hash)) {
      Person there = new Person(web, alice.email);
      for (String origin : List.of("http://localhost:9000", Person.ORIGIN, page)) {
        String attempt = there.attempt();
        Prompt prompt = web.signIn().startKey(attempt);
        String response = Person.sign(prompt, blue, origin);
        if (origin.equals(page)) {
          there.enter(web.signIn().finishKey(CLIENT, attempt, prompt.ceremony(), response, false));
        } else {
          refused(
              Refusal.KEY_INVALID,
              () -> web.signIn().finishKey(CLIENT, attempt, prompt.ceremony(), response, false));
        }
      }
      assertEquals(1, web.keys().list(there.session).size());
    }
  }

  @Test
  void aKeyIsAddedOnceUnderANameOfItsOwnAndNothingHalf() throws Exception {
    alice.add("blue", blue);
    refused(Refusal.KEY_KNOWN, () -> alice.add("again", blue));
    refused(Refusal.NAME_TAKEN, () -> alice.add(" blue ", SoftwareKey.create()));
    for (String name : List.of("", "  ", "a\u0000b", "a\n\nb", "a\u202eb", "x".repeat(65))) {
      refused(Refusal.NAME_INVALID, () -> accounts.keys().startAdd(alice.session, name));
    }
    refused(
        Refusal.KEY_INVALID,
        () -> alice.add("bad", SoftwareKey.create().withDefect(Defect.BAD_SIGNATURE)));
    Prompt prompt = accounts.keys().startAdd(alice.session, "late");
    Prompt none = accounts.keys().startAdd(alice.session, "none");
    refused(
        Refusal.KEY_INVALID,
        () ->
            accounts.keys().finishAdd(CLIENT, alice.session, none.ceremony(), "{\"errorCode\":0}"));
    for (String error : List.of("{\"errorCode\":5}", "{\"errorCode\":1}")) {
      Prompt other = accounts.keys().startAdd(alice.session, "other");
      refused(
          error.contains("5") ? Refusal.KEY_TIMEOUT : Refusal.KEY_NOT_USED,
          () -> accounts.keys().finishAdd(CLIENT, alice.session, other.ceremony(), error));
    }
    String response = Person.register(prompt, SoftwareKey.create());
    clock.advance(Duration.ofMinutes(5));
    refused(
        Refusal.CEREMONY_OVER,
        () -> accounts.keys().finishAdd(CLIENT, alice.session, prompt.ceremony(), response));
    assertEquals(1, accounts.keys().list(alice.session).size());
    assertEquals("1 1", count("u2f_registrations") + " " + count("key_names"));
  }

  @Test
  void anAccountHasTwentyKeysHoweverManyWereBegun() throws Exception {
    for (int i = 0; i < 19; i++) {
      alice.add("key " + i, SoftwareKey.create());
    }
    Prompt twentieth = accounts.keys().startAdd(alice.session, "key 19");
    Prompt more = accounts.keys().startAdd(alice.session, "key 20");
    finishAdd(twentieth);
    refused(Refusal.KEYS_FULL, () -> finishAdd(more));
    assertEquals("20 20", count("u2f_registrations") + " " + count("key_names"));
  }

  private void finishAdd(Prompt prompt) throws Exception {
    String response = Person.register(prompt, SoftwareKey.create());
    accounts.keys().finishAdd(CLIENT, alice.session, prompt.ceremony(), response);
  }

  @Test
  void anAnswerForOneIsNotTakenFromAnother() throws Exception {
    Person mallory = Person.create(accounts, "mallory@example.org");
    alice.add("blue", blue);
    SoftwareKey black = SoftwareKey.create();
    mallory.add("black", black);
    refused(Refusal.KEY_UNKNOWN, () -> alice.signIn(black));

    Prompt own = accounts.keys().startAdd(mallory.session, "theirs");
    String response = Person.register(own, SoftwareKey.create());
    refused(
        Refusal.CEREMONY_OVER,
        () -> accounts.keys().finishAdd(CLIENT, alice.session, own.ceremony(), response));

    String attempt = mallory.attempt();
    Prompt prompt = accounts.signIn().startKey(attempt);
    String signed = Person.sign(prompt, black);
    String hers = alice.attempt();
    refused(
        Refusal.CEREMONY_OVER,
        () -> accounts.signIn().finishKey(CLIENT, hers, prompt.ceremony(), signed, false));
    Prompt asked = accounts.signIn().startKey(hers);
    refused(
        Refusal.KEY_UNKNOWN,
        () -> accounts.signIn().finishKey(CLIENT, hers, asked.ceremony(), signed, false));
    mallory.enter(accounts.signIn().finishKey(CLIENT, attempt, prompt.ceremony(), signed, false));
  }

  @Test
  void aCopiedKeyIsRefusedAndShownUntilItsOwnerClearsIt() throws Exception {
    Deadline deadline = Deadline.after(Duration.ofMinutes(1));
    Path file = folder.resolve("soft.key");
    Path copied = folder.resolve("copy.key");
    SoftwareKey key = SoftwareKey.open(file, deadline);
    SecurityKey added = alice.add("blue", key);
    Files.copy(file, copied, StandardCopyOption.COPY_ATTRIBUTES);
    Bytes secret = alice.addApp(clock);
    alice.signIn(key);
    alice.signIn(key);
    SoftwareKey copy = SoftwareKey.open(copied, deadline);
    refused(Refusal.KEY_COUNTER, () -> alice.signIn(copy));

    clock.advance(Duration.ofMinutes(11));
    alice.enter(accounts.signIn().code(CLIENT, alice.attempt(), Person.code(secret, clock), false));
    assertEquals(
        List.of("blue"),
        accounts.profile().overview(alice.session).warnings().stream()
            .map(SecurityKey::name)
            .toList());
    assertTrue(history().contains(Event.Kind.COUNTER_REFUSED));
    accounts.keys().clearWarning(CLIENT, alice.session, added.id());
    refused(
        Refusal.NOT_FOUND, () -> accounts.keys().clearWarning(CLIENT, alice.session, added.id()));
    assertEquals(List.of(), accounts.profile().overview(alice.session).warnings());
    alice.signIn(copy);
  }

  @Test
  void ofTwoHundredReplaysAtOnceExactlyOneSucceeds() throws Exception {
    alice.add("blue", blue);
    Accounts other = another();
    String attempt = alice.attempt();
    Prompt prompt = accounts.signIn().startKey(attempt);
    String response = Person.sign(prompt, blue);
    List<String> outcomes = Race.run(
        200,
        i -> (i % 2 == 0 ? accounts : other)
            .signIn()
            .finishKey(CLIENT, attempt, prompt.ceremony(), response, false)
            .session());
    Race.assertOne(outcomes, Refusal.ATTEMPT_OVER, Refusal.CEREMONY_OVER);
    assertEquals("2", count("sessions"));
  }

  @Test
  void ofManyUsesOfACodeAtOnceExactlyOneSucceeds() throws Exception {
    Bytes secret = alice.addApp(clock);
    clock.advance(Duration.ofSeconds(30));
    List<String> codes = accounts.recoveryCodes().make(CLIENT, alice.session);
    List<String> attempts = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      attempts.add(alice.attempt());
    }
    String code = Person.code(secret, clock);
    Race.assertOne(
        Race.run(
            3, i -> accounts.signIn().code(CLIENT, attempts.get(i), code, false).session()),
        Refusal.CODE_USED);
    Race.assertOne(
        Race.run(
            3,
            i -> accounts
                .signIn()
                .recoveryCode(CLIENT, attempts.get(3 + i), codes.get(0), false)
                .session()),
        Refusal.RECOVERY_CODE_WRONG);
    assertEquals(9, accounts.profile().overview(alice.session).recoveryCodesLeft());
  }

  @Test
  void codesOfTheAppAreLimitedAndCountOnce() throws Exception {
    Bytes secret = alice.addApp(clock);
    String attempt = alice.attempt();
    String enrolled = Person.code(secret, clock);
    refused(Refusal.CODE_USED, () -> accounts.signIn().code(CLIENT, attempt, enrolled, false));
    for (int i = 0; i < 4; i++) {
      refused(Refusal.CODE_WRONG, () -> accounts.signIn().code(CLIENT, attempt, "12345", false));
    }
    clock.advance(Duration.ofSeconds(60));
    String right = Person.code(secret, clock);
    refused(Refusal.TOO_MANY_TRIES, () -> another().signIn().code(CLIENT, attempt, right, false));
    clock.advance(Duration.ofMinutes(15));
    refused(Refusal.ATTEMPT_OVER, () -> accounts.signIn().code(CLIENT, attempt, right, false));
    alice.enter(accounts.signIn().code(CLIENT, alice.attempt(), Person.code(secret, clock), false));
  }

  @Test
  void anAppIsSetUpByItsFirstCodeAndAWrongOneMayBeCorrected() throws Exception {
    AuthenticatorApp.SetUp setUp = accounts.app().start(alice.session);
    refused(
        Refusal.CODE_WRONG,
        () -> accounts.app().finish(CLIENT, alice.session, setUp.ceremony(), "12345"));
    assertFalse(accounts.profile().overview(alice.session).twoFactor());
    String code = Person.code(Base32.decode(setUp.secret()), clock);
    accounts.app().finish(CLIENT, alice.session, setUp.ceremony(), code);
    assertEquals(Set.of(Factor.APP), accounts.profile().overview(alice.session).factors());
    refused(
        Refusal.CEREMONY_OVER,
        () -> accounts.app().finish(CLIENT, alice.session, setUp.ceremony(), code));
    refused(Refusal.FACTOR_MISSING, () -> accounts.signIn().startKey(alice.attempt()));
  }

  @Test
  void aRememberedDeviceNeedsNoSecondFactorUntilItIsRevoked() throws Exception {
    alice.add("blue", blue);
    alice.enter(alice.finish(alice.attempt(), blue, true));
    String token = alice.remembered;
    assertNotNull(token);
    clock.advance(Duration.ofMinutes(1));
    alice.signIn();
    Devices.Device device = accounts.devices().list(alice.session).get(0);
    assertEquals(CLIENT.device(), device.name());
    assertEquals(clock.instant(), device.lastUsedAt());
    refused(Refusal.PROOF_NEEDED, () -> accounts.keys().startAdd(alice.session, "red"));

    Person mallory = Person.create(accounts, "mallory@example.org");
    mallory.add("black", SoftwareKey.create());
    mallory.remembered = token;
    mallory.attempt();
    refused(
        Refusal.NOT_FOUND, () -> accounts.devices().revoke(CLIENT, mallory.session, device.id()));

    accounts.devices().revoke(CLIENT, alice.session, device.id());
    alice.enter(alice.finish(alice.attempt(), blue, true));
    alice.signIn();
    accounts.devices().revokeAll(CLIENT, alice.session);
    alice.attempt();
    alice.enter(alice.finish(alice.attempt(), blue, true));
    clock.advance(Duration.ofDays(30));
    alice.attempt();
  }

  @Test
  void theLastFactorStaysUnlessTwoFactorAuthenticationIsTurnedOff() throws Exception {
    SecurityKey first = alice.add("blue", blue);
    SecurityKey second = alice.add("red", SoftwareKey.create());
    accounts.recoveryCodes().make(CLIENT, alice.session);
    List<String> outcomes = Race.run(2, i -> {
      accounts
          .keys()
          .remove(CLIENT, alice.session, List.of(first, second).get(i).id());
      return "removed";
    });
    Race.assertOne(outcomes, Refusal.LAST_FACTOR);
    String left = accounts.keys().list(alice.session).get(0).id();
    refused(Refusal.NOT_FOUND, () -> accounts.app().remove(CLIENT, alice.session));
    alice.addApp(clock);
    accounts.app().remove(CLIENT, alice.session);
    alice.addApp(clock);
    accounts.keys().remove(CLIENT, alice.session, left);
    refused(Refusal.LAST_FACTOR, () -> accounts.app().remove(CLIENT, alice.session));

    accounts.profile().turnOff(CLIENT, alice.session);
    assertEquals(Set.of(), accounts.profile().overview(alice.session).factors());
    for (String table :
        List.of("u2f_registrations", "key_names", "authenticator_apps", "recovery_codes")) {
      assertEquals("0", count(table), table);
    }
    alice.signIn();
    refused(Refusal.FACTOR_MISSING, () -> accounts.recoveryCodes().make(CLIENT, alice.session));
  }

  @Test
  void whoeverCameInByAFactorOrPasswordThatWentIsOut() throws Exception {
    String thief = alice.session;
    alice.signIn();
    String before = alice.session;
    SecurityKey key = alice.add("blue", blue);
    refused(Refusal.NOT_SIGNED_IN, () -> accounts.profile().overview(thief));
    accounts.profile().overview(before);

    alice.add("red", SoftwareKey.create());
    Person elsewhere = new Person(accounts, alice.email);
    elsewhere.enter(elsewhere.finish(elsewhere.attempt(), blue, true));
    String waiting = elsewhere.attemptAsStranger();
    accounts.keys().remove(CLIENT, alice.session, key.id());
    refused(Refusal.NOT_SIGNED_IN, () -> accounts.keys().list(elsewhere.session));
    refused(Refusal.ATTEMPT_OVER, () -> accounts.signIn().startKey(waiting));
    elsewhere.attempt();

    String old = alice.session;
    char[] password = alice.password;
    alice.password = "another good password".toCharArray();
    alice.enter(accounts.profile().changePassword(CLIENT, old, alice.password));
    refused(Refusal.NOT_SIGNED_IN, () -> accounts.keys().list(old));
    elsewhere.password = password;
    refused(Refusal.WRONG_PASSWORD, elsewhere::password);
    alice.attempt();
  }

  @Test
  void whatMattersNeedsAProofOfTheLastTenMinutes() throws Exception {
    SecurityKey key = alice.add("blue", blue);
    alice.add("red", SoftwareKey.create());
    clock.advance(Duration.ofMinutes(10));
    String session = alice.session;
    for (Race.Use use : List.<Race.Use>of(
        () -> accounts.keys().startAdd(session, "green"),
        () -> accounts.keys().remove(CLIENT, session, key.id()),
        () -> accounts.keys().clearWarning(CLIENT, session, key.id()),
        () -> accounts.app().start(session),
        () -> accounts.app().remove(CLIENT, session),
        () -> accounts.recoveryCodes().make(CLIENT, session),
        () -> accounts.profile().turnOff(CLIENT, session),
        () -> accounts.profile().changePassword(CLIENT, session, alice.password))) {
      refused(Refusal.PROOF_NEEDED, use::run);
    }
    refused(
        Refusal.WRONG_OWN_PASSWORD,
        () -> accounts.signIn().prove(CLIENT, session, "wrong password".toCharArray()));
    Step step = accounts.signIn().prove(CLIENT, session, alice.password);
    String attempt = assertInstanceOf(Step.SecondFactor.class, step).attempt();
    alice.enter(alice.finish(attempt, blue, false));
    refused(Refusal.NOT_SIGNED_IN, () -> accounts.keys().list(session));
    accounts.keys().remove(CLIENT, alice.session, key.id());
    assertTrue(history().contains(Event.Kind.PROVEN));
  }

  @Test
  void anUnknownAddressAndAWrongPasswordAreAnsweredAlikeForTheSameWork() throws Exception {
    alice.add("blue", blue);
    List<String> works = new ArrayList<>();
    for (String email :
        List.of("alice@example.org", "nobody@example.org", "no address at all\u0000")) {
      int before = hash.computed.get();
      String events = count("events");
      Person stranger = new Person(accounts, email);
      stranger.password = "wrong password".toCharArray();
      refused(Refusal.WRONG_PASSWORD, stranger::password);
      works.add(hash.computed.get() - before + " hash, "
          + (Integer.parseInt(count("events")) - Integer.parseInt(events)) + " event");
      for (int i = 1; i < 10; i++) {
        refused(Refusal.WRONG_PASSWORD, stranger::password);
      }
      int limit = hash.computed.get();
      refused(Refusal.TOO_MANY_TRIES, stranger::password);
      assertEquals(limit, hash.computed.get());
    }
    assertEquals(List.of("1 hash, 1 event", "1 hash, 1 event", "1 hash, 1 event"), works);
    clock.advance(Duration.ofMinutes(15));
    alice.attempt();
  }

  @Test
  void strangersWhoTryPasswordsDoNotLockTheOwnersDeviceOut() throws Exception {
    alice.add("blue", blue);
    alice.enter(alice.finish(alice.attempt(), blue, true));
    Person stranger = new Person(another(), alice.email);
    stranger.password = "wrong password".toCharArray();
    List<String> outcomes = Race.run(30, i -> {
      stranger.password();
      return "signed in";
    });
    assertEquals(
        10, outcomes.stream().filter(Refusal.WRONG_PASSWORD.name()::equals).count());
    assertEquals(
        20, outcomes.stream().filter(Refusal.TOO_MANY_TRIES.name()::equals).count());
    alice.signIn();
    alice.remembered = null;
    refused(Refusal.TOO_MANY_TRIES, alice::password);
  }

  @Test
  void anAddressHasOneAccountHoweverItIsWritten() throws Exception {
    Accounts other = another();
    refused(Refusal.EMAIL_TAKEN, () -> Person.create(accounts, " Alice@Example.ORG "));
    for (String email : List.of("", "alice", "a@b@c", "a b@example.org", "@example.org")) {
      refused(Refusal.EMAIL_INVALID, () -> Person.create(accounts, email));
    }
    for (String password : List.of("", "123456789", "bob@example.org", "x".repeat(129))) {
      refused(
          Refusal.PASSWORD_WEAK,
          () -> accounts.create(CLIENT, "bob@example.org", password.toCharArray()));
    }
    List<String> outcomes = Race.run(8, i -> {
      Person.create(i % 2 == 0 ? accounts : other, "bob@example.org");
      return "created";
    });
    Race.assertOne(outcomes, Refusal.EMAIL_TAKEN);
  }

  @Test
  void noSecretIsInTheDatabaseOrInWords() throws Exception {
    alice.add("blue", blue);
    AuthenticatorApp.SetUp setUp = accounts.app().start(alice.session);
    Bytes secret = Base32.decode(setUp.secret());
    accounts.app().finish(CLIENT, alice.session, setUp.ceremony(), Person.code(secret, clock));
    List<String> codes = accounts.recoveryCodes().make(CLIENT, alice.session);
    Step.SecondFactor next = assertInstanceOf(Step.SecondFactor.class, alice.password());
    Step.SignedIn signedIn = alice.finish(next.attempt(), blue, true);
    alice.enter(signedIn);
    Step.SecondFactor pending =
        (Step.SecondFactor) accounts.signIn().prove(CLIENT, alice.session, alice.password);
    Prompt prompt = accounts.signIn().startKey(pending.attempt());
    List<String> secrets = Stream.concat(
            Stream.of(
                String.valueOf(alice.password),
                alice.session,
                String.valueOf(alice.remembered),
                pending.attempt(),
                prompt.ceremony(),
                setUp.ceremony(),
                setUp.secret(),
                secret.base64Url(),
                secret.hex()),
            codes.stream().flatMap(code -> Stream.of(code, code.replace("-", ""))))
        .toList();
    String everything = Sql.everything(address);
    assertTrue(everything.contains("alice@example.org") && everything.contains("blue"));
    String words = "" + setUp + next + signedIn + pending + prompt;
    for (String one : secrets) {
      assertFalse(everything.contains(one), one);
      assertFalse(words.contains(one), one);
    }
  }

  @Test
  void aDatabaseAndItsKeyFileBelongTogether() throws Exception {
    Path key = folder.resolve("accounts.key");
    Files.delete(key);
    String message = assertThrows(IOException.class, this::another).getMessage();
    assertTrue(message.contains(key.toString()), message);
  }

  @Test
  void severalOpenANewDatabaseAtOnce() throws Exception {
    String fresh = emptyDatabase();
    List<String> outcomes = Race.run(4, i -> {
      Accounts.open(settings(fresh, folder.resolve("new"), clock), hash).close();
      return "opened";
    });
    assertEquals(List.of("opened", "opened", "opened", "opened"), outcomes);
  }

  @Test
  void whatExpiredIsForgotten() throws Exception {
    alice.add("blue", blue);
    accounts.signIn().startKey(alice.attempt());
    clock.advance(Duration.ofDays(366));
    accounts.sweep();
    for (String table : List.of("sessions", "attempts", "ceremonies", "rate_limits", "events")) {
      assertEquals("0", count(table), table);
    }
    alice.signIn(blue);
  }

  @Test
  void aKilledProcessLeavesNoHalfAddedKeyAndLosesNone() throws Exception {
    Killing.run(address, folder);
  }
}
