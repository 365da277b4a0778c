package org.u2f4j.hid;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.KeySource;

/**
 * The keys on USB, for a {@link org.u2f4j.client.TokenRace}. A key that was plugged in again is
 * another one where the system tells (Linux); elsewhere one that was out for less than the race's
 * pace passes for the same.
 */
public final class HidKeySource implements KeySource {
  /** What comes between a key and who asks it, such as a {@link PacketTrace}. */
  @FunctionalInterface
  public interface Tap {
    /** Nothing. */
    Tap NONE = (key, connection) -> connection;

    /**
     * Called whenever a key was opened, on the thread that then asks it; a key that could not be
     * reached is opened again.
     *
     * @param key which
     * @param connection what reaches it; closed by who calls if this fails
     * @return what to use in its place; closing that closes the connection
     * @throws IOException if it is not to be used
     */
    HidConnection on(HidKey key, HidConnection connection) throws IOException;
  }

  private final HidKeys keys;
  private final CtapHidDevice.Listener listener;
  private final Tap tap;
  private volatile @Nullable List<HidKey> last;

  /**
   * The keys that are plugged in whenever the race looks.
   *
   * @param listener told what happens while an answer is awaited, by each key on the thread that asks
   *     it
   */
  public HidKeySource(CtapHidDevice.Listener listener) {
    this(listener, Tap.NONE);
  }

  /**
   * The same, traced, each key to a place of its own:
   *
   * <pre>{@code
   * KeySource traced = new HidKeySource(listener, (key, connection) -> new PacketTrace(
   *     connection, fileOf(key), PacketTrace.Formatter.NONE, PacketTrace.Detail.REDACTED));
   * }</pre>
   *
   * @param listener told what happens while an answer is awaited, by each key on the thread that asks
   *     it
   * @param tap comes between each key and the race
   */
  public HidKeySource(CtapHidDevice.Listener listener, Tap tap) {
    this(HidKeys.USB, listener, tap);
  }

  /**
   * The same with other keys than those of this machine, for a test.
   *
   * @param keys finds and opens them
   * @param listener told what happens while an answer is awaited, by each key on the thread that asks
   *     it
   * @param tap comes between each key and the race
   */
  public HidKeySource(HidKeys keys, CtapHidDevice.Listener listener, Tap tap) {
    this.keys = keys;
    this.listener = listener;
    this.tap = tap;
  }

  /**
   * All keys, as {@link HidKeys#list} has them. If another thread does not come back from the native
   * library, those that were there the last time: waiting for it would hold up the keys that work. What
   * the system itself takes to list its devices cannot be cut short.
   *
   * @throws AccessException if the system hides keys from this program, so that it would wait in
   *     vain, or if another thread was in the native library until the deadline
   */
  @Override
  public List<? extends Key> list(Deadline deadline) throws AccessException, InterruptedException {
    return now(deadline).stream().map(Plugged::new).toList();
  }

  private List<HidKey> now(Deadline deadline) throws AccessException, InterruptedException {
    List<HidKey> before = last;
    try {
      List<HidKey> now = keys.list(before == null ? deadline : deadline.atMost(Duration.ZERO));
      Optional<AccessProblem> hidden = now.isEmpty() ? keys.whyNone() : Optional.empty();
      if (hidden.isPresent()) {
        throw new AccessException(hidden.get());
      }
      last = now;
      return now;
    } catch (AccessException e) {
      if (before != null && e.problem().name() == AccessProblem.Name.SYSTEM_BUSY) {
        return before;
      }
      throw e;
    }
  }

  private final class Plugged implements Key {
    private final HidKey key;

    Plugged(HidKey key) {
      this.key = key;
    }

    @Override
    public Object identity() {
      return key;
    }

    @Override
    public String name() {
      return key.name();
    }

    @Override
    public Transport open(Deadline deadline) throws IOException, InterruptedException {
      HidConnection connection = keys.open(key, deadline);
      HidConnection tapped;
      try {
        tapped = tap.on(key, connection);
      } catch (IOException | RuntimeException | Error e) {
        connection.close();
        throw e;
      }
      return CtapHidDevice.open(tapped, listener, deadline);
    }
  }
}
