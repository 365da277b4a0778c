package org.u2f4j.examples;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.u2f4j.Bytes;

/**
 * A HID device that Linux makes for a program: each read or write of {@code /dev/uhid} is one {@code
 * struct uhid_event} of {@code linux/uhid.h}, its type and then what belongs to that type, without
 * padding.
 */
final class UhidPort implements DevicePort {
  static final Path FILE = Path.of("/dev/uhid");

  /** For tests of one's own: nobody else's, and never sold (pid.codes). */
  static final int VENDOR = 0x1209;

  static final int PRODUCT = 0x0001;
  static final String NAME = "u2f4j software key TEST";

  private static final int DESTROY = 1;
  private static final int STOP = 3;
  private static final int OUTPUT = 6;
  private static final int GET_REPORT = 9;
  private static final int GET_REPORT_REPLY = 10;
  private static final int CREATE2 = 11;
  private static final int INPUT2 = 12;
  private static final int SET_REPORT = 13;
  private static final int SET_REPORT_REPLY = 14;

  private static final int TYPE = 4;
  private static final int NAME_LENGTH = 128;
  private static final int PHYS_LENGTH = 64;
  private static final int UNIQ_LENGTH = 64;
  private static final int DATA_LENGTH = 4096;
  private static final int EVENT_LENGTH =
      TYPE + NAME_LENGTH + PHYS_LENGTH + UNIQ_LENGTH + 2 * 2 + 4 * 4 + DATA_LENGTH;

  private static final short BUS_USB = 3;
  private static final short EIO = 5;

  private final InputStream in;
  private final OutputStream out;
  private final Closeable file;
  private final String uniq;

  /** Makes a device that has the report descriptor. */
  static UhidPort open(Bytes descriptor) throws IOException {
    RandomAccessFile file = new RandomAccessFile(FILE.toString(), "rw");
    try {
      return new UhidPort(
          new FileInputStream(file.getFD()), new FileOutputStream(file.getFD()), file, descriptor);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Makes a device.
   *
   * @param in gives one event for each read
   * @param out takes one event with each write
   * @param file is closed in the end
   */
  UhidPort(InputStream in, OutputStream out, Closeable file, Bytes descriptor) throws IOException {
    this.in = in;
    this.out = out;
    this.file = file;
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    uniq = HexFormat.of().formatHex(random);
    ByteBuffer event = event(CREATE2);
    put(event, NAME, NAME_LENGTH);
    put(event, "", PHYS_LENGTH);
    put(event, uniq, UNIQ_LENGTH);
    event
        .putShort((short) descriptor.length())
        .putShort(BUS_USB)
        .putInt(VENDOR)
        .putInt(PRODUCT)
        .putInt(0) // version
        .putInt(0) // country
        .put(descriptor.toBuffer());
    send(event);
  }

  private static ByteBuffer event(int type) {
    return ByteBuffer.allocate(EVENT_LENGTH).order(ByteOrder.nativeOrder()).putInt(type);
  }

  private static void put(ByteBuffer event, String text, int length) {
    event.put(Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), length));
  }

  /** The kernel takes an event that is cut off for one with zeros. */
  private void send(ByteBuffer event) throws IOException {
    byte[] bytes = new byte[event.flip().remaining()];
    event.get(bytes);
    synchronized (out) {
      out.write(bytes);
      out.flush();
    }
  }

  @Override
  public Bytes read() throws IOException {
    byte[] bytes = new byte[EVENT_LENGTH];
    while (true) {
      Arrays.fill(bytes, (byte) 0);
      if (in.read(bytes) < 0) {
        throw new EOFException("the kernel has let go of the device");
      }
      ByteBuffer event = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      switch (event.getInt()) {
        case OUTPUT -> {
          return report(event);
        }
        // feature reports, which a FIDO device does not have
        case GET_REPORT -> send(event(GET_REPORT_REPLY).putInt(event.getInt()).putShort(EIO));
        case SET_REPORT -> send(event(SET_REPORT_REPLY).putInt(event.getInt()).putShort(EIO));
        case STOP -> throw new EOFException("the kernel has taken the device out");
        default -> {} // that it is started, opened and closed
      }
    }
  }

  /** The data, 4,096 bytes; how many of them are meant; then the type of the report. */
  private static Bytes report(ByteBuffer event) {
    byte[] all = new byte[DATA_LENGTH];
    event.get(all);
    int length = Math.min(event.getShort() & 0xFFFF, DATA_LENGTH);
    Bytes data = Bytes.of(all).slice(0, length);
    // programs put the report number before it, which is 0 where there are no numbers
    return length % 2 == 1 && data.at(0) == 0 ? data.slice(1) : data;
  }

  @Override
  public void write(Bytes report) throws IOException {
    send(event(INPUT2).putShort((short) report.length()).put(report.toBuffer()));
  }

  @Override
  public Optional<String> path() {
    try (DirectoryStream<Path> nodes = Files.newDirectoryStream(Path.of("/sys/class/hidraw"))) {
      for (Path node : nodes) {
        if (Files.readAllLines(node.resolve("device/uevent")).contains("HID_UNIQ=" + uniq)) {
          return Optional.of("/dev/" + node.getFileName());
        }
      }
    } catch (IOException e) {
      // not there, or just going: it is asked for again
    }
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    try (file) {
      send(event(DESTROY));
    }
  }
}
