package org.u2f4j.hid;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.Transport;

/**
 * A key on USB, from the host's side: CTAPHID (CTAP 2.1, section 11.2).
 *
 * <p>Every method that asks the key ends by its deadline, whatever the key does; if the system keeps a
 * report that the key does not take, up to five seconds later on Linux and one on Windows. Besides what each
 * names, it throws
 *
 * <ul>
 *   <li>{@link CtapHidException} if the key answers with an error,
 *   <li>{@link FormatException} if what the key sends is no message,
 *   <li>{@link DeadlineException} if the key has not answered in time, or another program had it all
 *       the time,
 *   <li>another {@link IOException} if the key is gone, this device is closed, or the message is longer
 *       than the key's reports can carry,
 *   <li>{@link InterruptedException} if the thread is interrupted, within a tenth of a second, but for
 *       a report that the system keeps.
 * </ul>
 *
 * <p>While another program has the key, the question is asked again ten times a second. A question
 * whose answer was lost is asked once more, if asking twice does no harm: never a registration or a
 * signature. After such a loss the channel is cleared, so that no late answer is taken for that to
 * another question.
 *
 * <p>One caller at a time; another one waits. {@link #close} and {@link #cancel} may come from any
 * thread.
 */
public final class CtapHidDevice implements Transport {
  /** How long a question that may be asked again waits for its first packet. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  /** How long the next packet of one message may take; the specification leaves it open. */
  private static final Duration GAP = Duration.ofSeconds(3);

  /** Told what happens while an answer is awaited, on the thread that waits; must not ask the key. */
  public interface Listener {
    /** Another program is using this key; it is asked again until the deadline. */
    default void busy() {}

    /**
     * The key is still at it. Told each time, ten times a second or so.
     *
     * @param status 1 if it computes, 2 if it waits for a touch; others may come
     */
    default void keepalive(int status) {}
  }

  /** Tells nobody. */
  public static final Listener SILENT = new Listener() {};

  private final HidConnection connection;
  private final Listener listener;
  private final PacketReader reader;
  private final ChannelSetup setup;
  private final MessageSender sender;
  private final MessageAssembler assembler = new MessageAssembler();
  private final Packet packet;
  private final ReentrantLock turn = new ReentrantLock();
  private final DeviceInfo info;
  private volatile Channel channel;

  /** Whether nothing can come any more that was meant for an earlier question. */
  private boolean clear = true;

  /** Whether a CANCEL was sent, which a key that does not know it answers with an error. */
  private volatile boolean cancelled;

  private CtapHidDevice(
      HidConnection connection, Listener listener, ChannelSetup setup, InitResponse opened) {
    this.connection = connection;
    this.listener = listener;
    this.setup = setup;
    this.sender = setup.sender();
    this.reader = setup.reader();
    this.packet = reader.newPacket();
    this.info = opened.info();
    this.channel = opened.channel();
  }

  /**
   * Asks a key for a channel.
   *
   * @param connection what reaches the key; it is closed with this device, and at once if this fails
   * @param listener told what happens while an answer is awaited
   * @param deadline when to give up
   * @return the key
   * @throws IOException as the class says
   * @throws InterruptedException as the class says
   */
  public static CtapHidDevice open(HidConnection connection, Listener listener, Deadline deadline)
      throws IOException, InterruptedException {
    try {
      requireTime(deadline);
      ChannelSetup setup = new ChannelSetup(connection, listener);
      InitResponse opened = setup.initialize(Channel.BROADCAST, deadline);
      return new CtapHidDevice(connection, listener, setup, opened);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      try {
        connection.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /**
   * What the key says of itself.
   *
   * @return its answer when it was opened
   */
  public DeviceInfo info() {
    return info;
  }

  /**
   * The channel that the key gave out. It changes when the key has forgotten it.
   *
   * @return the channel
   */
  public Channel channel() {
    return channel;
  }

  /**
   * Carries a U2F command. VERSION and check-only are asked once more if their answer is lost.
   *
   * @throws AccessException if the key says that it does not serve U2F
   */
  @Override
  public ResponseApdu exchange(CommandApdu command, Deadline deadline)
      throws IOException, InterruptedException {
    if (!info.speaksU2f()) {
      throw new AccessException(AccessProblem.U2F_OFF);
    }
    return ResponseApdu.decode(
        ask(CtapHidCommand.MSG, command.encode(), changesNothing(command), deadline));
  }

  /** VERSION (03), and AUTHENTICATE (02) with the control check-only (07). */
  private static boolean changesNothing(CommandApdu command) {
    return command.ins() == 0x03 || (command.ins() == 0x02 && command.p1() == 0x07);
  }

  /**
   * Has the key send bytes back (section 11.2.9.1.4).
   *
   * @param bytes 0 to 7,609 bytes; fewer if the key's reports are smaller than 64 bytes
   * @param deadline when to give up
   * @throws FormatException if other bytes come back
   * @throws IOException as the class says
   * @throws InterruptedException as the class says
   */
  public void ping(Bytes bytes, Deadline deadline) throws IOException, InterruptedException {
    Bytes back = ask(CtapHidCommand.PING, bytes, true, deadline);
    if (!back.equals(bytes)) {
      throw new FormatException("%s other bytes came back than the %s that were sent"
          .formatted(back.length(), bytes.length()));
    }
  }

  /**
   * Has the key show itself, by light or sound (section 11.2.9.2.1).
   *
   * @param deadline when to give up
   * @throws IOException as the class says; {@link CtapHidError#INVALID_CMD} if the key cannot
   * @throws InterruptedException as the class says
   */
  public void wink(Deadline deadline) throws IOException, InterruptedException {
    ask(CtapHidCommand.WINK, Bytes.EMPTY, true, deadline);
  }

  /**
   * Keeps the key for this channel (section 11.2.9.2.2). Each question asked meanwhile begins the
   * time anew.
   *
   * @param seconds 1 to 10; 0 ends it
   * @param deadline when to give up
   * @throws IllegalArgumentException if there are more seconds or less
   * @throws IOException as the class says; {@link CtapHidError#INVALID_CMD} if the key cannot
   * @throws InterruptedException as the class says
   */
  public void lock(int seconds, Deadline deadline) throws IOException, InterruptedException {
    if (seconds < 0 || seconds > 10) {
      throw new IllegalArgumentException("a lock holds 0 to 10 seconds, not " + seconds);
    }
    ask(CtapHidCommand.LOCK, Bytes.of((byte) seconds), true, deadline);
  }

  /**
   * Asks anything, such as a maker's own command. It is not asked again if its answer is lost.
   *
   * @param command what; not INIT, CANCEL, KEEPALIVE or ERROR
   * @param payload 0 to 7,609 bytes; fewer if the key's reports are smaller than 64 bytes
   * @param deadline when to give up
   * @return the answer to the same command
   * @throws IllegalArgumentException if the command is none that is answered in kind
   * @throws IOException as the class says
   * @throws InterruptedException as the class says
   */
  public Bytes call(CtapHidCommand command, Bytes payload, Deadline deadline)
      throws IOException, InterruptedException {
    if (command.equals(CtapHidCommand.INIT)
        || command.equals(CtapHidCommand.CANCEL)
        || command.equals(CtapHidCommand.KEEPALIVE)
        || command.equals(CtapHidCommand.ERROR)) {
      throw new IllegalArgumentException(command + " is not a question");
    }
    return ask(command, payload, false, deadline);
  }

  /**
   * Ends a CTAP2 command that another thread waits for (section 11.2.9.1.5): that thread gets the
   * key's answer, which says so. U2F has nothing to cancel: its keys answer at once.
   *
   * @throws IOException if the key is gone or this device is closed
   * @throws InterruptedException as the class says
   */
  public void cancel() throws IOException, InterruptedException {
    cancelled = true;
    sender.send(new Message(channel, CtapHidCommand.CANCEL, Bytes.EMPTY), Deadline.after(SILENCE));
  }

  private Bytes ask(CtapHidCommand command, Bytes payload, boolean repeatable, Deadline deadline)
      throws IOException, InterruptedException {
    int max = Packet.maxPayload(connection.outputReportSize());
    if (payload.length() > max) {
      throw new IOException(
          "this key takes messages of at most %s bytes, not %s".formatted(max, payload.length()));
    }
    if (turn.isHeldByCurrentThread()) {
      throw new IllegalStateException("a listener must not ask the key: it waits for an answer");
    }
    if (!turn.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new DeadlineException("another thread is asking this key");
    }
    try {
      return askInTurn(command, payload, repeatable, deadline);
    } finally {
      turn.unlock();
    }
  }

  private Bytes askInTurn(
      CtapHidCommand command, Bytes payload, boolean repeatable, Deadline deadline)
      throws IOException, InterruptedException {
    boolean onceMore = repeatable;
    while (true) {
      requireTime(deadline);
      clearChannel(deadline);
      try {
        clear = false;
        sender.send(new Message(channel, command, payload), deadline);
        Bytes answer = receive(command, onceMore ? SILENCE : deadline.remaining(), deadline);
        clear = true;
        return answer;
      } catch (CtapHidException e) {
        CtapHidError error = e.error();
        // after other errors the answer may still come, if the error was for a CANCEL
        clear = error.equals(CtapHidError.CHANNEL_BUSY) && !cancelled;
        if (clear) {
          setup.waitForOthers(deadline);
          continue; // nothing was done, whatever was asked
        }
        boolean forgotten = error.equals(CtapHidError.INVALID_CHANNEL);
        if (forgotten) {
          channel = setup.initialize(Channel.BROADCAST, deadline).channel();
        }
        boolean lost = forgotten
            || error.equals(CtapHidError.INVALID_SEQ)
            || error.equals(CtapHidError.MSG_TIMEOUT);
        if (!onceMore || !lost) {
          throw e;
        }
      } catch (FormatException | DeadlineException e) {
        if (!onceMore || deadline.expired()) {
          throw e;
        }
      }
      onceMore = false;
    }
  }

  private static void requireTime(Deadline deadline) throws DeadlineException {
    if (deadline.expired()) {
      throw new DeadlineException("no time is left to ask the key");
    }
  }

  /** Makes sure that what comes next answers what is asked next. */
  private void clearChannel(Deadline deadline) throws IOException, InterruptedException {
    clear = clear && !cancelled && !setup.leftovers(channel);
    cancelled = false;
    if (!clear) {
      try {
        setup.initialize(channel, deadline);
      } catch (CtapHidException e) {
        if (!e.error().equals(CtapHidError.INVALID_CHANNEL)) {
          throw e;
        }
        channel = setup.initialize(Channel.BROADCAST, deadline).channel();
      }
      clear = true;
    }
  }

  /** The silence is how long the first packet may take, keepalives or not. */
  private Bytes receive(CtapHidCommand command, Duration silence, Deadline deadline)
      throws IOException, InterruptedException {
    assembler.reset();
    Deadline first = deadline.atMost(silence);
    Deadline next = first;
    // a report that is there is taken even then, so the time is looked at after each, whosever it
    // is
    for (boolean late = false; !late && reader.next(packet, next); late = next.expired()) {
      // every program sees what the key sends to each; and there may be the rest of a message whose
      // first packet was lost, or dropped
      if (!packet.isOn(channel) || (!packet.isFirst() && !assembler.isOpen())) {
        continue;
      }
      switch (assembler.accept(packet)) {
        case MORE -> next = deadline.atMost(GAP);
        case WRONG_SEQUENCE ->
          throw new FormatException("a packet of the key's answer is missing: %s came for %s"
              .formatted(packet.isFirst() ? "a new message" : packet.sequence(), assembler.due()));
        case TOO_LONG ->
          throw new FormatException("the key announces %s bytes, %s are the most"
              .formatted(packet.messageLength(), Packet.maxPayload(connection.inputReportSize())));
        case COMPLETE -> {
          next = first;
          CtapHidCommand answered = assembler.command();
          Bytes payload = assembler.payload();
          if (answered.equals(command)) {
            return payload;
          }
          if (answered.equals(CtapHidCommand.ERROR)) {
            throw new CtapHidException(command, ChannelSetup.error(payload));
          }
          if (answered.equals(CtapHidCommand.KEEPALIVE)) {
            listener.keepalive(payload.length() == 0 ? 0 : payload.at(0));
          } else if (!answered.equals(CtapHidCommand.INIT)) { // which was asked twice, perhaps
            throw new FormatException(
                "the key answers %s with %s".formatted(command.name(), answered));
          }
        }
      }
    }
    throw new DeadlineException(
        assembler.isOpen()
            ? "the key's answer broke off before packet " + assembler.due()
            : "the key has not answered in time");
  }

  /** Lets go of the key, and ends a question that is under way with an {@link IOException}. */
  @Override
  public void close() throws IOException {
    connection.close();
  }
}
