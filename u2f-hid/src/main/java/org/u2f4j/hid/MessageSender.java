package org.u2f4j.hid;

import java.io.IOException;

/** Sends whole messages: the packets of two threads do not mix. */
final class MessageSender {
  private final HidConnection connection;
  private final MessageSplitter splitter = new MessageSplitter();
  private final Packet packet;

  MessageSender(HidConnection connection) {
    this.connection = connection;
    this.packet = new Packet(connection.outputReportSize());
  }

  /** All packets, one right behind the other: keys give up on a message that pauses. */
  synchronized void send(Message message) throws IOException {
    splitter.begin(message, packet.report().length);
    while (splitter.next(packet)) {
      connection.write(packet.report());
    }
  }
}
