package org.u2f4j.examples;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import org.u2f4j.Bytes;

/**
 * The device's end of a HID connection, as an operating system gives it to a program. One thread may
 * read while another one does all else.
 */
interface DevicePort extends Closeable {
  /** The next report from a host, without a report number; waits for it. */
  Bytes read() throws IOException;

  /** Sends a report to every host, without a report number. */
  void write(Bytes report) throws IOException;

  /** Where the device is, for people, once that is known. */
  Optional<String> path();

  /** Notices that the device was taken out, where a read would wait on. */
  default void requireThere() throws EOFException {}

  /** Takes the device out. */
  @Override
  void close() throws IOException;
}
