/** The seam between a client and a key: commands, answers, and transports that carry them. */
@NullMarked
package org.u2f4j.apdu;

import org.jspecify.annotations.NullMarked;
