package org.u2f4j.examples;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.u2f4j.Bytes;
import org.u2f4j.hid.Packet;

/** A USB device controller under Linux, with a HID function: {@code /dev/hidgN}. */
final class GadgetPort implements DevicePort {
  private final Path path;
  private final RandomAccessFile file;

  GadgetPort(Path path) throws IOException {
    this.path = path;
    file = new RandomAccessFile(path.toString(), "rw");
  }

  @Override
  public Bytes read() throws IOException {
    byte[] report = new byte[Packet.MAX_SIZE];
    int length = file.read(report);
    if (length < 0) {
      throw new EOFException("the gadget is gone");
    }
    return Bytes.of(Arrays.copyOf(report, length));
  }

  @Override
  public void write(Bytes report) throws IOException {
    file.write(report.toArray());
  }

  /** The end that is known here: what hosts call it depends on them. */
  @Override
  public Optional<String> path() {
    return Optional.of(path.toString());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
