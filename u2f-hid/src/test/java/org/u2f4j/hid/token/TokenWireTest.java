package org.u2f4j.hid.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.u2f4j.hid.Samples.hex;
import static org.u2f4j.hid.token.HidChecks.data;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.hid.CtapHidDevice;
import org.u2f4j.hid.FakeClock;
import org.u2f4j.hid.HidConnection;
import org.u2f4j.message.VersionRequest;
import org.u2f4j.soft.SoftwareKey;

class TokenWireTest {
  private static final Duration LONG = Duration.ofDays(1);

  private final HidToken token = new HidToken(SoftwareKey.create());

  @Test
  void theExampleOfThePackageWorks() throws Exception {
    TokenWire wire = new TokenWire(token);
    Deadline deadline = Deadline.after(Duration.ofSeconds(30));
    try (CtapHidDevice device =
        CtapHidDevice.open(wire.connect(), CtapHidDevice.SILENT, deadline)) {
      token.inject(Fault.busy(3));
      token.inject(Fault.foreignPackets());
      ResponseApdu version = device.exchange(new VersionRequest().toCommand(), deadline);
      assertEquals(new ResponseApdu(VersionRequest.U2F_V2, StatusWord.NO_ERROR), version);
    }
  }

  @Test
  void everyProgramSeesEveryReport() throws Exception {
    FakeClock clock = new FakeClock();
    TokenWire wire = new TokenWire(token, clock);
    HidConnection other = wire.connect();
    HidConnection closed = wire.connect();
    closed.close();
    RawHost host = new RawHost(wire.connect(), clock);
    host.open();
    byte[] seen = new byte[65];
    assertEquals(64, other.read(seen, Deadline.after(Duration.ZERO, clock)));
    assertEquals(hex("ffffffff 86 0011"), Bytes.of(seen).slice(0, 7));
    assertEquals(0, other.read(seen, Deadline.after(Duration.ofSeconds(9), clock)));
  }

  @Test
  void aProgramThatDoesNotReadLosesReports() throws Exception {
    FakeClock clock = new FakeClock();
    TokenWire wire = new TokenWire(token, clock);
    HidConnection other = wire.connect();
    RawHost host = new RawHost(wire.connect(), clock);
    int channel = host.open();
    for (int i = 0; i < 10; i++) {
      host.ask(channel, RawHost.PING, data(7_609));
    }
    int unread = 0;
    while (other.read(new byte[64], Deadline.after(Duration.ZERO, clock)) > 0) {
      unread++;
    }
    assertEquals(1_024, unread);
  }

  @Test
  void aReportOfAnotherSizeCannotBeSent() throws Exception {
    HidConnection connection = new TokenWire(token).connect();
    assertThrows(IllegalArgumentException.class, () -> connection.write(new byte[65]));
  }

  @Test
  void timeOfATestPassesWithoutWaiting() throws Exception {
    FakeClock clock = new FakeClock();
    HidConnection connection = new TokenWire(token, clock).connect();
    Deadline deadline = Deadline.after(LONG, clock);
    assertEquals(0, connection.read(new byte[64], deadline));
    assertEquals(Duration.ZERO, deadline.remaining());
  }

  @Test
  void severalThreadsUseTheTokenInTheTimeOfTheMachine() throws Exception {
    TokenWire wire = new TokenWire(token);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<Integer>> pings = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        pings.add(threads.submit(() -> ping(wire)));
      }
      for (Future<Integer> ping : pings) {
        assertEquals(50, ping.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static int ping(TokenWire wire) throws Exception {
    int pings = 0;
    Deadline deadline = Deadline.after(LONG);
    try (CtapHidDevice device =
        CtapHidDevice.open(wire.connect(), CtapHidDevice.SILENT, deadline)) {
      for (int i = 0; i < 50; i++, pings++) {
        device.ping(data(20 * i), deadline);
      }
    }
    return pings;
  }

  @Test
  void closingEndsAReadOnAnotherThread() throws Exception {
    HidConnection connection = new TokenWire(token).connect();
    assertThrows(IOException.class, () -> readWhile(connection, connection::close));
  }

  @Test
  void takingTheTokenOutEndsAReadOnAnotherThread() throws Exception {
    HidConnection connection = new TokenWire(token).connect();
    assertThrows(
        IOException.class, () -> readWhile(connection, () -> token.inject(Fault.unplugged(0))));
  }

  private interface Action {
    void run() throws Exception;
  }

  /** Reads for a day, with another thread that does something once this one waits. */
  private static void readWhile(HidConnection connection, Action action) throws Exception {
    Thread reader = Thread.currentThread();
    Thread other = new Thread(() -> {
      while (reader.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      try {
        action.run();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    other.start();
    try {
      connection.read(new byte[64], Deadline.after(LONG));
    } finally {
      other.join();
    }
  }

  @Test
  void anInterruptEndsARead() throws Exception {
    HidConnection connection = new TokenWire(token).connect();
    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedException.class, () -> connection.read(new byte[64], Deadline.after(LONG)));
    assertFalse(Thread.interrupted());
  }
}
