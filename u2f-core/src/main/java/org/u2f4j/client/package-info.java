/** The clients, of U2F and of WebAuthn: from a request in JSON, through a key, to a response in JSON. */
@NullMarked
package org.u2f4j.client;

import org.jspecify.annotations.NullMarked;
