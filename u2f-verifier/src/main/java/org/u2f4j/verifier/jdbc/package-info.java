/**
 * Registrations in a database: PostgreSQL, or a SQLite file.
 *
 * <pre>{@code
 * JdbcRegistrationStore store = new JdbcRegistrationStore(dataSource);
 * store.migrate(); // makes the tables, if need be
 * RelyingParty site = RelyingParty.builder(appId, store, AttestationTrust.acceptAny()).build();
 * }</pre>
 *
 * <p>The driver is the application's to bring. A program on the module path {@code requires java.sql}
 * too.
 */
@NullMarked
package org.u2f4j.verifier.jdbc;

import org.jspecify.annotations.NullMarked;
