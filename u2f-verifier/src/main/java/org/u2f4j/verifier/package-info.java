/** The relying party. */
@NullMarked
package org.u2f4j.verifier;

import org.jspecify.annotations.NullMarked;
