package org.u2f4j.examples;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.hid.Packet;

/** A USB device controller under Linux, with a HID function: {@code /dev/hidgN}. */
final class GadgetPort implements DevicePort {
  private final Path path;
  private final RandomAccessFile file;
  private final Object inode;

  GadgetPort(Path path) throws IOException {
    this.path = path;
    this.file = new RandomAccessFile(path.toString(), "rw");
    this.inode = Objects.requireNonNullElse(inode(path), path);
  }

  private static @Nullable Object inode(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null; // it is not there
    }
  }

  @Override
  public Bytes read() throws IOException {
    byte[] report = new byte[Packet.MAX_SIZE];
    int length = file.read(report);
    if (length < 0) {
      throw gone();
    }
    return Bytes.of(Arrays.copyOf(report, length));
  }

  /** What no host takes, since the cable is out, is lost. */
  @Override
  public void write(Bytes report) throws IOException {
    try {
      file.write(report.toArray());
    } catch (IOException e) {
      requireThere();
    }
  }

  /** The end that is known here: what hosts call it depends on them. */
  @Override
  public Optional<String> path() {
    return Optional.of(path.toString());
  }

  /** The file goes with the gadget; the next time it is another one of the same name. */
  @Override
  public void requireThere() throws EOFException {
    if (!inode.equals(inode(path))) {
      throw gone();
    }
  }

  private static EOFException gone() {
    return new EOFException("the gadget was taken from its controller");
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
