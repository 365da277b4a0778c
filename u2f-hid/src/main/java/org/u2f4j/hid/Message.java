package org.u2f4j.hid;

import java.util.ArrayList;
import java.util.List;
import org.u2f4j.Bytes;

/**
 * A CTAPHID message, in either direction.
 *
 * @param channel whose it is
 * @param command what it is
 * @param payload 0 to 7,609 bytes
 */
public record Message(Channel channel, CtapHidCommand command, Bytes payload) {
  /**
   * Refuses what no report size could carry.
   *
   * @param channel whose it is
   * @param command what it is
   * @param payload 0 to 7,609 bytes
   * @throws IllegalArgumentException if the payload is too long
   */
  public Message {
    int max = Packet.maxPayload(Packet.MAX_SIZE);
    if (payload.length() > max) {
      throw new IllegalArgumentException(
          "a message has at most %s bytes, not %s".formatted(max, payload.length()));
    }
  }

  /**
   * All its packets.
   *
   * @param size bytes of a report, 8 to 64
   * @return one report or more
   * @throws IllegalArgumentException if the size is out of range, or too small for the payload
   */
  public List<Bytes> split(int size) {
    MessageSplitter splitter = new MessageSplitter();
    splitter.begin(this, size);
    Packet packet = new Packet(size);
    List<Bytes> reports = new ArrayList<>();
    while (splitter.next(packet)) {
      reports.add(Bytes.of(packet.report()));
    }
    return reports;
  }

  /** Channel, command and length: what is in it may be a secret. */
  @Override
  public String toString() {
    return "%s %s %s bytes".formatted(channel, command.name(), payload.length());
  }
}
