/**
 * An account that a password and a second factor protect: a security key, an authenticator app, or a
 * recovery code. The terminal and the web page both call this and nothing below it.
 *
 * <pre>{@code
 * try (Accounts accounts = Accounts.open(settings)) {
 *   accounts.create(client, email, password);
 *   Step step = accounts.signIn().password(client, email, password, remembered);
 *   if (step instanceof Step.SecondFactor next) { // else it is SignedIn already
 *     Prompt prompt = accounts.signIn().startKey(next.attempt());
 *     String response = ...; // what the key answers to prompt.requestJson()
 *     step = accounts.signIn().finishKey(client, next.attempt(), prompt.ceremony(), response, true);
 *   }
 *   String session = ((Step.SignedIn) step).session();
 *   Prompt add = accounts.keys().startAdd(session, "blue key");
 *   String added = ...; // what the key answers to add.requestJson()
 *   accounts.keys().finishAdd(client, session, add.ceremony(), added);
 * }
 * }</pre>
 *
 * <p>Whatever a person may be refused is a {@link org.u2f4j.examples.account.RefusedException} with a
 * {@link org.u2f4j.examples.account.Refusal}, which has the sentence to show. Everything else is a
 * fault of the program or its database.
 *
 * <p>Every operation is one transaction, of the library's tables and the application's together, so
 * that a process can be killed at any moment. A refusal is an outcome, and is committed: what was
 * tried stays counted and recorded. Passwords are hashed between two transactions, since that takes
 * long. All state is in the database, so any number of processes serve the same accounts.
 *
 * <p>Not done here: proving that somebody owns an e-mail address, and resetting a forgotten password,
 * both of which need mail. That is also why creating an account tells whether the address has one.
 */
@NullMarked
package org.u2f4j.examples.account;

import org.jspecify.annotations.NullMarked;
