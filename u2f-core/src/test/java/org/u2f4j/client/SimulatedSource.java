package org.u2f4j.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.SimulatedKey.Fault;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;

/** The keys of a {@link VirtualTime}, and the listeners who are told of them. */
final class SimulatedSource implements KeySource, TokenRace.Listener, TouchPolling.Listener {
  static final Duration PACE = Duration.ofMillis(400);
  private static final String ORIGIN = "https://example.com";
  private static final AppId APP_ID = new AppId(ORIGIN);
  private static final String CHALLENGE = "Y2hhbGxlbmdl";

  final VirtualTime time;
  final U2fClient client = new U2fClient(FacetRule.sameHost(), new TouchPolling(this));
  final TokenRace race;
  final List<SimulatedKey> keys = new ArrayList<>();

  /** Something that was told, at a moment in milliseconds. */
  record Told(long millis, String what) {
    @Override
    public String toString() {
      return millis + " " + what;
    }
  }

  final List<Told> told = new ArrayList<>();

  final List<Long> looks = new ArrayList<>();
  boolean changes = true;

  /** What an answer takes at most, in milliseconds. */
  int slowness;

  Look whenLooking = () -> {};
  boolean over;
  boolean unstuck;
  private List<SimulatedKey> seen = List.of();
  private boolean touchAwaited;

  /** What happens when somebody looks. */
  interface Look {
    void run() throws IOException;
  }

  SimulatedSource(VirtualTime time) {
    this.time = time;
    this.race = with(time);
  }

  /** A race whose threads for keys are somebody else's. */
  TokenRace with(Executor executor) {
    return new TokenRace(this, this, executor, time, PACE);
  }

  SimulatedKey add() {
    SimulatedKey key = new SimulatedKey(time, this, keys.size() + 1);
    keys.add(key);
    return key;
  }

  SimulatedKey get(int id) {
    return keys.get(id - 1);
  }

  @Override
  public List<SimulatedKey> list(Deadline deadline) throws IOException {
    time.pass();
    assertTrue(time.onCallersThread());
    looks.add(time.millis());
    whenLooking.run();
    seen = keys.stream().filter(SimulatedKey::isThere).toList();
    return seen;
  }

  @Override
  public boolean changes() {
    return changes;
  }

  private void tell(String what) {
    assertTrue(time.onCallersThread(), "on another thread");
    assertFalse(over, "after the call has returned");
    told.add(new Told(time.millis(), what));
  }

  @Override
  public void noKey() {
    tell("no key");
    assertEquals(List.of(), seen);
  }

  @Override
  public void unusable(KeySource.Key key, Exception problem) {
    tell(key.name() + ": " + problem.getMessage());
    SimulatedKey which = (SimulatedKey) key;
    assertEquals(1, ++which.told, "times that a key was told of");
    assertTrue(seen.contains(which), "it was out when one looked last");
  }

  @Override
  public void touchNow() {
    tell("touch");
    assertFalse(touchAwaited);
    touchAwaited = true;
  }

  @Override
  public void stillWaiting(Duration remaining) {
    tell("still waiting");
    assertTrue(touchAwaited);
  }

  @Override
  public void done() {
    tell("done");
    assertTrue(touchAwaited);
    touchAwaited = false;
  }

  /** What a relying party knows of these keys, and of one that is somewhere else. */
  private List<RegisteredKey> registeredKeys() {
    List<RegisteredKey> known = new ArrayList<>();
    known.add(new RegisteredKey(new KeyHandle(Bytes.of((byte) 0xEE))));
    keys.stream()
        .filter(key -> key.registered)
        .forEach(key -> known.add(new RegisteredKey(key.keyHandle())));
    return known;
  }

  /** Registers a key; returns which. */
  SimulatedKey register(Duration timeout) throws Exception {
    RegisterRequest request = new RegisterRequest(APP_ID, CHALLENGE, registeredKeys());
    return call(timeout, deadline -> {
      RegisterResponse response = client.register(request, ORIGIN, race, deadline);
      return get(response.registration().keyHandle().bytes().at(0));
    });
  }

  /** Has a key sign; returns which. */
  SimulatedKey sign(Duration timeout) throws Exception {
    SignRequest request = new SignRequest(APP_ID, CHALLENGE, registeredKeys());
    return call(timeout, deadline -> {
      SignResponse response = client.sign(request, ORIGIN, race, deadline);
      SimulatedKey which = get((int) response.authentication().counter());
      assertEquals(which.keyHandle(), response.keyHandle());
      return which;
    });
  }

  interface Call<T> {
    T run(Deadline deadline) throws Exception;
  }

  /** Calls, and checks what has to be so afterwards whatever became of it. */
  <T> T call(Duration timeout, Call<T> call) throws Exception {
    long end = time.millis() + timeout.toMillis();
    try {
      return call.run(Deadline.after(timeout, time));
    } finally {
      over = true;
      assertTrue(time.millis() <= end, "it returned late");
      assertFalse(touchAwaited, "a touch is still awaited");
      checkNothingIsLeft();
    }
  }

  /** Only what hangs in native code may be left, and only until it comes back. */
  private void checkNothingIsLeft() {
    long hanging = keys.stream().filter(key -> Fault.NATIVE.contains(key.fault)).count();
    assertTrue(time.threads() <= 2 * hanging, "threads are left");
    for (SimulatedKey key : keys) {
      assertTrue(key.open == 0 || Fault.NATIVE.contains(key.fault), () -> key + " is left open");
    }
    unstuck = true;
    time.stuckUntil(() -> time.threads() == 0);
    for (SimulatedKey key : keys) {
      assertEquals(0, key.open, () -> key + " is left open for good");
    }
  }
}
