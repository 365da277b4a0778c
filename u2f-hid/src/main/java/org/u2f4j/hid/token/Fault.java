package org.u2f4j.hid.token;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import org.u2f4j.Bytes;
import org.u2f4j.hid.Channel;
import org.u2f4j.hid.CtapHidCommand;
import org.u2f4j.hid.CtapHidError;
import org.u2f4j.hid.DeviceInfo;
import org.u2f4j.hid.InitResponse;
import org.u2f4j.hid.Message;

/**
 * What a {@link HidToken} does wrong, once it is {@linkplain HidToken#inject injected}: each is known
 * from real keys, cables or programs that share a key.
 *
 * <p>Where a packet of an answer is named, 0 is the first one; if the answer has no such packet, its
 * last one is meant. The message is carried out, unless it is said that it is not.
 */
public final class Fault {
  private static final Duration KEEPALIVE = Duration.ofMillis(100);
  private static final byte WAITS_FOR_TOUCH = 2;
  private static final int FOR_EVER = Integer.MAX_VALUE;

  private final String name;
  private final int times;
  private final Function<Question, List<TimedReport>> effect;
  private final int unplugsAfter;

  private Fault(
      String name, int times, Function<Question, List<TimedReport>> effect, int unplugsAfter) {
    this.name = name;
    this.times = times;
    this.effect = effect;
    this.unplugsAfter = unplugsAfter;
  }

  private static Fault of(String name, int times, Function<Question, List<TimedReport>> effect) {
    if (times < 1) {
      throw new IllegalArgumentException("a fault happens once at least, not times " + times);
    }
    return new Fault(name, times, effect, Integer.MAX_VALUE);
  }

  private static Fault changing(String name, BiConsumer<List<TimedReport>, Question> change) {
    return of(name, 1, question -> {
      List<TimedReport> answer = new ArrayList<>(question.answer());
      change.accept(answer, question);
      return answer;
    });
  }

  private static Fault changingPacket(
      String name, int packet, ObjIntConsumer<List<TimedReport>> change) {
    if (packet < 0) {
      throw new IllegalArgumentException("a packet has a number from 0 on, not " + packet);
    }
    return changing(name + " " + packet, (answer, question) -> {
      if (!answer.isEmpty()) {
        change.accept(answer, Math.min(packet, answer.size() - 1));
      }
    });
  }

  /**
   * The key is used by another program: CHANNEL_BUSY, and nothing is done.
   *
   * @param times how many messages, 1 or more
   * @return the fault
   */
  public static Fault busy(int times) {
    return of("busy " + times, times, question -> question.refuse(CtapHidError.CHANNEL_BUSY));
  }

  /**
   * The key refuses, and does nothing.
   *
   * @param error why
   * @return the fault
   */
  public static Fault error(CtapHidError error) {
    return of("error " + error, 1, question -> question.refuse(error));
  }

  /**
   * The key does not notice messages, as some do not after sleep: no answer, and nothing is done.
   *
   * @param times how many messages, 1 or more
   * @return the fault
   */
  public static Fault ignored(int times) {
    return of("ignored " + times, times, question -> List.of());
  }

  /**
   * The key never answers again, and does nothing.
   *
   * @return the fault
   */
  public static Fault mute() {
    return of("mute", FOR_EVER, question -> List.of());
  }

  /**
   * The key waits for a touch that never comes, says so ten times a second, and does nothing.
   *
   * @return the fault
   */
  public static Fault keepaliveForEver() {
    return of(
        "keepalive for ever", 1, question -> List.of(keepalive(question).get(0).every(KEEPALIVE)));
  }

  private static List<TimedReport> keepalive(Question question) {
    return question.packets(
        new Message(question.channel(), CtapHidCommand.KEEPALIVE, Bytes.of(WAITS_FOR_TOUCH)));
  }

  /**
   * The key answers late, and says ten times a second that it is still at it.
   *
   * @param time how late
   * @return the fault
   */
  public static Fault keepalive(Duration time) {
    return changing("keepalive " + time, (answer, question) -> {
      answer.replaceAll(report -> report.later(time));
      List<TimedReport> before = new ArrayList<>();
      for (Duration at = KEEPALIVE; at.compareTo(time) < 0; at = at.plus(KEEPALIVE)) {
        Duration moment = at;
        keepalive(question).forEach(report -> before.add(report.later(moment)));
      }
      answer.addAll(0, before);
    });
  }

  /**
   * The key answers late.
   *
   * @param time how late
   * @return the fault
   */
  public static Fault slow(Duration time) {
    return slow(time, 0);
  }

  /**
   * The key pauses within its answer.
   *
   * @param time how long
   * @param packet the packet that comes late, and all behind it
   * @return the fault
   */
  public static Fault slow(Duration time, int packet) {
    return changingPacket(
        "slow " + time + " before packet",
        packet,
        (answer, from) ->
            answer.subList(from, answer.size()).replaceAll(report -> report.later(time)));
  }

  /**
   * The answer does not arrive.
   *
   * @return the fault
   */
  public static Fault lostAnswer() {
    return changing("lost answer", (answer, question) -> answer.clear());
  }

  /**
   * The whole answer comes twice.
   *
   * @return the fault
   */
  public static Fault repeatedAnswer() {
    return changing("repeated answer", (answer, question) -> answer.addAll(List.copyOf(answer)));
  }

  /**
   * A packet of the answer does not arrive.
   *
   * @param packet which one
   * @return the fault
   */
  public static Fault missingPacket(int packet) {
    return changingPacket("missing packet", packet, (answer, which) -> answer.remove(which));
  }

  /**
   * A packet of the answer comes twice.
   *
   * @param packet which one
   * @return the fault
   */
  public static Fault repeatedPacket(int packet) {
    return changingPacket(
        "repeated packet", packet, (answer, which) -> answer.add(which, answer.get(which)));
  }

  /**
   * A packet of the answer has the sequence of the one behind it; if it is the first packet, that of
   * a further one.
   *
   * @param packet which one
   * @return the fault
   */
  public static Fault wrongSequence(int packet) {
    return changingPacket("wrong sequence in packet", packet, (answer, which) -> {
      byte[] report = answer.get(which).report().toArray();
      report[4] = (byte) (which == 0 ? 0 : (report[4] + 1) & 0x7F);
      answer.set(which, answer.get(which).with(Bytes.of(report)));
    });
  }

  /**
   * A report of the answer lacks its last byte.
   *
   * @param packet which one
   * @return the fault
   */
  public static Fault shortReport(int packet) {
    return changingPacket("short report", packet, (answer, which) -> {
      Bytes report = answer.get(which).report();
      answer.set(which, answer.get(which).with(report.slice(0, report.length() - 1)));
    });
  }

  /**
   * A report of the answer has a byte too many.
   *
   * @param packet which one
   * @return the fault
   */
  public static Fault longReport(int packet) {
    return changingPacket("long report", packet, (answer, which) -> {
      Bytes report = answer.get(which).report();
      answer.set(which, answer.get(which).with(Bytes.concat(report, Bytes.of((byte) 0))));
    });
  }

  /**
   * The answer announces more than follows.
   *
   * @param length bytes that it announces, up to 65,535; more if its packets could hold these
   * @return the fault
   */
  public static Fault overDeclared(int length) {
    return changingPacket("over-declared " + length + " in packet", 0, (answer, first) -> {
      byte[] report = answer.get(first).report().toArray();
      int held = report.length - 7 + (answer.size() - 1) * (report.length - 5);
      int announced = Math.min(Math.max(length, held + 1), 0xFFFF);
      report[5] = (byte) (announced >> 8);
      report[6] = (byte) announced;
      answer.set(first, answer.get(first).with(Bytes.of(report)));
    });
  }

  /**
   * An answer to INIT has 8 bytes behind those that this version of CTAP gives it; no other answer
   * changes.
   *
   * @return the fault
   */
  public static Fault longInit() {
    return of("long INIT", 1, question -> question.answer(Bytes.of(new byte[8])));
  }

  /**
   * Packets of another program's message come before each packet of the answer.
   *
   * @return the fault
   */
  public static Fault foreignPackets() {
    return changing("foreign packets", (answer, question) -> {
      byte[] payload = new byte[2 * question.reportSize()];
      List<TimedReport> foreign = question.packets(
          new Message(foreign(question.channel()), CtapHidCommand.MSG, Bytes.of(payload)));
      for (int i = answer.size() - 1; i >= 0; i--) {
        answer.add(i, foreign.get(Math.min(i, foreign.size() - 1)));
      }
    });
  }

  /**
   * Another program opens the key at the same moment, and the answer to it comes first.
   *
   * @return the fault
   */
  public static Fault foreignNonce() {
    return changing("foreign nonce", (answer, question) -> {
      byte[] nonce = new byte[InitResponse.NONCE_LENGTH];
      Arrays.fill(nonce, (byte) 0x5A);
      InitResponse init = new InitResponse(
          Bytes.of(nonce), foreign(question.channel()), new DeviceInfo(2, 0, 0, 0, 0xFF));
      answer.addAll(
          0, question.packets(new Message(Channel.BROADCAST, CtapHidCommand.INIT, init.encode())));
    });
  }

  /** A channel that no key is likely to have given out. */
  private static Channel foreign(Channel channel) {
    return new Channel(channel.bits() ^ 0x8000_0000);
  }

  /**
   * The key has forgotten its channels, as after a reset: INVALID_CHANNEL, and nothing is done.
   * A program that asks for a new channel is answered as ever.
   *
   * @return the fault
   */
  public static Fault forgottenChannels() {
    return of("forgotten channels", 1, question -> {
      question.channels().forgetAll();
      return question.channel().equals(Channel.BROADCAST)
          ? question.answer()
          : question.refuse(CtapHidError.INVALID_CHANNEL);
    });
  }

  /**
   * The key is taken out, for good: a key that is plugged in again is a new token.
   *
   * @param reports how many more reports get through before, in both directions together, counted
   *     from the moment of injection
   * @return the fault
   */
  public static Fault unplugged(int reports) {
    if (reports < 0) {
      throw new IllegalArgumentException("reports is negative: " + reports);
    }
    return new Fault("unplugged after " + reports, 1, question -> List.of(), reports);
  }

  List<TimedReport> answer(Question question) {
    return effect.apply(question);
  }

  boolean comesAgain() {
    return times > 1;
  }

  /** What is left of it after one time. */
  Fault again() {
    return times == FOR_EVER ? this : of(name, times - 1, effect);
  }

  int unplugsAfter() {
    return unplugsAfter;
  }

  /** Its name and numbers, such as "busy 3". */
  @Override
  public String toString() {
    return name;
  }
}
