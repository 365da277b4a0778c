package org.u2f4j.hid.token;

import org.u2f4j.hid.Channel;
import org.u2f4j.hid.Message;
import org.u2f4j.hid.MessageAssembler;
import org.u2f4j.hid.Packet;

/** A message that is coming in, if there is one. */
final class Incoming {
  private final MessageAssembler assembler = new MessageAssembler();
  private Channel channel = Channel.RESERVED;
  private long until;

  void begin(Channel whose) {
    assembler.reset();
    channel = whose;
  }

  MessageAssembler.Outcome accept(Packet packet, long timeout) {
    until = timeout;
    return assembler.accept(packet);
  }

  Message message() {
    return new Message(channel, assembler.command(), assembler.payload());
  }

  void drop() {
    assembler.reset();
  }

  /** Whether further packets are due. */
  boolean isOpen() {
    return assembler.isOpen();
  }

  boolean isOpenOn(Channel candidate) {
    return isOpen() && channel.equals(candidate);
  }

  Channel channel() {
    return channel;
  }

  /** When the next packet is due at the latest. */
  long until() {
    return until;
  }
}
