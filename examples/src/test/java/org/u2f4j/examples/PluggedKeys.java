package org.u2f4j.examples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.hid.AccessException;
import org.u2f4j.hid.AccessProblem;
import org.u2f4j.hid.HidConnection;
import org.u2f4j.hid.HidKey;
import org.u2f4j.hid.HidKeys;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.hid.token.TokenWire;

/** Keys in memory. */
final class PluggedKeys implements HidKeys {
  private final Map<HidKey, TokenWire> wires = new LinkedHashMap<>();
  private final Map<String, AccessProblem> locked = new HashMap<>();
  private final Map<Integer, Runnable> events = new HashMap<>();
  private @Nullable AccessProblem problem;
  private int looks;
  private int arrivals;

  /** With a key at /dev/hidraw0, then one at /dev/hidraw1, and so on. */
  static PluggedKeys of(HidToken... tokens) {
    PluggedKeys plugged = new PluggedKeys();
    for (HidToken token : tokens) {
      plugged.plugIn("/dev/hidraw" + plugged.wires.size(), token);
    }
    return plugged;
  }

  synchronized void plugIn(String path, HidToken token) {
    HidKey key =
        new HidKey(path, 0x1209, 0x0001, 0, "u2f4j", "key in memory", "77", "" + arrivals++);
    wires.put(key, new TokenWire(token));
  }

  synchronized void pullOut(String path) {
    wires.keySet().removeIf(key -> key.path().equals(path));
  }

  /** Which cannot be opened, or listed if there are none. */
  PluggedKeys withProblem(AccessProblem why) {
    problem = why;
    return this;
  }

  /** One of which cannot be opened. */
  PluggedKeys withProblem(String path, AccessProblem why) {
    locked.put(path, why);
    return this;
  }

  /** What happens just before somebody looks for the nth time. */
  PluggedKeys before(int look, Runnable event) {
    events.put(look, event);
    return this;
  }

  @Override
  public synchronized List<HidKey> list(Deadline deadline) {
    events.getOrDefault(++looks, () -> {}).run();
    return new ArrayList<>(wires.keySet());
  }

  @Override
  public Optional<AccessProblem> whyNone() {
    return Optional.ofNullable(problem);
  }

  @Override
  public synchronized HidConnection open(HidKey key, Deadline deadline) throws IOException {
    AccessProblem why = locked.getOrDefault(key.path(), problem);
    if (why != null) {
      throw new AccessException(why);
    }
    return wires.get(key).connect();
  }
}
