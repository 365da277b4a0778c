/**
 * The page of the account: {@link org.u2f4j.examples.account} for browsers.
 *
 * <pre>{@code
 * WebServer server = WebServer.bind(address, 8642);
 * PublicUrl url = PublicUrl.localhost(server.port());
 * try (server; Accounts accounts = Accounts.open(settings.withSite(site))) {
 *   server.start(accounts, url, problems);
 *   ...
 * }
 * }</pre>
 *
 * <p>Pages are made here and need a script only to ask a security key. Nothing is kept in memory
 * between two requests: cookies have tokens, and the database all else, so that any number of
 * processes serve one site. What changes something is a POST of a form, and comes from our own page:
 * see {@link org.u2f4j.examples.web.Gate}.
 *
 * <p>It speaks plain HTTP. Whoever lets others than this computer in puts a server in front of it
 * that speaks HTTPS.
 */
@NullMarked
package org.u2f4j.examples.web;

import org.jspecify.annotations.NullMarked;
