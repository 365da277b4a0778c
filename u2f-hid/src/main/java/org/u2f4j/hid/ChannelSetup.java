package org.u2f4j.hid;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;

/**
 * INIT (CTAP 2.1, section 11.2.9.1.3): asks for a channel, or clears one.
 *
 * <p>Keys lose the first message after they were plugged in or slept, so the question is asked again
 * after half a second, then one, two and four, with the same nonce: a late answer is as good.
 */
final class ChannelSetup {
  private static final Duration BUSY_PAUSE = Duration.ofMillis(100);
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LAST_LOOK = Duration.ofMillis(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

  /** More than any system keeps for a reader. */
  private static final int MOST_LEFTOVERS = 1_000;

  private final PacketReader reader;
  private final MessageSender sender;
  private final CtapHidDevice.Listener listener;
  private final Packet packet;
  private final MessageAssembler assembler = new MessageAssembler();
  private final SecureRandom random = new SecureRandom();

  ChannelSetup(HidConnection connection, CtapHidDevice.Listener listener) {
    this.reader = new PacketReader(connection);
    this.sender = new MessageSender(connection);
    this.listener = listener;
    this.packet = reader.newPacket();
  }

  PacketReader reader() {
    return reader;
  }

  MessageSender sender() {
    return sender;
  }

  /** What the key said; one that says nothing says {@link CtapHidError#OTHER}. */
  static CtapHidError error(Bytes payload) {
    return payload.length() == 0 ? CtapHidError.OTHER : new CtapHidError(payload.at(0));
  }

  /** Lets the other program go on for a moment. */
  void waitForOthers(Deadline deadline) throws IOException, InterruptedException {
    listener.busy();
    deadline.sleep(BUSY_PAUSE);
    if (deadline.expired()) {
      throw new DeadlineException("another program is using this key");
    }
  }

  /** Takes what came unasked, and says whether any of it was on the channel. */
  boolean leftovers(Channel channel) throws IOException, InterruptedException {
    Deadline now = Deadline.after(Duration.ZERO);
    boolean any = false;
    try {
      for (int i = 0; i < MOST_LEFTOVERS && reader.next(packet, now); i++) {
        any |= packet.isOn(channel);
      }
    } catch (FormatException e) {
      return true; // no packet, so nobody can say whose it was
    }
    return any;
  }

  /**
   * Sends INIT on a channel until it is answered there.
   *
   * @throws CtapHidException on a channel of our own, if the key does not know it any more
   */
  InitResponse initialize(Channel channel, Deadline deadline)
      throws IOException, InterruptedException {
    byte[] fresh = new byte[InitResponse.NONCE_LENGTH];
    random.nextBytes(fresh);
    Bytes nonce = Bytes.of(fresh);
    Message question = new Message(channel, CtapHidCommand.INIT, nonce);
    Duration wait = FIRST_WAIT;
    while (true) {
      if (deadline.expired()) {
        throw new DeadlineException("the key does not answer: take it out and put it in again");
      }
      sender.send(question, deadline);
      InitResponse response = await(channel, nonce, deadline, deadline.atMost(wait));
      if (response != null) {
        return response;
      }
      wait = wait.compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : wait;
    }
  }

  /** Nothing if this attempt was in vain. */
  private @Nullable InitResponse await(
      Channel channel, Bytes nonce, Deadline deadline, Deadline attempt)
      throws IOException, InterruptedException {
    assembler.reset();
    boolean busy = false;
    Deadline left = attempt;
    while (nextPacket(left)) {
      if (!packet.isOn(channel) || !completes(packet)) {
        continue;
      }
      Bytes payload = assembler.payload();
      if (assembler.command().equals(CtapHidCommand.INIT)
          && payload.length() >= nonce.length()
          && payload.slice(0, nonce.length()).equals(nonce)) {
        return checked(InitResponse.decode(payload));
      }
      if (!assembler.command().equals(CtapHidCommand.ERROR)) {
        continue; // the answer to another program, or a late one to us
      }
      CtapHidError error = error(payload);
      if (error.equals(CtapHidError.CHANNEL_BUSY) && !busy) {
        waitForOthers(deadline);
        // it may have been meant for another program, and the answer be there by now; each question
        // that is asked in vain uses up a channel
        busy = true;
        left = deadline.atMost(LAST_LOOK);
      }
      // on broadcast it may be meant for another program
      if (error.equals(CtapHidError.INVALID_CHANNEL) && !channel.equals(Channel.BROADCAST)) {
        throw new CtapHidException(CtapHidCommand.INIT, error);
      }
    }
    return null;
  }

  private boolean nextPacket(Deadline attempt) throws IOException, InterruptedException {
    while (!attempt.expired()) {
      try {
        return reader.next(packet, attempt);
      } catch (FormatException e) {
        // no packet: whatever it was, it is not the answer
      }
    }
    return false;
  }

  private boolean completes(Packet next) {
    MessageAssembler.Outcome outcome = assembler.accept(next);
    if (outcome == MessageAssembler.Outcome.WRONG_SEQUENCE && next.isFirst()) {
      outcome = assembler.accept(next); // what came before it broke off
    }
    return outcome == MessageAssembler.Outcome.COMPLETE;
  }

  private static InitResponse checked(InitResponse response) throws FormatException {
    Channel channel = response.channel();
    if (channel.equals(Channel.BROADCAST) || channel.equals(Channel.RESERVED)) {
      throw new FormatException("the key gave out the reserved channel " + channel);
    }
    return response;
  }
}
