package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    turn.close(() -> closed.add(name + " by " + Thread.currentThread().getName()));
  }

  @Test
  void aCallThatHangsInTheNativeLibraryKeepsNobodyBeyondHisDeadline() throws Exception {
    List<Executable> calls =
        List.of(() -> HidKeys.list(expired()), () -> HidKeys.open(KEY, expired()));
    try (Hanging call = inside(HidKeys.SYSTEM)) {
      for (Executable late : calls) {
        AccessException e = assertThrows(AccessException.class, late);
        assertEquals(AccessProblem.SYSTEM_BUSY, e.problem());
      }
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> HidKeys.open(KEY, expired()));
      for (Executable other : List.<Executable>of(HidKeys::list, () -> HidKeys.open(KEY))) {
        Thread.currentThread().interrupt();
        AccessException e = assertThrows(AccessException.class, other);
        assertEquals(AccessProblem.SYSTEM_BUSY, e.problem());
        assertTrue(Thread.interrupted(), "the interrupt is kept");
      }
      call.comeBack();
    }
    HidKeys.SYSTEM.enter(expired());
    HidKeys.SYSTEM.leave();
  }

  @Test
  void whatCannotBeClosedMeanwhileIsClosedOnceByTheThreadThatHadTheTurn() throws Exception {
    String here = Thread.currentThread().getName();
    try (Hanging call = inside(turn)) {
      close("one");
      close("two");
      assertEquals(List.of(), closed, "never two in the library at once");
      call.comeBack();
    }
    assertEquals(List.of("one by hanging", "two by hanging"), closed);
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
    assertEquals(2, closed.size());
  }

  @Test
  void aClosingThatFailsLosesNoOther() throws Exception {
    Hanging call = inside(turn);
    turn.close(() -> {
      throw new IllegalStateException("native");
    });
    close("two");
    assertThrows(Exception.class, call::comeBack);
    turn.enter(expired());
    turn.leave();
    assertEquals(1, closed.size());
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
