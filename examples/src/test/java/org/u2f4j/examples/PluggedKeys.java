package org.u2f4j.examples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.u2f4j.hid.AccessException;
import org.u2f4j.hid.AccessProblem;
import org.u2f4j.hid.HidConnection;
import org.u2f4j.hid.HidKey;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.hid.token.TokenWire;

/** Keys in memory. */
final class PluggedKeys implements KeyFinder {
  private final Map<String, TokenWire> wires = new LinkedHashMap<>();
  private final List<HidKey> keys = new ArrayList<>();
  private @Nullable AccessProblem problem;

  /** With a key at /dev/hidraw0, then one at /dev/hidraw1, and so on. */
  static PluggedKeys of(HidToken... tokens) {
    PluggedKeys plugged = new PluggedKeys();
    for (HidToken token : tokens) {
      String path = "/dev/hidraw" + plugged.wires.size();
      plugged.wires.put(path, new TokenWire(token));
      plugged.keys.add(new HidKey(path, 0x1209, 0x0001, 0, "u2f4j", "key in memory", "77", ""));
    }
    return plugged;
  }

  /** Which cannot be opened, or listed if there are none. */
  PluggedKeys withProblem(AccessProblem why) {
    problem = why;
    return this;
  }

  @Override
  public List<HidKey> list() {
    return keys;
  }

  @Override
  public Optional<AccessProblem> whyNone() {
    return Optional.ofNullable(problem);
  }

  @Override
  public HidConnection open(HidKey key) throws IOException {
    if (problem != null) {
      throw new AccessException(problem);
    }
    return wires.get(key.path()).connect();
  }
}
