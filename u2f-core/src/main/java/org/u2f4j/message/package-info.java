/** The raw messages of U2F, which one side encodes and the other decodes. */
@NullMarked
package org.u2f4j.message;

import org.jspecify.annotations.NullMarked;
