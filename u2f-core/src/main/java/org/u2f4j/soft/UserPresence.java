package org.u2f4j.soft;

import java.util.concurrent.atomic.AtomicInteger;
import org.u2f4j.message.Request;

/** The finger on a software key: asked once for each request that wants a touch. */
@FunctionalInterface
public interface UserPresence {
  /** Touches whenever asked. */
  UserPresence ALWAYS = request -> true;

  /** Never touches. */
  UserPresence NEVER = request -> false;

  /**
   * Says whether the person touches the key now. The answer is used up by this one request.
   *
   * @param request what the key was asked
   * @return true if touched; otherwise the key answers 6985, and the client asks again
   */
  boolean confirm(Request request);

  /**
   * Touches when asked again, as a person does who needs a moment.
   *
   * @param refusals how many requests go by before each touch
   * @return a finger that comes late
   * @throws IllegalArgumentException if refusals is negative
   */
  static UserPresence after(int refusals) {
    if (refusals < 0) {
      throw new IllegalArgumentException("refusals is negative: " + refusals);
    }
    AtomicInteger asked = new AtomicInteger();
    return request -> asked.incrementAndGet() % (refusals + 1) == 0;
  }
}
