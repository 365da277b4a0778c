package org.u2f4j.client;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.Transport;

/** Where keys come from: those that are plugged in now, or some that are given. */
public interface KeySource {
  /** A key that was there when the source was looked at. */
  interface Key {
    /**
     * What tells this key from every other, by {@code equals} and {@code hashCode}. It stays the same
     * as long as the key is plugged in, and is another one once the key was out, however short. The
     * path of a device does not do: systems give it to the next one.
     *
     * @return anything that says so
     */
    Object identity();

    /**
     * What to call it.
     *
     * @return a name for people, without control characters
     */
    String name();

    /**
     * Reaches for the key. Called on the thread that then asks it; several keys are opened at once.
     *
     * @param deadline when to give up
     * @return what reaches it; the caller closes it
     * @throws IOException if it cannot be opened, or is gone
     * @throws InterruptedException if the thread is interrupted
     */
    Transport open(Deadline deadline) throws IOException, InterruptedException;
  }

  /**
   * Looks which keys are there. It should come back soon, whatever the keys do: a race cannot do
   * anything else meanwhile, and its own end is this deadline.
   *
   * @param deadline when to give up
   * @return each once, in the system's order
   * @throws IOException if one cannot look at all; the same may well happen again
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  List<? extends Key> list(Deadline deadline) throws IOException, InterruptedException;

  /**
   * Whether looking again may show other keys, or the same in a better state.
   *
   * @return false if nothing is gained by waiting for more than there is
   */
  default boolean changes() {
    return true;
  }

  /**
   * Some keys that neither come nor go, such as software keys. Who opens one gets the transport
   * itself, and closes it: others than software keys are then used up.
   *
   * @param keys each by its name for people; looked at in the order of the map
   * @return a source that does not change
   */
  static KeySource of(Map<String, ? extends Transport> keys) {
    return new GivenKeys(keys.entrySet().stream()
        .map(key -> new GivenKeys.Given(key.getKey(), key.getValue()))
        .toList());
  }
}
