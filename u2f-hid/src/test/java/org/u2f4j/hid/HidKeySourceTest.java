package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.Transport;
import org.u2f4j.client.KeySource;
import org.u2f4j.client.TokenRace;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.U2fToken;
import org.u2f4j.hid.PacketTrace.Detail;
import org.u2f4j.hid.PacketTrace.Formatter;
import org.u2f4j.hid.token.Fault;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.hid.token.TokenWire;
import org.u2f4j.message.VersionRequest;
import org.u2f4j.soft.SoftwareKey;

@Timeout(value = 1, unit = TimeUnit.MINUTES) // against hanging only
class HidKeySourceTest {
  private static final HidKey ONE = key("/dev/hidraw1");
  private static final HidKey OTHER = key("/dev/hidraw2");

  private final Keys keys = new Keys();
  private final HidKeySource source =
      new HidKeySource(keys, CtapHidDevice.SILENT, HidKeySource.Tap.NONE);

  private static HidKey key(String path) {
    return new HidKey(path, 0x1050, 0x0407, 0, "Yubico", "YubiKey", "", "");
  }

  private static Deadline late() {
    return Deadline.after(Duration.ofMinutes(1));
  }

  /** Software keys that seem to be plugged in, and a native library that fails when it is told to. */
  private static final class Keys implements HidKeys {
    final HidToken one = new HidToken(SoftwareKey.create());
    final HidToken other = new HidToken(SoftwareKey.create());
    final Map<HidKey, TokenWire> plugged =
        Map.of(ONE, new TokenWire(one), OTHER, new TokenWire(other));
    final List<Deadline> asked = new ArrayList<>();
    Optional<AccessProblem> problem = Optional.empty();
    Optional<AccessProblem> hidden = Optional.empty();
    boolean closed;

    @Override
    public List<HidKey> list(Deadline deadline) throws AccessException {
      asked.add(deadline);
      if (problem.isPresent()) {
        throw new AccessException(problem.get());
      }
      return hidden.isPresent() ? List.of() : List.of(ONE, OTHER);
    }

    @Override
    public Optional<AccessProblem> whyNone() {
      return hidden;
    }

    @Override
    public HidConnection open(HidKey key, Deadline deadline) throws AccessException {
      return watched(plugged.get(key).connect());
    }

    private HidConnection watched(HidConnection inner) {
      return new HidConnection() {
        @Override
        public int inputReportSize() {
          return inner.inputReportSize();
        }

        @Override
        public int outputReportSize() {
          return inner.outputReportSize();
        }

        @Override
        public void write(byte[] report) throws IOException {
          inner.write(report);
        }

        @Override
        public int read(byte[] report, Deadline deadline) throws IOException, InterruptedException {
          return inner.read(report, deadline);
        }

        @Override
        public void close() throws IOException {
          closed = true;
          inner.close();
        }
      };
    }
  }

  private List<Object> identities(Deadline deadline) throws Exception {
    return source.list(deadline).stream().map(KeySource.Key::identity).toList();
  }

  @Test
  void withoutATurnTheKeysAreThoseOfTheLastTimeAndNobodyWaits() throws Exception {
    assertEquals(List.of(ONE, OTHER), identities(late()));
    keys.problem = Optional.of(AccessProblem.SYSTEM_BUSY);
    assertEquals(List.of(ONE, OTHER), identities(late()));
    assertTrue(keys.asked.get(1).expired());
    assertEquals(List.of(ONE, OTHER), identities(late()));
  }

  @Test
  void theFirstTimeATurnIsWaitedForUntilTheDeadline() {
    keys.problem = Optional.of(AccessProblem.SYSTEM_BUSY);
    Deadline deadline = late();
    AccessException e = assertThrows(AccessException.class, () -> source.list(deadline));
    assertEquals(AccessProblem.SYSTEM_BUSY, e.problem());
    assertSame(deadline, keys.asked.get(0));
  }

  @Test
  void whatHidesAllKeysIsAProblem() {
    keys.hidden = Optional.of(AccessProblem.UNPLUGGED);
    AccessException e = assertThrows(AccessException.class, () -> source.list(late()));
    assertEquals(AccessProblem.UNPLUGGED, e.problem());
  }

  @Test
  void anotherProblemIsNotHiddenByTheKeysOfTheLastTime() throws Exception {
    identities(late());
    keys.problem = Optional.of(AccessProblem.UNPLUGGED);
    assertThrows(AccessException.class, () -> source.list(late()));
  }

  @Test
  void aRaceGoesOnWhileAnotherThreadHangsInTheNativeLibrary() throws Exception {
    CountDownLatch lookedAgain = new CountDownLatch(3);
    KeySource hanging = deadline -> {
      List<? extends KeySource.Key> found = source.list(deadline);
      keys.problem = Optional.of(AccessProblem.SYSTEM_BUSY); // from now on
      lookedAgain.countDown();
      return found;
    };
    TokenRace.Operation<Bytes> operation = (key, polling, end) -> {
      lookedAgain.await();
      return new U2fToken(key).version(end);
    };
    assertEquals(VersionRequest.U2F_V2, race(hanging).run(silent(), operation, late()));
  }

  private static TokenRace race(KeySource source) {
    return new TokenRace(
        source, TokenRace.SILENT, task -> new Thread(task).start(), Duration.ofMillis(1));
  }

  private static TouchPolling silent() {
    return new TouchPolling(TouchPolling.SILENT);
  }

  @Test
  void theKeysOfARaceCanBeTracedEachByItself() throws Exception {
    Map<HidKey, StringBuilder> traces =
        Map.of(ONE, new StringBuilder(), OTHER, new StringBuilder());
    HidKeySource traced = new HidKeySource(
        keys,
        CtapHidDevice.SILENT,
        (key, connection) ->
            new PacketTrace(connection, traces.get(key), Formatter.NONE, Detail.BYTES));
    CountDownLatch both = new CountDownLatch(2);
    TokenRace.Operation<Bytes> operation = (key, polling, end) -> {
      Bytes version = new U2fToken(key).version(end);
      both.countDown();
      both.await();
      return version;
    };
    race(traced).run(silent(), operation, late());

    for (StringBuilder trace : traces.values()) {
      try (CtapHidDevice replayed =
          CtapHidDevice.open(new PacketReplay(trace.toString()), CtapHidDevice.SILENT, late())) {
        assertEquals(VersionRequest.U2F_V2, new U2fToken(replayed).version(late()));
      }
    }
  }

  @Test
  void aKeyThatCannotBeTracedIsClosed() throws Exception {
    HidKeySource untraceable = new HidKeySource(keys, CtapHidDevice.SILENT, (key, connection) -> {
      throw new IOException("the disk is full");
    });
    KeySource.Key key = untraceable.list(late()).get(0);
    IOException e = assertThrows(IOException.class, () -> key.open(late()));
    assertEquals("the disk is full", e.getMessage());
    assertTrue(keys.closed);
  }

  @Test
  void aListenerThatFailsLeavesNoKeyOpen() throws Exception {
    AssertionError bug = new AssertionError("bug");
    HidKeySource.Tap none = HidKeySource.Tap.NONE;
    CtapHidDevice.Listener failing = new CtapHidDevice.Listener() {
      @Override
      public void busy() {
        throw bug;
      }
    };
    keys.one.inject(Fault.busy(1));
    KeySource.Key key = new HidKeySource(keys, failing, none).list(late()).get(0);
    assertSame(bug, assertThrows(AssertionError.class, () -> key.open(late())));
    assertTrue(keys.closed);
  }

  @Test
  void aKeyIsOpenedAsItIs() throws Exception {
    KeySource.Key key = source.list(late()).get(0);
    assertEquals("YubiKey (/dev/hidraw1)", key.name());
    try (Transport opened = key.open(late())) {
      assertEquals(VersionRequest.U2F_V2, new U2fToken(opened).version(late()));
    }
    assertTrue(keys.closed);
  }
}
