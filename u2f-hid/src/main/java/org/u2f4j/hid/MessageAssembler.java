package org.u2f4j.hid;

import static org.u2f4j.hid.Packet.FIRST_HEADER;
import static org.u2f4j.hid.Packet.FURTHER_HEADER;

import java.util.Arrays;
import org.u2f4j.Bytes;

/**
 * Joins the packets of one channel to messages, one message after the other. It looks at no clock
 * and at no channel: its user gives it the packets that belong together.
 *
 * <p>Its memory grows to the longest message that came, 7,609 bytes at most. For one thread at a
 * time.
 */
public final class MessageAssembler {
  /** What became of a packet. */
  public enum Outcome {
    /** It is part of a message that goes on. */
    MORE,
    /** The message is complete. */
    COMPLETE,
    /** It was not the one that was due; the message is dropped. */
    WRONG_SEQUENCE,
    /** It begins a message longer than packets of its size can carry; the message is dropped. */
    TOO_LONG
  }

  private byte[] payload = {};
  private int command;
  private int length;
  private int received;
  private int due;
  private boolean open;
  private boolean complete;

  /** An assembler that has no message. */
  public MessageAssembler() {}

  /**
   * Whether further packets are due.
   *
   * @return true between the first packet of a message and its last
   */
  public boolean isOpen() {
    return open;
  }

  /** Drops a message that is not complete. */
  public void reset() {
    open = false;
    complete = false;
  }

  /**
   * Takes the next packet. A first packet is out of place while further ones are due, and a further
   * one when none is.
   *
   * @param packet the packet
   * @return what became of it
   */
  public Outcome accept(Packet packet) {
    complete = false;
    if (packet.isFirst() == open || (open && packet.sequence() != due)) {
      open = false;
      return Outcome.WRONG_SEQUENCE;
    }
    byte[] report = packet.report();
    int header = FURTHER_HEADER;
    if (!open) {
      header = FIRST_HEADER;
      length = packet.messageLength();
      if (length > Packet.maxPayload(report.length)) {
        return Outcome.TOO_LONG;
      }
      command = packet.commandCode();
      received = 0;
      due = -1;
      if (payload.length < length) {
        payload = new byte[length];
      }
    }
    int part = Math.min(length - received, report.length - header);
    System.arraycopy(report, header, payload, received, part);
    received += part;
    due++;
    open = received < length;
    complete = !open;
    return complete ? Outcome.COMPLETE : Outcome.MORE;
  }

  /**
   * The command of the message that came last, complete or not.
   *
   * @return the command
   */
  public CtapHidCommand command() {
    return new CtapHidCommand(command);
  }

  /**
   * The sequence of the packet that is due.
   *
   * @return 0 to 127
   */
  public int due() {
    return due;
  }

  /**
   * The message that is complete.
   *
   * @return a copy of its payload, 0 to 7,609 bytes
   * @throws IllegalStateException if it is not complete
   */
  public Bytes payload() {
    if (!complete) {
      throw new IllegalStateException("no message is complete");
    }
    return Bytes.of(Arrays.copyOf(payload, length));
  }
}
