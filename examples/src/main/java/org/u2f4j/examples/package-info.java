/** The u2f command. */
@NullMarked
package org.u2f4j.examples;

import org.jspecify.annotations.NullMarked;
