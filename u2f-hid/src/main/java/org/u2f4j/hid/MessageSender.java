package org.u2f4j.hid;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;

/** Sends whole messages: the packets of two threads do not mix. */
final class MessageSender {
  private final HidConnection connection;
  private final MessageSplitter splitter = new MessageSplitter();
  private final Packet packet;
  private final ReentrantLock turn = new ReentrantLock();

  MessageSender(HidConnection connection) {
    this.connection = connection;
    this.packet = new Packet(connection.outputReportSize());
  }

  /**
   * All packets, one right behind the other: keys give up on a message that pauses. A slow key may
   * take them slowly, so the time is looked at between them; and the system may keep a report of
   * another thread.
   */
  void send(Message message, Deadline deadline) throws IOException, InterruptedException {
    if (!turn.tryLock() && !turn.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new DeadlineException("the key has not taken another thread's message in time");
    }
    try {
      sendInTurn(message, deadline);
    } finally {
      turn.unlock();
    }
  }

  private void sendInTurn(Message message, Deadline deadline)
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
