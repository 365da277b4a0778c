package org.u2f4j.hid;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.u2f4j.apdu.Deadline;

/**
 * The keys that are plugged in now; a test brings keys of its own.
 *
 * <p>Nothing is watched in the background: each call looks anew. Looking takes some milliseconds and
 * disturbs other devices on some systems, so that it should not be done more often than about four
 * times a second.
 */
public interface HidKeys {
  /** The keys on USB of this machine. Nothing native is loaded before they are looked for. */
  HidKeys USB = new Hid4JavaKeys();

  /**
   * All keys: the devices with usage page F1D0 and usage 01, of any maker.
   *
   * @param deadline when to give up waiting for another thread that is in the native library
   * @return one or none for each; in the system's order
   * @throws AccessException if the native library cannot be loaded, or another thread was not done in
   *     time ({@link AccessProblem.Name#SYSTEM_BUSY})
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  List<HidKey> list(Deadline deadline) throws AccessException, InterruptedException;

  /**
   * Why there may be no key in the list although one is plugged in.
   *
   * @return what keeps keys from this program; nothing if the system seems to show them, so that none
   *     is plugged in
   */
  Optional<AccessProblem> whyNone();

  /**
   * Opens a key. Other programs, such as browsers, may have it open at the same time.
   *
   * @param key one of {@link #list}; if another device has its path by now, the key is gone
   * @param deadline when to give up waiting for another thread that looks for keys, or opens or closes
   *     one; what the system itself takes to open this one cannot be cut short
   * @return what reaches it
   * @throws AccessException if it cannot be opened, or is gone, or if another thread was not done in
   *     time ({@link AccessProblem.Name#SYSTEM_BUSY})
   * @throws IOException if its reports are none that CTAPHID can use
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  HidConnection open(HidKey key, Deadline deadline) throws IOException, InterruptedException;
}
