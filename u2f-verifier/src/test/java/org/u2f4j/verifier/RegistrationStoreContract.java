package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;

/** What every store does, whatever is behind it. */
@Timeout(value = 10, unit = TimeUnit.MINUTES) // against hanging only
public abstract class RegistrationStoreContract {
  private static final long MAX = 4_294_967_295L;

  /** Empty at the start of each test. */
  protected RegistrationStore store;

  protected CounterKey key;
  protected Registration registration;

  /** An empty store. */
  protected abstract RegistrationStore emptyStore() throws Exception;

  /** How many finishes make a short test. */
  protected abstract int usualFinishes();

  @BeforeEach
  void start() throws Exception {
    store = emptyStore();
    key = new CounterKey();
    registration = key.registration("account");
  }

  private static KeyHandle handle(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return new KeyHandle(Bytes.of(bytes));
  }

  private Registration named(String account, KeyHandle keyHandle, Instant registeredAt) {
    return new Registration(
        account,
        keyHandle,
        registration.publicKey(),
        registration.appId(),
        registration.counter(),
        registration.certificate(),
        registration.transports(),
        registeredAt,
        registration.lastUsedAt(),
        registration.anomaly());
  }

  @Test
  void aRegistrationComesBackAsItWasAdded() {
    Instant now = CounterKey.now();
    Registration full = new Registration(
        "J\u00fcrgen \ud83d\udd11 'x' \"; --",
        handle(1023, 0xFB),
        registration.publicKey(),
        new AppId("android:apk-key-hash:x"),
        MAX,
        Bytes.EMPTY,
        List.of("usb", "a,b", "\"\\\u0000", ""),
        now.minusSeconds(9),
        now,
        new Anomaly(now.minusMillis(1), CounterVerdict.of(MAX, 0)));
    Registration bare = named("account", handle(0, 0), Instant.EPOCH.minusSeconds(1));
    for (Registration added : List.of(full, bare)) {
      assertEquals(Optional.empty(), store.find(added.keyHandle()));
      assertTrue(store.add(added));
      assertEquals(Optional.of(added), store.find(added.keyHandle()));
      assertEquals(List.of(added), store.registrations(added.account()));
    }
    assertEquals(List.of(), store.registrations("Account"));
  }

  @Test
  void theOldestComesFirst() {
    Instant now = CounterKey.now();
    Registration second = named("account", handle(2, 1), now.plusMillis(1));
    Registration first = named("account", handle(2, 9), now);
    Registration third = named("account", handle(2, 5), now.plusSeconds(1));
    Stream.of(second, named("other", handle(2, 7), now), first, third).forEach(store::add);
    assertEquals(List.of(first, second, third), store.registrations("account"));
    assertTrue(store.advance(first, 1, now.plusSeconds(2)));
    assertEquals(
        List.of(first.used(1, now.plusSeconds(2)), second, third), store.registrations("account"));
  }

  @Test
  void ofManyWhoRegisterOneKeyHandleOneSucceeds() throws Exception {
    for (int round = 0; round < 20; round++) {
      KeyHandle keyHandle = handle(8, round);
      AtomicInteger names = new AtomicInteger();
      List<Optional<Registration>> added = Attack.together(4, () -> {
        Registration mine = named(
            "%s of %s".formatted(names.incrementAndGet(), keyHandle), keyHandle, CounterKey.now());
        return store.add(mine) ? Optional.of(mine) : Optional.empty();
      });
      List<Registration> winners = added.stream().flatMap(Optional::stream).toList();
      assertEquals(1, winners.size());
      assertEquals(winners, store.find(keyHandle).stream().toList());
      assertEquals(winners, store.registrations(winners.get(0).account()));
    }
  }

  @Test
  void aCounterMovesOnlyFromWhereItWasSeen() {
    Instant now = CounterKey.now();
    store.add(registration);
    assertTrue(store.advance(registration, 0, now));
    Registration zero = registration.used(0, now);
    assertEquals(Optional.of(zero), store.find(zero.keyHandle()));
    assertFalse(store.advance(registration, MAX, now.plusSeconds(1)), "seen without a counter");
    assertFalse(store.advance(zero.used(1, now), MAX, now.plusSeconds(1)), "seen with another");
    assertFalse(store.advance(named("x", handle(3, 3), now), 1, now), "not there");
    assertFalse(
        store.advance(named("another", zero.keyHandle(), now).used(0, now), 1, now), "not theirs");
    assertEquals(Optional.of(zero), store.find(zero.keyHandle()));
    assertTrue(store.advance(zero, MAX, now.plusSeconds(1)));
    Registration last = zero.used(MAX, now.plusSeconds(1));
    assertEquals(Optional.of(last), store.find(last.keyHandle()));
    assertTrue(store.advance(last, MAX, now.plusSeconds(2)), "equal ones are the caller's choice");
    assertEquals(Optional.of(last.used(MAX, now.plusSeconds(2))), store.find(last.keyHandle()));
  }

  @Test
  void aMarkStaysUntilItIsCleared() {
    Instant now = CounterKey.now();
    store.add(registration);
    store.advance(registration, 10, now);
    Registration used = registration.used(10, now);
    Anomaly first = new Anomaly(now, CounterVerdict.of(10L, 7));
    Anomaly second = new Anomaly(now.plusSeconds(1), CounterVerdict.of(null, 0));
    store.mark(used.keyHandle(), first);
    store.mark(used.keyHandle(), second);
    assertEquals(Optional.of(used.marked(second)), store.find(used.keyHandle()));
    assertTrue(store.advance(used, 11, now), "seen before it was marked");
    used = used.used(11, now);
    assertEquals(Optional.of(used.marked(second)), store.find(used.keyHandle()));
    assertFalse(store.clear("other", used.keyHandle(), true), "another account's is not touched");
    assertEquals(Optional.of(used.marked(second)), store.find(used.keyHandle()));
    assertTrue(store.clear("account", used.keyHandle(), false));
    assertEquals(Optional.of(used), store.find(used.keyHandle()));
    assertTrue(store.clear("account", used.keyHandle(), true));
    assertEquals(Optional.of(used.cleared(true)), store.find(used.keyHandle()));
    assertTrue(store.advance(used.cleared(true), 1, now));

    KeyHandle gone = handle(3, 3);
    store.mark(gone, first);
    assertFalse(store.clear("account", gone, true));
    assertEquals(Optional.empty(), store.find(gone));
  }

  @Test
  void onlyItsOwnerRemovesARegistration() {
    store.add(registration);
    KeyHandle keyHandle = registration.keyHandle();
    assertFalse(store.remove("other", keyHandle));
    assertFalse(store.remove("account", handle(3, 3)));
    assertEquals(List.of(registration), store.registrations("account"));
    assertTrue(store.remove("account", keyHandle));
    assertFalse(store.remove("account", keyHandle));
    assertEquals(Optional.empty(), store.find(keyHandle));
    assertFalse(store.advance(registration, 1, CounterKey.now()));
    Registration next = named("other", keyHandle, CounterKey.now());
    assertTrue(store.add(next), "the key handle is free again");
    assertEquals(List.of(), store.registrations("account"));
    assertEquals(List.of(next), store.registrations("other"));
  }

  @Test
  void anAccountNeverSeesAnothersRegistration() throws Exception {
    AtomicInteger names = new AtomicInteger();
    int rounds = usualFinishes() / 4;
    Attack.together(4, () -> {
      String account = "account " + names.incrementAndGet() % 2;
      Registration mine = named(account, registration.keyHandle(), CounterKey.now());
      for (int i = 0; i < rounds; i++) {
        store.add(mine);
        List<Registration> seen = store.registrations(account);
        assertTrue(seen.size() < 2, seen::toString);
        seen.forEach(its -> assertEquals(account, its.account()));
        store.remove(account, mine.keyHandle());
      }
      return null;
    });
    assertEquals(List.of(), store.registrations("account 0"));
    assertEquals(List.of(), store.registrations("account 1"));
    assertEquals(Optional.empty(), store.find(registration.keyHandle()));
  }

  @Test
  void aPendingValueIsTakenOnceAndInTime() throws Exception {
    Instant later = Instant.now().plus(Duration.ofMinutes(5));
    store.keep("c1", "{\"a\":\"\u00e9\"}", later);
    store.keep("c2", "{}", Instant.now().minusMillis(1));
    store.keep("c3", "{\"first\":1}", Instant.now().minusSeconds(1));
    store.keep("c3", "{}", Instant.MAX);
    assertEquals(Optional.of("{\"a\":\"\u00e9\"}"), store.consume("c1"));
    assertEquals(Optional.empty(), store.consume("c1"));
    assertEquals(Optional.empty(), store.consume("c2"));
    assertEquals(Optional.of("{}"), store.consume("c3"));
    assertEquals(Optional.empty(), store.consume("C3"));
    assertEquals(Optional.empty(), store.consume("\u0000"));

    for (int round = 0; round < 60; round++) {
      String challenge = "challenge " + round;
      store.keep(challenge, "{}", later);
      List<Optional<String>> taken = Attack.together(4, () -> store.consume(challenge));
      assertEquals(1, Collections.frequency(taken, Optional.of("{}")), challenge);
      assertEquals(3, Collections.frequency(taken, Optional.empty()), challenge);
    }
  }

  @Test
  void oneCounterGivenManyTimesAtOnceIsAcceptedOnce() throws Exception {
    store.add(registration);
    RelyingParty party = CounterKey.credulous(store);
    int count = Attack.finishes(usualFinishes());
    List<Long> counters = Collections.nCopies(count, 7L);
    Collection<Long> accepted =
        Attack.watching(store, () -> Attack.finish(party, counters, CounterKey::claim));
    assertEquals(List.of(7L), List.copyOf(accepted));
    Attack.assertSound(store, accepted);
  }

  @Test
  void interleavedCountersAreAcceptedOnceEachAndRise() throws Exception {
    store.add(registration);
    RelyingParty party = CounterKey.credulous(store);
    int count = Attack.finishes(usualFinishes());
    long start = System.nanoTime();
    Collection<Long> accepted = Attack.watching(
        store, () -> Attack.finish(party, Attack.interleaved(count, 1), CounterKey::claim));
    System.out.printf(
        "%s: %d finishes in %d ms, %d accepted, %d refused%n",
        getClass().getSimpleName(),
        count,
        (System.nanoTime() - start) / 1_000_000,
        accepted.size(),
        count - accepted.size());
    Attack.assertSound(store, accepted);
    assertTrue(accepted.size() > count / 64, accepted.size() + " accepted");
  }

  @Test
  void realSignaturesArriveOutOfOrderAndNoneCountsTwice() throws Exception {
    store.add(registration);
    RelyingParty party = RelyingParty.builder(
            CounterKey.APP_ID, store, AttestationTrust.acceptAny())
        .build();
    Collection<Long> accepted = Attack.finish(party, Attack.interleaved(200, 2), key::sign);
    Attack.assertSound(store, accepted);
  }
}
