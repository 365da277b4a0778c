package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.u2f4j.hid.PluggedIn.seconds;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.KeySource;

/**
 * A key that goes and comes back: for a key that two commands pull out and plug in, named by the
 * properties u2f4j.unplug and u2f4j.plug.
 */
class PluggingIT {
  private static final String UNPLUG = System.getProperty("u2f4j.unplug", "");
  private static final String PLUG = System.getProperty("u2f4j.plug", "");
  private static final Bytes LONGEST = Bytes.of(new byte[7609]);

  @BeforeEach
  void aCommandCanPullTheKeyOut() {
    assumeTrue(!UNPLUG.isEmpty(), "no command pulls the key out");
  }

  @Test
  void aKeyThatIsPulledOutInAMessageFailsAtOnceAndWorksWhenItIsBack() throws Exception {
    ExecutorService program = Executors.newSingleThreadExecutor();
    Semaphore pings = new Semaphore(0);
    try (CtapHidDevice device = PluggedIn.open(PluggedIn.key())) {
      Deadline deadline = seconds(60);
      Future<Void> pinging = program.submit(() -> {
        while (true) {
          device.ping(LONGEST, deadline);
          pings.release();
        }
      });
      pings.acquire();
      run(UNPLUG);
      ExecutionException ended =
          assertThrows(ExecutionException.class, () -> pinging.get(20, TimeUnit.SECONDS));
      AccessException gone = (AccessException) ended.getCause();
      assertEquals(AccessProblem.UNPLUGGED, gone.problem());
      assertThrows(IOException.class, () -> device.ping(Bytes.EMPTY, seconds(5)));
    } finally {
      program.shutdownNow();
      run(PLUG);
    }
    try (CtapHidDevice device = PluggedIn.open(waitForKey())) {
      device.ping(LONGEST, seconds(30));
    }
  }

  @Test
  void aKeyThatIsOutIsNotListedAndCannotBeOpened() throws Exception {
    HidKey key = PluggedIn.key();
    run(UNPLUG);
    try {
      assertEquals(
          List.of(),
          HidKeys.USB.list(seconds(2)).stream()
              .filter(other -> other.path().equals(key.path()))
              .toList());
      AccessException gone =
          assertThrows(AccessException.class, () -> HidKeys.USB.open(key, seconds(2)));
      assertEquals(AccessProblem.UNPLUGGED, gone.problem());
    } finally {
      run(PLUG);
    }
    waitForKey();
  }

  @Test
  void aKeyThatWasPluggedInAgainIsAnotherOneForARace() throws Exception {
    Set<Object> before = identities();
    run(UNPLUG);
    run(PLUG);
    waitForKey();
    Set<Object> after = identities();
    assertEquals(before.size(), after.size());
    assertNotEquals(before, after);
  }

  private static Set<Object> identities() throws IOException, InterruptedException {
    return new HidKeySource(CtapHidDevice.SILENT)
        .list(seconds(5)).stream().map(KeySource.Key::identity).collect(Collectors.toSet());
  }

  private static HidKey waitForKey() throws IOException, InterruptedException {
    Deadline deadline = seconds(20);
    while (!deadline.expired()) {
      List<HidKey> keys = HidKeys.USB.list(seconds(2));
      if (!keys.isEmpty()) {
        return keys.get(0);
      }
      deadline.sleep(Duration.ofMillis(100));
    }
    throw new AssertionError("the key has not come back");
  }

  private static void run(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor() == 0, () -> command + ": " + said);
  }
}
