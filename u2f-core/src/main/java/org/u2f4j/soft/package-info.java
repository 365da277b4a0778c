/** A U2F key in software, for tests, trials and machines without hardware. */
@NullMarked
package org.u2f4j.soft;

import org.jspecify.annotations.NullMarked;
