/**
 * The clients, of U2F and of WebAuthn: from a request in JSON, through a key, to a response in JSON.
 *
 * <p>They ask one key, or with a {@link org.u2f4j.client.TokenRace} all that a {@link
 * org.u2f4j.client.KeySource} brings, of which the person touches one.
 */
@NullMarked
package org.u2f4j.client;

import org.jspecify.annotations.NullMarked;
