package org.u2f4j.hid;

import org.u2f4j.Bytes;

/**
 * One HID report as CTAPHID reads it (CTAP 2.1, section 11.2.4), in a buffer that is used again and
 * again: messages are split and assembled without a new object for each packet.
 *
 * <pre>
 * first packet of a message         bytes    a further packet        bytes
 * channel                           4        channel                 4
 * 80 + command                      1        sequence, 0 to 127      1
 * length of the whole message       2        data                    size - 5
 * data                              size - 7
 * </pre>
 *
 * <p>Behind the end of the message a packet is filled up with zeros. For one thread at a time.
 */
public final class Packet {
  /** The smallest report that CTAPHID can use: one byte of data in a first packet. */
  public static final int MIN_SIZE = 8;

  /** The greatest report of a full-speed device, and what nearly all keys have. */
  public static final int MAX_SIZE = 64;

  static final int FIRST_HEADER = 7;
  static final int FURTHER_HEADER = 5;

  /** The number of packets that can follow the first one. */
  static final int MAX_FURTHER = 128;

  private final byte[] report;

  /**
   * An empty packet.
   *
   * @param size bytes of a report, 8 to 64
   * @throws IllegalArgumentException if the size is out of range
   */
  public Packet(int size) {
    if (size < MIN_SIZE || size > MAX_SIZE) {
      throw new IllegalArgumentException("a report has 8 to 64 bytes, not " + size);
    }
    report = new byte[size];
  }

  /**
   * The greatest message that packets of one size can carry.
   *
   * @param size bytes of a report, 8 to 64
   * @return size - 7 + 128 * (size - 5) bytes; 7,609 for 64
   */
  public static int maxPayload(int size) {
    return size - FIRST_HEADER + MAX_FURTHER * (size - FURTHER_HEADER);
  }

  /**
   * The report itself.
   *
   * @return the buffer, to be filled and to be sent; not a copy
   */
  public byte[] report() {
    return report;
  }

  /**
   * Takes a report over.
   *
   * @param bytes as many as this packet has
   * @return this packet
   * @throws IllegalArgumentException if the report has another size
   */
  public Packet fill(Bytes bytes) {
    if (bytes.length() != report.length) {
      throw new IllegalArgumentException(
          "a report of " + bytes.length() + " bytes, not " + report.length);
    }
    bytes.copyTo(0, report, 0, report.length);
    return this;
  }

  /**
   * Whose packet it is.
   *
   * @return the channel
   */
  public Channel channel() {
    return new Channel(channelBits());
  }

  private int channelBits() {
    return (report[0] << 24)
        | ((report[1] & 0xFF) << 16)
        | ((report[2] & 0xFF) << 8)
        | (report[3] & 0xFF);
  }

  boolean isOn(Channel channel) {
    return channelBits() == channel.bits();
  }

  /**
   * Whether a message begins with it.
   *
   * @return true for a first packet, false for a further one
   */
  public boolean isFirst() {
    return report[4] < 0;
  }

  /**
   * The command, in a first packet.
   *
   * @return the command
   */
  public CtapHidCommand command() {
    return new CtapHidCommand(commandCode());
  }

  int commandCode() {
    return report[4] & 0x7F;
  }

  /**
   * The length of the whole message, as a first packet says it.
   *
   * @return 0 to 65,535 bytes; more than {@link #maxPayload} cannot follow
   */
  public int messageLength() {
    return ((report[5] & 0xFF) << 8) | (report[6] & 0xFF);
  }

  /**
   * The place of a further packet.
   *
   * @return 0 to 127
   */
  public int sequence() {
    return report[4] & 0x7F;
  }

  /** The header alone: what follows may be a secret. */
  @Override
  public String toString() {
    return channel() + " "
        + (isFirst()
            ? command().name() + " " + messageLength() + " bytes"
            : "further " + sequence());
  }
}
