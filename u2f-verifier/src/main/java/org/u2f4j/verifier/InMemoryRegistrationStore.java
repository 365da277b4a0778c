package org.u2f4j.verifier;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.KeyHandle;

/**
 * Registrations by key handle, and an account's key handles in the order in which they came. One lock
 * guards all of it: it is held for a look-up, while a signature takes a thousand times as long. Key
 * handles are comparable, so a look-up stays short among many whose hash codes a stranger made collide.
 */
final class InMemoryRegistrationStore implements RegistrationStore {
  private record Pending(String json, Instant expiresAt) {
    boolean expired() {
      return !Instant.now().isBefore(expiresAt);
    }
  }

  /** How many pending values are kept between two searches for expired ones. */
  private static final int SWEEP_EVERY = 1_024;

  private final Map<KeyHandle, Registration> byKeyHandle = new HashMap<>();
  private final Map<String, List<KeyHandle>> byAccount = new HashMap<>();
  private final Map<String, Pending> pendings = new HashMap<>();
  private int kept;

  @Override
  public synchronized List<Registration> registrations(String account) {
    return byAccount.getOrDefault(account, List.of()).stream()
        .map(byKeyHandle::get)
        .sorted(Comparator.comparing(Registration::registeredAt))
        .toList();
  }

  @Override
  public synchronized Optional<Registration> find(KeyHandle keyHandle) {
    return Optional.ofNullable(byKeyHandle.get(keyHandle));
  }

  @Override
  public synchronized boolean add(Registration registration) {
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
  public synchronized boolean advance(Registration seen, long counter, Instant at) {
    Registration stored = byKeyHandle.get(seen.keyHandle());
    if (stored == null
        || !stored.account().equals(seen.account())
        || !Objects.equals(stored.counter(), seen.counter())) {
      return false;
    }
    byKeyHandle.put(seen.keyHandle(), stored.used(counter, at));
    return true;
  }

  @Override
  public synchronized void mark(KeyHandle keyHandle, Anomaly anomaly) {
    byKeyHandle.computeIfPresent(keyHandle, (handle, stored) -> stored.marked(anomaly));
  }

  @Override
  public synchronized boolean clear(String account, KeyHandle keyHandle, boolean restartCounter) {
    Registration stored = byKeyHandle.get(keyHandle);
    if (stored == null || !stored.account().equals(account)) {
      return false;
    }
    byKeyHandle.put(keyHandle, stored.cleared(restartCounter));
    return true;
  }

  @Override
  public synchronized boolean remove(String account, KeyHandle keyHandle) {
    Registration stored = byKeyHandle.get(keyHandle);
    if (stored == null || !stored.account().equals(account)) {
      return false;
    }
    byKeyHandle.remove(keyHandle);
    byAccount.computeIfPresent(account, (name, handles) -> without(handles, keyHandle));
    return true;
  }

  private static @Nullable List<KeyHandle> without(List<KeyHandle> handles, KeyHandle removed) {
    List<KeyHandle> left =
        handles.stream().filter(handle -> !handle.equals(removed)).toList();
    return left.isEmpty() ? null : left;
  }

  @Override
  public synchronized void keep(String challenge, String pending, Instant expiresAt) {
    pendings.put(challenge, new Pending(pending, expiresAt));
    kept++;
    if (kept % SWEEP_EVERY == 0) {
      pendings.values().removeIf(Pending::expired);
    }
  }

  @Override
  public synchronized Optional<String> consume(String challenge) {
    return Optional.ofNullable(pendings.remove(challenge))
        .filter(pending -> !pending.expired())
        .map(Pending::json);
  }
}
