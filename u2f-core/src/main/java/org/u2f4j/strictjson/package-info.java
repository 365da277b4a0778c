/**
 * Reads and writes JSON strictly.
 *
 * <p>This is no part of the public API: it is exported to u2f4j's own verifier only, and may change
 * with any release.
 */
@NullMarked
package org.u2f4j.strictjson;

import org.jspecify.annotations.NullMarked;
