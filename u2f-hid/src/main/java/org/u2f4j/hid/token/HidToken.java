package org.u2f4j.hid.token;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Transport;
import org.u2f4j.hid.DeviceInfo;
import org.u2f4j.hid.Message;
import org.u2f4j.hid.Packet;
import org.u2f4j.hid.ReportDescriptor;

/**
 * The device's side of CTAPHID (CTAP 2.1, section 11.2), before a key that knows U2F only: a state
 * machine. Reports and the time go in, reports come out; it waits for nothing but the key behind it.
 *
 * <p>It answers one message at a time, and those of other channels with CHANNEL_BUSY meanwhile. INIT
 * is always answered: on broadcast with a new channel, on a channel of its own after what went on
 * there was dropped. A message whose next packet does not come within half a second is dropped. 16
 * channels are remembered; a message on any other one is answered with INVALID_CHANNEL. Whatever
 * comes, a token keeps one message and the answer to it.
 *
 * <p>A new token is as a key that was plugged in just now, and the methods {@code with...} give such
 * a new one before the same key. All methods may be called from any thread.
 */
public final class HidToken {
  private final Transport key;
  private final ReportDescriptor reports;
  private final DeviceInfo info;
  private final Runnable wink;
  private final boolean lenient;

  private final Packet packet;
  private final Channels channels = new Channels();
  private final Outbox outbox = new Outbox();
  private final Reception reception;
  private final Commands commands;
  private final Deque<Fault> faults = new ArrayDeque<>();

  /** The moment that was given last. */
  private long now;

  private int reportsUntilUnplugged = Integer.MAX_VALUE;

  private HidToken(
      Transport key, ReportDescriptor reports, DeviceInfo info, Runnable wink, boolean lenient) {
    this.key = key;
    this.reports = reports;
    this.info = info;
    this.wink = wink;
    this.lenient = lenient;
    this.packet = new Packet(reports.outputSize());
    Lock lock = new Lock();
    this.reception = new Reception(channels, lock, outbox, reports.inputSize(), lenient);
    int longest = Packet.maxPayload(reports.inputSize());
    this.commands = new Commands(key, info, wink, channels, lock, longest);
  }

  /**
   * A token with reports of 64 bytes, of version 1.0.0, with WINK and without LOCK.
   *
   * @param key what answers U2F commands, given a second for each; not closed
   */
  public HidToken(Transport key) {
    this(key, ReportDescriptor.USUAL, new DeviceInfo(2, 1, 0, 0, DeviceInfo.WINK), () -> {}, false);
  }

  /**
   * With reports of another size. An answer that its packets cannot carry becomes the error OTHER; in
   * reports of 8 bytes that happens to registrations.
   *
   * @param other the sizes
   * @return a new token
   */
  public HidToken withReports(ReportDescriptor other) {
    return new HidToken(key, other, info, wink, lenient);
  }

  /**
   * With another description of itself. The token does as its capabilities say: it refuses WINK, LOCK
   * and MSG if it does not have them. It never serves CBOR.
   *
   * @param other what the answer to INIT says
   * @return a new token
   */
  public HidToken withInfo(DeviceInfo other) {
    return new HidToken(key, reports, other, wink, lenient);
  }

  /**
   * With something to do when it winks.
   *
   * @param other run for each WINK, before it is answered
   * @return a new token
   */
  public HidToken withWink(Runnable other) {
    return new HidToken(key, reports, info, other, lenient);
  }

  /**
   * Taking messages on channels that it did not give out, as early keys did.
   *
   * @return a new token
   */
  public HidToken lenient() {
    return new HidToken(key, reports, info, wink, true);
  }

  /**
   * What a system is told of the reports.
   *
   * @return the descriptor, with the sizes
   */
  public ReportDescriptor reportDescriptor() {
    return reports;
  }

  /**
   * Has something go wrong. Several faults come one after the other: the first with the next whole
   * message, the second with that after it.
   *
   * @param fault what goes wrong
   */
  public synchronized void inject(Fault fault) {
    if (fault.unplugsAfter() < Integer.MAX_VALUE) {
      reportsUntilUnplugged = fault.unplugsAfter();
    } else {
      faults.add(fault);
    }
  }

  /** Ends what goes wrong with messages that have not come yet. */
  public synchronized void clearFaults() {
    faults.clear();
    reportsUntilUnplugged = isPlugged() ? Integer.MAX_VALUE : 0;
  }

  /**
   * Whether the token is plugged in.
   *
   * @return false once it was taken out
   */
  public synchronized boolean isPlugged() {
    return reportsUntilUnplugged > 0;
  }

  /**
   * Takes a report from a host.
   *
   * @param report the report, without a report id; one of another size than the token's is passed
   *     over
   * @param nanos the present moment, nanoseconds from any fixed point
   * @return what every host is to be sent now, in order
   */
  public synchronized List<Bytes> receive(Bytes report, long nanos) {
    List<Bytes> sent = new ArrayList<>(elapse(nanos));
    if (carry() && report.length() == reports.outputSize()) {
      Message message = reception.take(packet.fill(report), now);
      if (message != null) {
        outbox.add(message.channel(), answer(message), now);
      }
      sent.addAll(send());
    }
    return sent;
  }

  /**
   * Lets time go by.
   *
   * @param nanos the present moment, from the same fixed point
   * @return what every host is to be sent now, in order
   */
  public synchronized List<Bytes> elapse(long nanos) {
    now = nanos;
    reception.elapse(now);
    return send();
  }

  /**
   * When {@link #elapse} has something to do, if no report comes before.
   *
   * @return the moment, from the same fixed point; nothing if nothing is due
   */
  public synchronized OptionalLong nextEvent() {
    OptionalLong send = outbox.next();
    OptionalLong giveUp = reception.next();
    boolean sooner =
        send.isPresent() && (giveUp.isEmpty() || send.getAsLong() - giveUp.getAsLong() < 0);
    return !isPlugged() ? OptionalLong.empty() : sooner ? send : giveUp;
  }

  /** Whether a report gets through the cable. */
  private boolean carry() {
    boolean carried = isPlugged();
    if (carried && reportsUntilUnplugged < Integer.MAX_VALUE) {
      reportsUntilUnplugged--;
    }
    return carried;
  }

  private List<Bytes> send() {
    List<Bytes> sent = new ArrayList<>();
    for (Bytes report : outbox.take(now)) {
      if (carry()) {
        sent.add(report);
      }
    }
    return sent;
  }

  private List<TimedReport> answer(Message message) {
    Question question = new Question(message, now, reports.inputSize(), commands, channels);
    Fault fault = faults.poll();
    if (fault != null && fault.comesAgain()) {
      faults.push(fault.again());
    }
    return fault == null ? question.answer() : fault.answer(question);
  }
}
