/** The dictionaries of the U2F JavaScript API and of WebAuthn, and client data. */
@NullMarked
package org.u2f4j.json;

import org.jspecify.annotations.NullMarked;
