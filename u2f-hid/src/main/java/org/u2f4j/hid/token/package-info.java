/**
 * A key without hardware: the device's side of CTAPHID, to test programs that use keys.
 *
 * <pre>{@code
 * HidToken token = new HidToken(SoftwareKey.create());
 * TokenWire wire = new TokenWire(token);
 * Deadline deadline = Deadline.after(Duration.ofSeconds(30));
 * try (CtapHidDevice device =
 *     CtapHidDevice.open(wire.connect(), CtapHidDevice.SILENT, deadline)) {
 *   token.inject(Fault.busy(3));
 *   token.inject(Fault.foreignPackets());
 *   ResponseApdu version = device.exchange(new VersionRequest().toCommand(), deadline);
 * }
 * }</pre>
 *
 * <p>{@link org.u2f4j.hid.token.HidToken} is a state machine: reports and the time go in, reports come
 * out. {@link org.u2f4j.hid.token.TokenWire} joins it to any number of programs; with a clock of the
 * test's own, hours pass in no time. {@link org.u2f4j.hid.token.Fault} is what can go wrong with real
 * keys, cables and other programs.
 *
 * <p>Nothing here starts a thread, and nothing serves CTAP2.
 */
@NullMarked
package org.u2f4j.hid.token;

import org.jspecify.annotations.NullMarked;
