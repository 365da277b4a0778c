package org.u2f4j.soft;

import java.io.IOException;
import org.u2f4j.apdu.Deadline;

/** What a software key has to remember: the next value is never given twice. */
interface Counter {
  /** The greatest value that the counter's 32 bits can hold. */
  long MAX = 0xFFFF_FFFFL;

  /** Counts one up, and returns once nothing can take that back. */
  long next(Deadline deadline) throws IOException, InterruptedException;
}
