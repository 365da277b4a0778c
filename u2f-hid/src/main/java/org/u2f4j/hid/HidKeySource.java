package org.u2f4j.hid;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.KeySource;

/**
 * The keys on USB, for a {@link org.u2f4j.client.TokenRace}. A key that was plugged in again is
 * another one where the system tells (Linux); elsewhere one that was out for less than the race's
 * pace passes for the same.
 */
public final class HidKeySource implements KeySource {
  private record Plugged(HidKey hidKey, CtapHidDevice.Listener listener) implements Key {
    @Override
    public Object identity() {
      return hidKey;
    }

    @Override
    public String name() {
      return hidKey.name();
    }

    @Override
    public Transport open(Deadline deadline) throws IOException, InterruptedException {
      return CtapHidDevice.open(HidKeys.open(hidKey), listener, deadline);
    }
  }

  private final CtapHidDevice.Listener listener;

  /**
   * The keys that are plugged in whenever the race looks.
   *
   * @param listener told what happens while an answer is awaited, by each key on the thread that asks
   *     it
   */
  public HidKeySource(CtapHidDevice.Listener listener) {
    this.listener = listener;
  }

  /**
   * All keys, as {@link HidKeys#list} has them.
   *
   * @throws AccessException if the system hides keys from this program, so that it would wait in vain
   */
  @Override
  public List<? extends Key> list() throws AccessException {
    List<HidKey> keys = HidKeys.list();
    Optional<AccessProblem> hidden = keys.isEmpty() ? HidKeys.whyNone() : Optional.empty();
    if (hidden.isPresent()) {
      throw new AccessException(hidden.get());
    }
    return keys.stream().map(key -> new Plugged(key, listener)).toList();
  }
}
