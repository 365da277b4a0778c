package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.message.VersionRequest;

/**
 * A key that answers each message with the next reports of the input. A report is preceded by two
 * bytes: how many follow at once, and how long the report is; longer or shorter than 64 bytes, at
 * times. The channel that the input gives in its first four bytes is replaced by the real one, and
 * the nonce of INIT by that of the question, since both cannot be guessed.
 */
class CtapHidDeviceFuzz extends Fuzzing {
  private static final Duration TIME = Duration.ofSeconds(20);

  static Stream<byte[]> seeds() {
    Bytes init = report("ffffffff 86 0011 0000000000000000 aabbccdd 02010203 01");
    Bytes version = report("aabbccdd 83 0008 5532465f5632 9000");
    Bytes busy = report("aabbccdd bf 0001 06");
    Bytes lost = report("aabbccdd bf 0001 0b");
    Bytes keepalive = report("aabbccdd bb 0001 02");
    Bytes longAnswer = report("aabbccdd 83 0049" + "00".repeat(57));
    Bytes rest = report("aabbccdd 00" + "00".repeat(14) + "9000");
    return Stream.of(
            Bytes.concat(one(init), one(version)),
            Bytes.concat(one(init), one(busy), one(lost), one(init), one(version)),
            Bytes.concat(one(init), more(keepalive), more(longAnswer), one(rest)),
            Bytes.concat(more(longAnswer), more(init), one(version), one(init), one(version)))
        .map(Bytes::toArray);
  }

  private static Bytes report(String hex) {
    return Bytes.of(Arrays.copyOf(Samples.hex(hex).toArray(), 64));
  }

  private static Bytes one(Bytes report) {
    return Bytes.concat(Bytes.of((byte) 0, (byte) 64), report);
  }

  private static Bytes more(Bytes report) {
    return Bytes.concat(Bytes.of((byte) 1, (byte) 64), report);
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) throws InterruptedException {
    count();
    FakeClock clock = new FakeClock();
    long start = clock.nanos();
    Deadline deadline = Deadline.after(TIME, clock);
    try {
      HidConnection key = new ScriptedKey(Bytes.of(input));
      CtapHidDevice device = CtapHidDevice.open(key, CtapHidDevice.SILENT, deadline);
      device.exchange(new VersionRequest().toCommand(), deadline);
      device.ping(Samples.hex("0123"), deadline);
    } catch (CtapHidException | FormatException | DeadlineException | AccessException e) {
      // as declared; AccessException for a key without U2F
    } catch (IOException e) {
      throw new AssertionError("not declared", e);
    }
    assertTrue(clock.nanos() - start <= TIME.toNanos());
  }

  private static final class ScriptedKey implements HidConnection {
    private final Bytes script;
    private Bytes nonce = Bytes.of(new byte[8]);
    private Bytes channel = Channel.BROADCAST.bytes();
    private int at;
    private boolean asked;

    ScriptedKey(Bytes script) {
      this.script = script;
    }

    @Override
    public int inputReportSize() {
      return 64;
    }

    @Override
    public int outputReportSize() {
      return 64;
    }

    @Override
    public void write(byte[] report) {
      Bytes bytes = Bytes.of(report);
      channel = bytes.slice(0, 4);
      if (bytes.at(4) == 0x86) {
        nonce = bytes.slice(7, 15);
      }
      asked = true;
    }

    @Override
    public int read(byte[] report, Deadline deadline) throws InterruptedException {
      if (!asked || at + 2 > script.length()) {
        deadline.sleep(deadline.remaining());
        return 0;
      }
      asked = (script.at(at) & 1) != 0; // another one follows at once
      int length = Math.min(script.at(at + 1), script.length() - at - 2);
      byte[] bytes = script.slice(at + 2, at + 2 + length).toArray();
      at += 2 + length;
      if (length >= 15) {
        channel.copyTo(0, bytes, 0, 4);
        if ((bytes[4] & 0xFF) == 0x86) {
          nonce.copyTo(0, bytes, 7, 8);
        }
      }
      int taken = Math.min(length, report.length);
      System.arraycopy(bytes, 0, report, 0, taken);
      return taken;
    }

    @Override
    public void close() {}
  }
}
