package org.u2f4j.hid;

import java.io.IOException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;

/** Sends whole messages: the packets of two threads do not mix. */
final class MessageSender {
  private final HidConnection connection;
  private final MessageSplitter splitter = new MessageSplitter();
  private final Packet packet;

  MessageSender(HidConnection connection) {
    this.connection = connection;
    this.packet = new Packet(connection.outputReportSize());
  }

  /**
   * All packets, one right behind the other: keys give up on a message that pauses. A slow key may
   * take them slowly, so the time is looked at between them.
   */
  synchronized void send(Message message, Deadline deadline)
      throws IOException, InterruptedException {
    splitter.begin(message, packet.report().length);
    for (boolean begun = false; splitter.next(packet); begun = true) {
      if (begun && Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (begun && deadline.expired()) {
        throw new DeadlineException("the key has not taken the message in time");
      }
      connection.write(packet.report());
    }
  }
}
