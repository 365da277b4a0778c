package org.u2f4j.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.AppId;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.DeadlineException;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.SimulatedKey.Fault;
import org.u2f4j.client.SimulatedSource.Told;
import org.u2f4j.json.ErrorCode;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.soft.UserPresence;

class TokenRaceTest {
  private static final Duration LONG = Duration.ofSeconds(12);
  private static final int ORDERS = 5;

  private interface Scenario {
    void run(SimulatedSource source) throws Exception;
  }

  /** Runs a scenario with its threads in several orders. */
  private static void inAnyOrder(Scenario scenario) throws Exception {
    for (int seed = 0; seed < ORDERS; seed++) {
      VirtualTime.run(seed, time -> scenario.run(new SimulatedSource(time)));
    }
  }

  private static SimulatedKey key(SimulatedSource source, Fault fault) {
    SimulatedKey key = source.add();
    key.fault = fault;
    return key;
  }

  private static SimulatedKey touched(SimulatedSource source, long millis) {
    SimulatedKey key = source.add();
    key.touched = millis;
    return key;
  }

  private static ErrorCodeException registerFails(
      SimulatedSource source, ErrorCode code, Duration timeout) {
    ErrorCodeException e = assertThrows(ErrorCodeException.class, () -> source.register(timeout));
    assertEquals(code, e.code(), e::getMessage);
    return e;
  }

  private static <T> T race(
      SimulatedSource source, TokenRace.Operation<T> operation, Deadline deadline)
      throws Exception {
    return source.race.run(new TouchPolling(TouchPolling.SILENT), operation, deadline);
  }

  private static List<String> told(SimulatedSource source) {
    return source.told.stream().map(Told::what).toList();
  }

  @Test
  void theTouchedKeyOfSeveralIsUsed() throws Exception {
    inAnyOrder(source -> {
      source.add();
      SimulatedKey touched = touched(source, 5_000);
      source.add();

      assertSame(touched, source.register(LONG));
      assertTrue(5_000 <= touched.usedAt && touched.usedAt <= 5_200);
      assertEquals(touched.usedAt, source.time.millis(), "at once");
      assertEquals(List.of("touch", "done"), told(source));
    });
  }

  @Test
  void anAnswerIsReturnedWithoutWaitingForTheNextLook() throws Exception {
    inAnyOrder(source -> {
      touched(source, 0);
      source.register(LONG);
      assertEquals(0, source.time.millis());
    });
  }

  @Test
  void aKeyThatIsPluggedInMeanwhileJoins() throws Exception {
    inAnyOrder(source -> {
      SimulatedKey late = touched(source, 7_000);
      late.pluggedIn = 6_000;

      assertSame(late, source.register(LONG));
      assertEquals(List.of("no key", "touch", "done"), told(source));
      assertEquals(new Told(0, "no key"), source.told.get(0));
    });
  }

  @Test
  void aKeyThatIsPulledOutIsNoFailureAndJoinsAgainWhenItIsBack() throws Exception {
    inAnyOrder(source -> {
      source.add().pulledOut = 3_000;
      SimulatedKey back = touched(source, 6_000); // another identity, whatever its name
      back.pluggedIn = 3_100;

      assertSame(back, source.register(LONG));
      assertEquals(List.of("touch", "done", "touch", "done"), told(source));
    });
  }

  @Test
  void aKeyThatHangsIsLetGoOfWhenItIsPulledOut() throws Exception {
    inAnyOrder(source -> {
      key(source, Fault.MUTE).pulledOut = 1_000;
      SimulatedKey other = touched(source, 5_000);
      source.whenLooking = () -> {
        if (source.time.millis() >= 2_000) {
          assertEquals(1, source.time.threads());
        }
      };
      assertSame(other, source.register(LONG));
    });
  }

  @Test
  void theLastKeyThatIsPulledOutLeavesNone() throws Exception {
    inAnyOrder(source -> {
      source.add().pulledOut = 3_000;

      ErrorCodeException e = registerFails(source, ErrorCode.TIMEOUT, LONG);
      assertEquals("no key is plugged in", e.getMessage());
      assertEquals(List.of("touch", "done", "no key"), told(source));
    });
  }

  @ParameterizedTest
  @EnumSource
  void aFaultyKeyHoldsUpNoOther(Fault fault) throws Exception {
    inAnyOrder(source -> {
      SimulatedKey bad = key(source, fault);
      SimulatedKey good = touched(source, 2_000);
      good.registered = true;

      assertSame(good, source.sign(LONG));
      assertTrue(source.time.millis() <= 2_700, "it was let go of in half a second");
      assertTrue(bad.told <= 1);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aFaultyKeyDoesNotHoldUpTheEnd(Fault fault) throws Exception {
    inAnyOrder(source -> {
      key(source, fault).registered = true;
      ErrorCodeException e =
          assertThrows(ErrorCodeException.class, () -> source.sign(Duration.ofSeconds(3)));
      assertEquals(ErrorCode.TIMEOUT, e.code());
      assertTrue(source.time.millis() >= 2_500);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 100, 3_000})
  void theDeadlineIsKeptHoweverShortItIs(int millis) throws Exception {
    inAnyOrder(source -> {
      key(source, Fault.STUCK);
      key(source, Fault.MUTE);
      key(source, Fault.DEAF);
      registerFails(source, ErrorCode.TIMEOUT, Duration.ofMillis(millis));
      assertTrue(source.time.millis() <= millis);
    });
  }

  @Test
  void withoutTimeNoKeyHearsOfAnything() throws Exception {
    inAnyOrder(source -> {
      SimulatedKey key = touched(source, 0);
      registerFails(source, ErrorCode.TIMEOUT, Duration.ZERO);
      assertEquals(0, key.timesOpened);
    });
  }

  @Test
  void ofTwoKeysThatAreTouchedAtOnceOneIsUsed() throws Exception {
    Set<Integer> winners = new TreeSet<>();
    int[] dropped = new int[1];
    for (int seed = 0; seed < 100; seed++) {
      VirtualTime.run(seed, time -> {
        SimulatedSource source = new SimulatedSource(time);
        SimulatedKey one = touched(source, 1_000);
        SimulatedKey other = touched(source, 1_000);
        SimulatedKey winner = source.register(LONG);
        assertTrue(winner.used);
        winners.add(winner.id);
        dropped[0] += one.used && other.used ? 1 : 0;
      });
    }
    assertEquals(Set.of(1, 2), winners);
    assertTrue(dropped[0] > 0, "both have answered, now and then");
  }

  @Test
  void anAnswerThatComesLaterIsDropped() throws Exception {
    inAnyOrder(source -> {
      source.add();
      source.add();
      List<Transport> asked = new ArrayList<>();
      TokenRace.Operation<String> operation = (key, polling, end) -> {
        asked.add(key);
        if (asked.size() > 1) {
          return "first";
        }
        source.time.stuckUntil(() -> asked.size() > 1);
        try {
          end.sleep(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
          return "second"; // as a key does that was touched just before it was let go of
        }
        throw new AssertionError("not let go of");
      };
      assertEquals("first", source.call(LONG, end -> race(source, operation, end)));
    });
  }

  @Test
  void aKeyThatIsOpenWhenItIsTooLateIsAskedNothing() throws Exception {
    inAnyOrder(source -> {
      SimulatedKey late = key(source, Fault.STUCK_OPENING);
      List<Transport> asked = new ArrayList<>();
      DeadlineException e = assertThrows(
          DeadlineException.class,
          () -> source.call(LONG, end -> race(source, (key, each, left) -> asked.add(key), end)));
      assertEquals("no key was touched in time", e.getMessage());
      assertEquals(1, late.timesOpened);
      assertEquals(List.of(), asked);
    });
  }

  @Test
  void aKeyThatIsNotRegisteredHereSaysSoWhenItIsTouchedAndTheRaceGoesOn() throws Exception {
    inAnyOrder(source -> {
      SimulatedKey wrong = touched(source, 2_000);
      SimulatedKey right = touched(source, 4_000);
      right.registered = true;
      source.add(); // blinks too

      assertSame(right, source.sign(LONG));
      assertTrue(wrong.blinked);
      assertEquals(
          List.of("touch", "key 1: this key is not registered here", "done"), told(source));
      long when = source.told.get(1).millis();
      assertTrue(2_000 <= when && when <= 2_300, "when it was touched");
    });
  }

  @Test
  void aKeyThatClaimsEveryKeyHandleIsFoundOutWhenItIsTouched() throws Exception {
    inAnyOrder(source -> {
      SimulatedKey liar = key(source, Fault.CLAIMS_ALL);
      liar.touched = 1_000;
      SimulatedKey right = touched(source, 9_000);
      right.registered = true;
      assertSame(right, source.sign(LONG));
      assertFalse(liar.used);
    });
  }

  @Test
  void aKeyThatIsRegisteredAlreadyEndsItWhenItIsTouchedAndNoSooner() throws Exception {
    inAnyOrder(source -> {
      SimulatedKey known = touched(source, 3_000);
      known.registered = true;
      source.add();

      ErrorCodeException e = registerFails(source, ErrorCode.DEVICE_INELIGIBLE, LONG);
      assertEquals("this key is registered already", e.getMessage());
      assertTrue(source.time.millis() >= 3_000);
    });
    inAnyOrder(source -> {
      source.add().registered = true;
      SimulatedKey other = touched(source, 3_000);
      assertSame(other, source.register(LONG));
    });
  }

  @Test
  void aKeyThatIsRegisteredAlreadyAndRefusesToWaitForATouchEndsNothing() throws Exception {
    inAnyOrder(source -> {
      key(source, Fault.RUDE).registered = true;
      SimulatedKey other = touched(source, 3_000);

      assertSame(other, source.register(LONG));
      assertTrue(told(source).contains("key 1: this key is registered already"));
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCKED_AT_FIRST", "LOST_AT_FIRST"})
  void aKeyThatIsReadyAMomentLaterIsUsedAndNotComplainedOf(Fault fault) throws Exception {
    inAnyOrder(source -> {
      SimulatedKey key = key(source, fault);
      key.touched = 5_000;
      assertSame(key, source.register(LONG));
      assertEquals(List.of("touch", "done"), told(source).stream().distinct().toList());
    });
  }

  @Test
  void aKeyThatCannotBeOpenedIsToldOfOnceAndTriedAgain() throws Exception {
    inAnyOrder(source -> {
      SimulatedKey locked = key(source, Fault.LOCKED);

      ErrorCodeException e = registerFails(source, ErrorCode.TIMEOUT, LONG);
      assertEquals("no key can be used; key 1: no permission", e.getMessage());
      assertEquals(List.of("key 1: no permission"), told(source));
      assertTrue(locked.timesOpened > 8 && locked.timesOpened <= 13, "about once a second");
    });
  }

  @Test
  void aKeyThatFailsAfterTheLastLookIsToldOfNevertheless() throws Exception {
    inAnyOrder(source -> {
      key(source, Fault.LOCKED).pluggedIn = 11_000; // seen at 11.2 s, tried again at 11.45 s

      registerFails(source, ErrorCode.TIMEOUT, LONG);
      assertEquals(List.of("no key", "key 1: no permission"), told(source));
    });
  }

  @Test
  void aKeyThatIsGoneIsNotToldOfAnyMore() throws Exception {
    inAnyOrder(source -> {
      key(source, Fault.LOCKED).pulledOut = 350; // tried twice, and not looked for since
      registerFails(source, ErrorCode.TIMEOUT, LONG);
      assertEquals(List.of("no key"), told(source));
    });
  }

  @Test
  void aKeyThatAnswersWithErrorsIsToldOfOnceAndLeftAlone() throws Exception {
    inAnyOrder(source -> {
      SimulatedKey bad = key(source, Fault.ERRORS);
      source.add();

      ErrorCodeException e = registerFails(source, ErrorCode.TIMEOUT, LONG);
      assertEquals(
          "no key was touched in time; key 1: the key answered 6F00 unknown", e.getMessage());
      assertEquals(
          List.of("done", "key 1: the key answered 6F00 unknown", "still waiting", "touch"),
          told(source).stream().sorted().toList());
      assertEquals(1, bad.timesOpened);
    });
  }

  @Test
  void aKeyThatFailsIsToldOfAlthoughItHangsWhenItIsClosed() throws Exception {
    inAnyOrder(source -> {
      key(source, Fault.ERRORS_AND_STUCK_CLOSING);
      source.add();
      source.whenLooking = () -> {
        if (source.time.millis() >= 1_000) {
          assertTrue(told(source).contains("key 1: the key answered 6F00 unknown"));
        }
      };
      ErrorCodeException e = registerFails(source, ErrorCode.TIMEOUT, LONG);
      assertEquals(
          "no key was touched in time; key 1: the key answered 6F00 unknown", e.getMessage());
    });
  }

  @Test
  void whatAKeyWasWaitedForIsSaidWhenTimeIsUp() throws Exception {
    inAnyOrder(source -> {
      key(source, Fault.MUTE);
      source.add();
      ErrorCodeException e = registerFails(source, ErrorCode.TIMEOUT, LONG);
      assertEquals(
          "no key was touched in time; key 1: the key has not answered in time", e.getMessage());
      DeadlineException cause = (DeadlineException) e.getCause();
      assertEquals(1, cause.getSuppressed().length);
    });
  }

  @Test
  void keysThatAreNotTouchedAreNoMissingKeys() throws Exception {
    inAnyOrder(source -> {
      source.add();
      source.add();
      ErrorCodeException e = registerFails(source, ErrorCode.TIMEOUT, LONG);
      assertEquals("no key was touched in time", e.getMessage());
      assertEquals(List.of("touch", "still waiting", "done"), told(source));
    });
  }

  @Test
  void withoutAnyKeyOneIsWaitedFor() throws Exception {
    inAnyOrder(source -> {
      ErrorCodeException e = registerFails(source, ErrorCode.TIMEOUT, LONG);
      assertEquals("no key is plugged in", e.getMessage());
      assertEquals(List.of(new Told(0, "no key")), source.told);
      assertEquals(29, source.looks.size(), "one every 400 ms");
    });
  }

  @Test
  void aSourceThatDoesNotChangeIsNotWaitedForInVain() throws Exception {
    inAnyOrder(source -> {
      source.changes = false;
      touched(source, 1_000);
      key(source, Fault.LOCKED);

      ErrorCodeException e = assertThrows(ErrorCodeException.class, () -> source.sign(LONG));
      assertEquals(ErrorCode.DEVICE_INELIGIBLE, e.code());
      assertEquals(
          "no key can be used; key 1: this key is not registered here; key 2: no permission",
          e.getMessage());
      assertTrue(source.time.millis() < 1_500);
    });
    inAnyOrder(source -> {
      source.changes = false;
      key(source, Fault.ERRORS);
      registerFails(source, ErrorCode.OTHER_ERROR, LONG);
    });
  }

  @Test
  void anInterruptEndsEverything() throws Exception {
    for (Fault fault : Fault.values()) {
      inAnyOrder(source -> {
        source.add();
        key(source, fault);
        source.time.interruptCallerAt(3_000, () -> source.over);
        assertThrows(InterruptedException.class, () -> source.register(LONG));
        assertTrue(source.time.millis() <= 3_500);
      });
    }
    inAnyOrder(source -> {
      SimulatedKey key = source.add();
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> source.register(LONG));
      assertEquals(0, key.timesOpened);
    });
  }

  @Test
  void aMistakeInTheProgramIsNotHidden() throws Exception {
    for (Throwable mistake : List.of(new IllegalStateException("bug"), new AssertionError("bug"))) {
      inAnyOrder(source -> {
        key(source, Fault.STUCK_CLOSING);
        TokenRace.Operation<String> failing = (key, polling, deadline) -> {
          if (mistake instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) mistake;
        };
        assertSame(
            mistake,
            assertThrows(
                mistake.getClass(), () -> source.call(LONG, end -> race(source, failing, end))));
      });
    }
  }

  @Test
  void whatComesOfClosingATransportIsNoMistake() throws Exception {
    inAnyOrder(source -> {
      key(source, Fault.DEAF);
      TokenRace.Operation<RegistrationResponse> operation = (key, polling, end) -> {
        try {
          return new U2fToken(key).register(KeyTasks.BLINK, end);
        } catch (IOException e) {
          throw new IllegalStateException("closed", e);
        }
      };
      assertThrows(
          DeadlineException.class, () -> source.call(LONG, end -> race(source, operation, end)));
    });
  }

  @Test
  void aListenerThatFailsEndsEverything() throws Exception {
    inAnyOrder(source -> {
      source.add();
      key(source, Fault.DEAF);
      TouchPolling failing = new TouchPolling(new TouchPolling.Listener() {
        @Override
        public void touchNow() {
          throw new IllegalStateException("no screen");
        }
      });
      TokenRace.Operation<Void> waiting = (key, polling, end) -> polling.poll(
          left -> {
            new U2fToken(key).register(KeyTasks.BLINK, left);
            return null;
          },
          end);
      assertThrows(
          IllegalStateException.class,
          () -> source.call(LONG, end -> source.race.run(failing, waiting, end)));
      assertTrue(source.time.millis() <= 500);
    });
  }

  @Test
  void aSourceThatCannotBeLookedAtEndsEverything() throws Exception {
    inAnyOrder(source -> {
      source.add();
      IOException broken = new IOException("the native library is gone");
      source.whenLooking = () -> {
        if (source.looks.size() == 3) {
          throw broken;
        }
      };
      ErrorCodeException e = registerFails(source, ErrorCode.OTHER_ERROR, LONG);
      assertSame(broken, e.getCause());
    });
  }

  @Test
  void anExecutorThatRefusesEndsEverything() throws Exception {
    inAnyOrder(source -> {
      key(source, Fault.DEAF);
      source.add().pluggedIn = 1_000;
      TokenRace race = source.with(task -> {
        if (source.time.threads() > 0) {
          throw new RejectedExecutionException("shut down");
        }
        source.time.execute(task);
      });
      IllegalStateException e = assertThrows(
          IllegalStateException.class, () -> source.call(LONG, end -> hangOn(race, end)));
      assertEquals(
          "the executor takes no task: a race needs a thread for each key, here for key 2",
          e.getMessage());
      assertEquals("shut down", e.getCause().getMessage());
      assertTrue(source.time.millis() <= 1_700, "it was looked again at 1.2 s");
    });
  }

  /** Asks once for an answer that does not come. */
  private static RegistrationResponse hangOn(TokenRace race, Deadline deadline) throws Exception {
    TokenRace.Operation<RegistrationResponse> once =
        (key, each, end) -> new U2fToken(key).register(KeyTasks.BLINK, end);
    return race.run(new TouchPolling(TouchPolling.SILENT), once, deadline);
  }

  @Test
  void anExecutorThatRunsOnTheCallersThreadEndsEverythingBeforeAKeyIsOpened() throws Exception {
    List<Executor> executors = List.of(Runnable::run, task -> {
      FutureTask<Void> swallowing = new FutureTask<>(task, null);
      swallowing.run();
    });
    for (Executor executor : executors) {
      inAnyOrder(source -> {
        SimulatedKey key = key(source, Fault.STUCK);
        TokenRace race = source.with(executor);
        IllegalStateException e = assertThrows(
            IllegalStateException.class, () -> source.call(LONG, end -> hangOn(race, end)));
        assertEquals(
            "the executor runs its tasks on the caller's thread: a race needs one for each key",
            e.getMessage());
        assertEquals(0, key.timesOpened);
        assertEquals(0, source.time.millis());
      });
    }
  }

  @Test
  void aPoolThatTurnsToTheCallerWhenItIsFullLetsGoOfTheOthers() throws Exception {
    inAnyOrder(source -> {
      key(source, Fault.DEAF);
      SimulatedKey second = source.add();
      TokenRace race = source.with(task -> {
        if (source.time.threads() > 0) {
          task.run();
        } else {
          source.time.execute(task);
        }
      });
      assertThrows(IllegalStateException.class, () -> source.call(LONG, end -> hangOn(race, end)));
      assertEquals(0, second.timesOpened);
      assertTrue(source.time.millis() <= 500);
    });
  }

  @Test
  void aKeyThatHangsIsClosedAlthoughThePoolHasNoOtherThread() throws Exception {
    inAnyOrder(source -> {
      SimulatedKey deaf = key(source, Fault.DEAF);
      SimulatedKey waiting = source.add(); // for a thread
      TokenRace race = source.with(oneThread(source.time));
      assertThrows(DeadlineException.class, () -> source.call(LONG, end -> hangOn(race, end)));
      assertEquals(1, deaf.timesOpened);
      assertEquals(0, waiting.timesOpened);
    });
  }

  /** A thread for one task, and a queue for the others. */
  private static Executor oneThread(VirtualTime time) {
    Queue<Runnable> tasks = new ArrayDeque<>();
    boolean[] busy = new boolean[1];
    return task -> {
      tasks.add(task);
      if (!busy[0]) {
        busy[0] = true;
        time.execute(() -> {
          for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
          }
          busy[0] = false;
        });
      }
    };
  }

  @Test
  void softwareKeysRaceOnThreadsOfTheirOwn() throws Exception {
    AppId appId = new AppId("https://example.com");
    U2fClient client = new U2fClient(
        FacetRule.sameHost(), new TouchPolling(Duration.ofMillis(1), TouchPolling.SILENT));
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    SoftwareKey touched = SoftwareKey.create().withUserPresence(UserPresence.after(3));
    Transport watched = new Transport() {
      @Override
      public ResponseApdu exchange(CommandApdu command, Deadline deadline)
          throws IOException, InterruptedException {
        threads.add(Thread.currentThread());
        return touched.exchange(command, deadline);
      }

      @Override
      public void close() {}
    };
    Map<String, Transport> keys =
        Map.of("a", SoftwareKey.create().withUserPresence(UserPresence.NEVER), "b", watched);
    TokenRace race = new TokenRace(KeySource.of(keys), TokenRace.SILENT);

    RegisterResponse response = client.register(
        new RegisterRequest(appId, "AAAA", List.of()), appId.value(), race, Deadline.after(LONG));

    assertEquals("AAAA", response.clientData().challenge());
    Thread thread = threads.get(0);
    assertEquals(Set.of(thread), Set.copyOf(threads));
    assertTrue(thread.isDaemon());
    thread.join();
  }

  @Test
  void thePaceIsPositive() {
    KeySource none = KeySource.of(Map.of());
    for (long millis : new long[] {0, -1}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new TokenRace(none, TokenRace.SILENT, Runnable::run, Duration.ofMillis(millis)));
    }
  }
}
