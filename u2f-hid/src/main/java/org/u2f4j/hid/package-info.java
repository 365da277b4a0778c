/**
 * U2F keys on USB: CTAPHID (FIDO CTAP 2.1, section 11.2; before that FIDO U2F HID Protocol 1.2).
 *
 * <pre>{@code
 * Deadline deadline = Deadline.after(Duration.ofSeconds(30));
 * HidKey key = HidKeys.USB.list(deadline).get(0); // if there is none, whyNone() may know why
 * HidConnection connection = HidKeys.USB.open(key, deadline);
 * try (CtapHidDevice device =
 *     CtapHidDevice.open(connection, CtapHidDevice.SILENT, deadline)) {
 *   RegisterResponse response = client.register(request, origin, device, deadline);
 * }
 * }</pre>
 *
 * <p>If there may be several, or none yet, let the person choose by a touch:
 *
 * <pre>{@code
 * TokenRace keys = new TokenRace(new HidKeySource(CtapHidDevice.SILENT), TokenRace.SILENT);
 * RegisterResponse response = client.register(request, origin, keys, deadline);
 * }</pre>
 *
 * <p>A message travels in packets, each of them one HID report. {@link org.u2f4j.hid.CtapHidDevice}
 * is the host's side of it and a {@link org.u2f4j.apdu.Transport}; the key's side is in {@link
 * org.u2f4j.hid.token}, so that a program can be tried without hardware. What carries reports is a
 * {@link org.u2f4j.hid.HidConnection}.
 *
 * <p>Nothing here watches for keys by itself, or starts a thread, except to close a key that could
 * not be closed while another call was in the native library.
 */
@NullMarked
package org.u2f4j.hid;

import org.jspecify.annotations.NullMarked;
