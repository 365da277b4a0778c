package org.u2f4j.verifier;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.u2f4j.KeyHandle;

/**
 * Where an application keeps its registrations. Every method may be called by several threads at
 * once; each is atomic, and has reached the disk when it returns, if the store has one.
 *
 * <p>{@link RelyingParty} calls {@link #registrations} when it starts; that, {@link #add}, that again,
 * and {@link #remove} if too many were added at once, to finish a registration; {@link #find} and
 * {@link #advance} to finish an authentication, and {@link #mark} when a counter is suspicious. The
 * rest is for the application: {@link #clear} and {@link #remove} when the owner asks for it, {@link
 * #keep} and {@link #consume} if it has no better place for pending values.
 *
 * <p>A store that cannot do its work throws a {@link RegistrationStoreException}, and the relying
 * party lets it through: nothing is accepted then.
 *
 * <p>Times are kept to the millisecond at least. Whether the time of a pending value is over is told
 * by the system's clock, whatever clock the relying party has.
 */
public interface RegistrationStore {
  /**
   * A store that forgets all when the program ends.
   *
   * @return an empty store
   */
  static RegistrationStore inMemory() {
    return new InMemoryRegistrationStore();
  }

  /**
   * The registrations of an account.
   *
   * @param account whose
   * @return all of them, the oldest first, those of one time in an order that does not change; empty if
   *     there are none, or no such account
   */
  List<Registration> registrations(String account);

  /**
   * The registration that has a key handle.
   *
   * @param keyHandle the key handle
   * @return the registration, of whatever account; empty if there is none
   */
  Optional<Registration> find(KeyHandle keyHandle);

  /**
   * Adds a registration, unless its key handle is known, to whatever account it belongs.
   *
   * @param registration the new registration
   * @return false if the key handle is known; nothing is changed then
   */
  boolean add(Registration registration);

  /**
   * Compare-and-set: stores the counter of an accepted signature, and the time, if the stored
   * counter is still what it was when it was judged.
   *
   * @param seen the registration as it was found; its account and its counter, null included, must
   *     be the stored ones
   * @param counter the counter to store, never less than the seen one
   * @param at when the signature was accepted
   * @return false if the stored counter is another one now, or the registration is gone; nothing is
   *     changed then, and the caller looks again
   */
  boolean advance(Registration seen, long counter, Instant at);

  /**
   * Marks a registration; an older mark is replaced. Does nothing if the registration is gone.
   *
   * @param keyHandle which one
   * @param anomaly when and what
   */
  void mark(KeyHandle keyHandle, Anomaly anomaly);

  /**
   * Removes the mark, once the owner has explained it or has proven anew who they are.
   *
   * @param account whose it is; a key handle that came from a page may be another account's
   * @param keyHandle which one
   * @param restartCounter true if the next signature is to be judged like the first one ever, as
   *     after a restore of the key; false keeps the stored counter
   * @return false if this account has no such registration; nothing is changed then
   */
  boolean clear(String account, KeyHandle keyHandle, boolean restartCounter);

  /**
   * Removes a registration.
   *
   * @param account whose it is
   * @param keyHandle which one
   * @return false if this account has no such registration
   */
  boolean remove(String account, KeyHandle keyHandle);

  /**
   * Keeps a pending value until it is consumed or its time is over.
   *
   * @param challenge its challenge
   * @param pending its JSON
   * @param expiresAt when it may be forgotten
   */
  void keep(String challenge, String pending, Instant expiresAt);

  /**
   * Takes a pending value, which nobody can take again.
   *
   * @param challenge its challenge, as the response's client data have it
   * @return its JSON; empty if none was kept, it was taken before, or its time is over
   */
  Optional<String> consume(String challenge);
}
