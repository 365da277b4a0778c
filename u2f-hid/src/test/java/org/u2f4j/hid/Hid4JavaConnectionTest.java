package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.hid4java.HidDevice;
import org.hid4java.HidServicesSpecification;
import org.hid4java.jna.HidDeviceInfoStructure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.u2f4j.apdu.Deadline;

@Timeout(value = 1, unit = TimeUnit.MINUTES) // against hanging only
class Hid4JavaConnectionTest {
  private static final byte[] REPORT = new byte[64];

  private final AtomicInteger closed = new AtomicInteger();
  private final CountDownLatch isClosed = new CountDownLatch(1);
  private final HidApiTurn turn = new HidApiTurn(Duration.ZERO);
  private Runnable whenUsed = () -> {};

  /** What reads and writes answer next; after that, reads nothing and writes all. */
  private final Queue<Integer> answers = new ArrayDeque<>();

  /** Whether every wait for a report is broken off. */
  private boolean signals;

  /** A device whose calls do what the test says. */
  private final class Device extends HidDevice {
    private Device() {
      super(new HidDeviceInfoStructure(), null, new HidServicesSpecification());
    }

    @Override
    public int read(byte[] report, int millis) {
      use();
      if (signals && millis > 0) {
        return -1;
      }
      return answers.isEmpty() ? 0 : answers.remove();
    }

    @Override
    public int write(byte[] report, int length, byte reportId) {
      use();
      return answers.isEmpty() ? length + 1 : answers.remove();
    }

    private void use() {
      assertEquals(0, closed.get(), "used when its memory was free");
      whenUsed.run();
      assertEquals(0, closed.get(), "freed while it was used");
    }

    @Override
    public void close() {
      closed.incrementAndGet();
      isClosed.countDown();
    }
  }

  /** Where a key may be open, and take nothing. */
  private static AccessDiagnosis windows() {
    return new AccessDiagnosis("Windows 11", "10.0", Path.of(""), file -> true, () -> false, false);
  }

  private final Hid4JavaConnection connection =
      new Hid4JavaConnection(new Device(), ReportDescriptor.USUAL, turn, windows());

  private static Deadline late() {
    return Deadline.after(Duration.ofMinutes(1));
  }

  @Test
  void aReadThatFailsAgainAndAgainIsOfAKeyThatIsGone() throws Exception {
    answers.addAll(List.of(-1, -1, -1, 64)); // as for signals to the process
    assertEquals(64, connection.read(REPORT, late()));
    answers.addAll(List.of(-1, -1, -1, -1));
    AccessException e = assertThrows(AccessException.class, () -> connection.read(REPORT, late()));
    assertEquals(AccessProblem.UNPLUGGED, e.problem());
  }

  /** A profiler may send them more often than a read waits. */
  @Test
  void aSignalEndsAWaitAndNotTheConnection() throws Exception {
    signals = true;
    answers.addAll(List.of(0, 64));
    assertEquals(64, connection.read(REPORT, late()));
    assertEquals(0, connection.read(REPORT, Deadline.after(Duration.ZERO)));
  }

  @Test
  void aKeyThatNeverTookAReportIsDiagnosedAndOneThatDidIsGone() throws Exception {
    answers.add(-1);
    AccessException first = assertThrows(AccessException.class, () -> connection.write(REPORT));
    assertEquals(AccessProblem.Name.NOT_ELEVATED, first.problem().name());
    connection.write(REPORT);
    answers.add(-1);
    AccessException later = assertThrows(AccessException.class, () -> connection.write(REPORT));
    assertEquals(AccessProblem.UNPLUGGED, later.problem());
  }

  /** With the report id it is 65 bytes; Windows fills up to its longest report. */
  @Test
  void aReportIsWrittenIfItIsWrittenWholeWhateverIsCountedBesides() throws Exception {
    answers.addAll(List.of(65, 513, 64));
    connection.write(REPORT);
    connection.write(REPORT);
    assertThrows(AccessException.class, () -> connection.write(REPORT));
  }

  @Test
  void closingDoesNotWaitForACallThatHangsAndTheDeviceIsClosedWhenThatComesBack() throws Exception {
    Hanging.Call read = self -> {
      whenUsed = self::hang;
      IOException e = assertThrows(IOException.class, () -> connection.read(REPORT, late()));
      assertEquals("the connection to the key is closed", e.getMessage());
    };
    try (Hanging reader = new Hanging(read)) {
      connection.close();
      assertEquals(0, closed.get(), "it is still used");
      assertThrows(IOException.class, () -> connection.write(REPORT));
      reader.comeBack();
    }
    assertEquals(1, closed.get());
    connection.close();
    assertEquals(1, closed.get());
  }

  @Test
  void theLastOfTwoThatUseADeviceClosesIt() throws Exception {
    Hanging.Call read = self -> {
      whenUsed = self::hang;
      assertThrows(IOException.class, () -> connection.read(REPORT, late()));
    };
    Hanging.Call write = self -> {
      whenUsed = self::hang;
      connection.write(REPORT);
    };
    try (Hanging reader = new Hanging(read);
        Hanging writer = new Hanging(write)) {
      connection.close();
      reader.comeBack();
      assertEquals(0, closed.get());
      writer.comeBack();
    }
    assertEquals(1, closed.get());
  }

  @Test
  void aDeviceIsClosedOnceAndAtOnceIfNobodyUsesIt() throws Exception {
    connection.write(REPORT);
    connection.close();
    assertEquals(1, closed.get());
    connection.close();
    assertEquals(1, closed.get());
    assertThrows(IOException.class, () -> connection.read(REPORT, late()));
    assertThrows(IOException.class, () -> connection.write(REPORT));
  }

  @Test
  void closingDoesNotWaitForAnotherKeyThatHangsWhenItIsOpened() throws Exception {
    Hanging.Call open = self -> {
      turn.enter(late());
      self.hang();
      turn.leave();
    };
    try (Hanging opening = new Hanging(open)) {
      connection.close();
      assertEquals(0, closed.get());
      opening.comeBack();
    }
    isClosed.await();
    assertEquals(1, closed.get());
  }
}
