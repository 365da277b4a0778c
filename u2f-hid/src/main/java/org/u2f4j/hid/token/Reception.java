package org.u2f4j.hid.token;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.u2f4j.hid.Channel;
import org.u2f4j.hid.CtapHidCommand;
import org.u2f4j.hid.CtapHidError;
import org.u2f4j.hid.InitResponse;
import org.u2f4j.hid.Message;
import org.u2f4j.hid.Packet;

/**
 * Takes packets, joins them to messages and decides whose turn it is (CTAP 2.1, sections 11.2.5.1 to
 * 11.2.5.4). What is refused is answered here.
 */
final class Reception {
  /** Device tests want 0.4 to 1.0 seconds; the specification names no number. */
  private static final Duration PACKET_TIMEOUT = Duration.ofMillis(500);

  private final Channels channels;
  private final Lock lock;
  private final Outbox outbox;
  private final int replySize;
  private final boolean lenient;
  private final Incoming incoming = new Incoming();

  /** INIT is taken between the packets of another message; with small reports it has several. */
  private final Incoming incomingInit = new Incoming();

  /** Whose message was taken last. Its answer is on its way as long as the outbox holds it. */
  private Channel answered = Channel.RESERVED;

  Reception(Channels channels, Lock lock, Outbox outbox, int replySize, boolean lenient) {
    this.channels = channels;
    this.lock = lock;
    this.outbox = outbox;
    this.replySize = replySize;
    this.lenient = lenient;
  }

  /** Gives up what did not go on in time. */
  void elapse(long now) {
    for (Incoming message : List.of(incoming, incomingInit)) {
      if (message.isOpen() && message.until() - now <= 0) {
        message.drop();
        refuse(message.channel(), CtapHidError.MSG_TIMEOUT, now);
      }
    }
    if (!channels.knows(answered)) {
      outbox.drop(answered); // or nobody could ever end it
    }
  }

  /** When a message is given up next. */
  OptionalLong next() {
    return List.of(incoming, incomingInit).stream()
        .filter(Incoming::isOpen)
        .mapToLong(Incoming::until)
        .reduce((one, other) -> one - other < 0 ? one : other);
  }

  /** The message that the packet completes, to be answered at once; nothing if there is none yet. */
  @Nullable
  Message take(Packet packet, long now) {
    Channel channel = packet.channel();
    CtapHidCommand command = packet.command();
    boolean init = packet.isFirst() && command.equals(CtapHidCommand.INIT);
    if (!packet.isFirst()) {
      return takeFurther(packet, now);
    }
    if (channel.equals(Channel.BROADCAST) ? !init : !isKnown(channel)) {
      return refuse(channel, CtapHidError.INVALID_CHANNEL, now);
    }
    if (init) {
      return takeInit(packet, now);
    }
    if (command.equals(CtapHidCommand.CANCEL)) {
      return null; // has no answer, and U2F has nothing to cancel
    }
    if (drop(incomingInit, channel) || drop(incoming, channel)) {
      return refuse(channel, CtapHidError.INVALID_SEQ, now);
    }
    if (incoming.isOpen() || outbox.holds(answered) || lock.keepsOut(channel, now)) {
      return refuse(channel, CtapHidError.CHANNEL_BUSY, now);
    }
    channels.use(channel);
    incoming.begin(channel);
    return join(incoming, packet, now);
  }

  private boolean isKnown(Channel channel) {
    return channels.knows(channel) || (lenient && !channel.equals(Channel.RESERVED));
  }

  private @Nullable Message takeFurther(Packet packet, long now) {
    if (incomingInit.isOpenOn(packet.channel())) {
      return join(incomingInit, packet, now);
    }
    if (incoming.isOpenOn(packet.channel())) {
      return join(incoming, packet, now);
    }
    return null; // nothing was begun that it could belong to
  }

  private @Nullable Message takeInit(Packet packet, long now) {
    Channel channel = packet.channel();
    if (packet.messageLength() != InitResponse.NONCE_LENGTH) {
      return refuse(channel, CtapHidError.INVALID_LEN, now);
    }
    outbox.drop(channel); // on broadcast too, where two answers would mix
    if (!channel.equals(Channel.BROADCAST)) {
      channels.use(channel);
      drop(incoming, channel);
    }
    incomingInit.begin(channel);
    return join(incomingInit, packet, now);
  }

  private static boolean drop(Incoming message, Channel channel) {
    boolean open = message.isOpenOn(channel);
    if (open) {
      message.drop();
    }
    return open;
  }

  private @Nullable Message join(Incoming message, Packet packet, long now) {
    Channel channel = packet.channel();
    return switch (message.accept(packet, now + PACKET_TIMEOUT.toNanos())) {
      case MORE -> null;
      case WRONG_SEQUENCE -> refuse(channel, CtapHidError.INVALID_SEQ, now);
      case TOO_LONG -> refuse(channel, CtapHidError.INVALID_LEN, now);
      case COMPLETE -> {
        if (message == incoming) {
          answered = channel;
        }
        yield message.message();
      }
    };
  }

  private @Nullable Message refuse(Channel channel, CtapHidError error, long now) {
    outbox.add(channel, TimedReport.packets(Commands.error(channel, error), replySize), now);
    return null;
  }
}
