package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.u2f4j.apdu.Deadline;

@Timeout(value = 1, unit = TimeUnit.MINUTES) // against hanging only
class HidApiTurnTest {
  private static final HidKey KEY =
      new HidKey("/dev/hidraw3", 0x1050, 0x0407, 0, "Yubico", "YubiKey", "", "");

  private final HidApiTurn turn = new HidApiTurn(Duration.ZERO);
  private final List<String> closed = Collections.synchronizedList(new ArrayList<>());
  private final Semaphore closings = new Semaphore(0);

  private static Deadline expired() {
    return Deadline.after(Duration.ZERO);
  }

  private static Hanging inside(HidApiTurn turn) throws InterruptedException {
    return new Hanging(self -> {
      turn.enter(Deadline.after(Duration.ofMinutes(1)));
      self.hang();
      turn.leave();
    });
  }

  private void close(String name) {
    turn.close(() -> {
      closed.add(name + " by " + Thread.currentThread().getName());
      closings.release();
    });
  }

  @Test
  void aCallThatHangsInTheNativeLibraryKeepsNobodyBeyondHisDeadline() throws Exception {
    List<Executable> calls =
        List.of(() -> HidKeys.USB.list(expired()), () -> HidKeys.USB.open(KEY, expired()));
    try (Hanging call = inside(Hid4JavaKeys.SYSTEM)) {
      for (Executable late : calls) {
        AccessException e = assertThrows(AccessException.class, late);
        assertEquals(AccessProblem.SYSTEM_BUSY, e.problem());
      }
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> HidKeys.USB.open(KEY, expired()));
      call.comeBack();
    }
    Hid4JavaKeys.SYSTEM.enter(expired());
    Hid4JavaKeys.SYSTEM.leave();
  }

  @Test
  void whatCannotBeClosedMeanwhileIsClosedOnceOnAThreadOfItsOwn() throws Exception {
    String here = Thread.currentThread().getName();
    try (Hanging call = inside(turn)) {
      close("one");
      close("two");
      assertEquals(List.of(), closed, "never two in the library at once");
      call.comeBack();
    }
    closings.acquire(2);
    assertEquals(List.of("one by u2f4j closing", "two by u2f4j closing"), closed);
    turn.enter(Deadline.after(Duration.ofMinutes(1))); // after that thread
    turn.leave();
    close("three");
    assertEquals("three by " + here, closed.get(2));
    assertEquals(3, closed.size());
  }

  @Test
  void anInterruptLosesNoClosing() throws Exception {
    Thread.currentThread().interrupt();
    close("one");
    assertEquals(1, closed.size());
    assertTrue(Thread.interrupted(), "the interrupt is kept");

    try (Hanging call = inside(turn)) {
      Thread.currentThread().interrupt();
      close("two");
      assertTrue(Thread.interrupted(), "the interrupt is kept");
      call.comeBack();
    }
    closings.acquire(2);
  }

  @Test
  void aClosingThatFailsLosesNoOtherAndIsNobodysFailure() throws Exception {
    try (Hanging call = inside(turn)) {
      turn.close(() -> {
        throw new IllegalStateException("native");
      });
      close("two");
      call.comeBack();
    }
    closings.acquire();
  }

  @Test
  void aClosingThatHangsKeepsNobodyWhoLeaves() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Hanging call = inside(turn)) {
      turn.close(() -> {
        try {
          left.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      });
      close("two");
      call.comeBack(); // before that has ended
    }
    left.countDown();
    closings.acquire();
  }

  @Test
  void closingWaitsForACallThatComesBackSoon() throws Exception {
    HidApiTurn patient = new HidApiTurn(Duration.ofMinutes(1));
    try (Hanging call = inside(patient)) {
      Thread closer = new Thread(
          () -> {
            Thread.currentThread().interrupt();
            patient.close(() -> closed.add(Thread.currentThread().getName()));
          },
          "closer");
      closer.start();
      while (closer.isAlive() && closer.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      call.comeBack();
      closer.join();
    }
    assertEquals(List.of("closer"), closed);
  }
}
