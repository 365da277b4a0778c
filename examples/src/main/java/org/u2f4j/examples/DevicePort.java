package org.u2f4j.examples;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.u2f4j.Bytes;

/**
 * The device's end of a HID connection, as an operating system gives it to a program. One thread may
 * read while another one writes.
 */
interface DevicePort extends Closeable {
  /** The next report from a host, without a report number; waits for it. */
  Bytes read() throws IOException;

  /** Sends a report to every host, without a report number. */
  void write(Bytes report) throws IOException;

  /** Where the device is, for people, once that is known. */
  Optional<String> path();

  /** Takes the device out. */
  @Override
  void close() throws IOException;
}
