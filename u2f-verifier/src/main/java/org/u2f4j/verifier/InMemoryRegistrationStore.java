package org.u2f4j.verifier;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.KeyHandle;

/** Registrations by key handle; an account's key handles in the order in which they came. */
final class InMemoryRegistrationStore implements RegistrationStore {
  private record Pending(String json, Instant expiresAt) {
    boolean expired() {
      return !Instant.now().isBefore(expiresAt);
    }
  }

  /** How many pending values are kept between two searches for expired ones. */
  private static final int SWEEP_EVERY = 1_024;

  private final Map<KeyHandle, Registration> byKeyHandle = new ConcurrentHashMap<>();
  private final Map<String, List<KeyHandle>> byAccount = new ConcurrentHashMap<>();
  private final Map<String, Pending> pendings = new ConcurrentHashMap<>();
  private final AtomicInteger kept = new AtomicInteger();

  @Override
  public List<Registration> registrations(String account) {
    return byAccount.getOrDefault(account, List.of()).stream()
        .map(byKeyHandle::get)
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public Optional<Registration> find(KeyHandle keyHandle) {
    return Optional.ofNullable(byKeyHandle.get(keyHandle));
  }

  @Override
  public boolean add(Registration registration) {
    KeyHandle keyHandle = registration.keyHandle();
    if (byKeyHandle.putIfAbsent(keyHandle, registration) != null) {
      return false;
    }
    byAccount.merge(
        registration.account(),
        List.of(keyHandle),
        (known, added) -> Stream.concat(known.stream(), added.stream()).toList());
    return true;
  }

  @Override
  public boolean advance(Registration seen, long counter, Instant at) {
    Registration stored = byKeyHandle.get(seen.keyHandle());
    return stored != null
        && Objects.equals(stored.counter(), seen.counter())
        && byKeyHandle.replace(seen.keyHandle(), stored, stored.used(counter, at));
  }

  @Override
  public void mark(KeyHandle keyHandle, Anomaly anomaly) {
    byKeyHandle.computeIfPresent(keyHandle, (handle, stored) -> stored.marked(anomaly));
  }

  @Override
  public boolean clear(KeyHandle keyHandle, boolean restartCounter) {
    Registration after =
        byKeyHandle.computeIfPresent(keyHandle, (handle, stored) -> stored.cleared(restartCounter));
    return after != null;
  }

  @Override
  public boolean remove(String account, KeyHandle keyHandle) {
    Registration stored = byKeyHandle.get(keyHandle);
    if (stored == null || !stored.account().equals(account)) {
      return false;
    }
    byAccount.computeIfPresent(account, (name, handles) -> without(handles, keyHandle));
    return byKeyHandle.remove(keyHandle) != null;
  }

  private static @Nullable List<KeyHandle> without(List<KeyHandle> handles, KeyHandle removed) {
    List<KeyHandle> left =
        handles.stream().filter(handle -> !handle.equals(removed)).toList();
    return left.isEmpty() ? null : left;
  }

  @Override
  public void keep(String challenge, String pending, Instant expiresAt) {
    pendings.put(challenge, new Pending(pending, expiresAt));
    if (kept.incrementAndGet() % SWEEP_EVERY == 0) {
      pendings.values().removeIf(Pending::expired);
    }
  }

  @Override
  public Optional<String> consume(String challenge) {
    return Optional.ofNullable(pendings.remove(challenge))
        .filter(pending -> !pending.expired())
        .map(Pending::json);
  }
}
