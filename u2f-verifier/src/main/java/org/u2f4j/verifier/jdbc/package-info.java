/** Registrations in a database. */
@NullMarked
package org.u2f4j.verifier.jdbc;

import org.jspecify.annotations.NullMarked;
