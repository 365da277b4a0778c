package org.u2f4j.hid;

import java.io.IOException;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;

/** Takes reports from a connection and makes sure that they are packets. */
final class PacketReader {
  private final HidConnection connection;

  /** A byte longer than a packet, so that a report that is too long shows. */
  private final byte[] report;

  PacketReader(HidConnection connection) {
    this.connection = connection;
    this.report = new byte[connection.inputReportSize() + 1];
  }

  Packet newPacket() {
    return new Packet(report.length - 1);
  }

  /** Whether a packet came in time. */
  boolean next(Packet packet, Deadline deadline) throws IOException, InterruptedException {
    int length = connection.read(report, deadline);
    if (length == 0) {
      return false;
    }
    if (length != report.length - 1) {
      throw new FormatException("the key sent a report of %s bytes, where a packet has %s"
          .formatted(length < report.length ? length : "more", report.length - 1));
    }
    System.arraycopy(report, 0, packet.report(), 0, length);
    return true;
  }
}
