package org.u2f4j.hid;

import static org.u2f4j.hid.Packet.FIRST_HEADER;
import static org.u2f4j.hid.Packet.FURTHER_HEADER;

import java.util.Arrays;
import org.u2f4j.Bytes;

/** Cuts messages into packets, one message after the other. For one thread at a time. */
final class MessageSplitter {
  private Message message = new Message(Channel.RESERVED, CtapHidCommand.PING, Bytes.EMPTY);
  private int sent;
  private int sequence = Packet.MAX_FURTHER;

  /**
   * Begins with a message; what was left of another is dropped.
   *
   * @param next the message
   * @param size bytes of the reports it is to be cut into, 8 to 64
   * @throws IllegalArgumentException if packets of that size cannot carry it
   */
  void begin(Message next, int size) {
    int max = Packet.maxPayload(size);
    if (next.payload().length() > max) {
      throw new IllegalArgumentException(
          "reports of %s bytes carry messages of at most %s bytes, not %s"
              .formatted(size, max, next.payload().length()));
    }
    message = next;
    sent = 0;
    sequence = -1;
  }

  /**
   * Writes the next packet.
   *
   * @param packet is filled
   * @return false if there is no next packet; the packet is then as it was
   */
  boolean next(Packet packet) {
    int length = message.payload().length();
    if (sequence >= 0 && sent == length) {
      return false;
    }
    byte[] report = packet.report();
    int channel = message.channel().bits();
    report[0] = (byte) (channel >> 24);
    report[1] = (byte) (channel >> 16);
    report[2] = (byte) (channel >> 8);
    report[3] = (byte) channel;
    int header;
    if (sequence < 0) {
      report[4] = (byte) (0x80 | message.command().code());
      report[5] = (byte) (length >> 8);
      report[6] = (byte) length;
      header = FIRST_HEADER;
    } else {
      report[4] = (byte) sequence;
      header = FURTHER_HEADER;
    }
    int part = Math.min(length - sent, report.length - header);
    message.payload().copyTo(sent, report, header, part);
    Arrays.fill(report, header + part, report.length, (byte) 0);
    sent += part;
    sequence++;
    return true;
  }
}
