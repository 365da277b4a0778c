package org.u2f4j.hid;

import static org.u2f4j.hid.PluggedIn.seconds;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.StatusException;
import org.u2f4j.client.U2fToken;

/**
 * Uses a key that is pulled out and plugged in at random, by what a gadget's file UDC says. Each operation has to end in
 * time, with its answer or with an {@link IOException}; in the end no file and no thread may be left. Arguments: that
 * file, what it says while the key is in, how many operations.
 */
final class RandomPulls {
  private static final int PATIENCE_SECONDS = 20;

  private final Random random = new Random(1);
  private final Path cable;
  private final String controller;
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicInteger pulls = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private int failed;
  private Duration longest = Duration.ZERO;

  private RandomPulls(Path cable, String controller) {
    this.cable = cable;
    this.controller = controller;
  }

  public static void main(String[] args) throws Exception {
    RandomPulls test = new RandomPulls(Path.of(args[0]), args[1]);
    Thread puller = new Thread(test::pull, "puller");
    puller.setDaemon(true); // a failure here ends both
    puller.start();
    int operations = Integer.parseInt(args[2]);
    int files = 0;
    while (test.answered.get() + test.failed < operations || test.failed < 2) {
      test.use(operations);
      if (test.failed == 1) {
        files = files(); // by now all is open that is opened once
      }
    }
    test.done.set(true);
    puller.join();
    try (CtapHidDevice device = test.waitForKey()) {
      device.ping(Bytes.of(new byte[1_000]), seconds(PATIENCE_SECONDS));
    }
    System.out.printf(
        "%d answered, %d failed as declared, %d times pulled out; the longest took %d ms; files %d after the first pull, %d in the end;"
            + " threads %d%n",
        test.answered.get(),
        test.failed,
        test.pulls.get(),
        test.longest.toMillis(),
        files,
        files(),
        threads());
    boolean inTime = test.longest.compareTo(Duration.ofSeconds(PATIENCE_SECONDS + 1)) < 0;
    boolean clean = files() <= files && threads() == 1;
    System.exit(inTime && clean && test.answered.get() > test.failed ? 0 : 1);
  }

  /** Without the one that JNA has come and go. */
  private static long threads() {
    ThreadGroup own = Thread.currentThread().getThreadGroup();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> own.equals(thread.getThreadGroup()))
        .filter(thread -> !thread.getName().contains("JNA"))
        .count();
  }

  private static int files() {
    File[] open = new File("/proc/self/fd").listFiles();
    return open == null ? -1 : open.length;
  }

  private void use(int operations) throws InterruptedException {
    try (CtapHidDevice device = waitForKey()) {
      U2fToken token = new U2fToken(device);
      while (answered.get() + failed < operations || failed < 2) {
        long start = System.nanoTime();
        try {
          if (random.nextBoolean()) {
            token.version(seconds(PATIENCE_SECONDS));
          } else {
            device.ping(Bytes.of(new byte[random.nextInt(1_000)]), seconds(PATIENCE_SECONDS));
          }
          answered.incrementAndGet();
        } finally {
          Duration time = Duration.ofNanos(System.nanoTime() - start);
          longest = time.compareTo(longest) > 0 ? time : longest;
        }
      }
    } catch (IOException | StatusException e) {
      failed++;
    }
  }

  private CtapHidDevice waitForKey() throws InterruptedException {
    IOException last = null;
    for (int i = 0; i < 1_000; i++) {
      try {
        List<HidKey> keys = HidKeys.USB.list(seconds(2));
        if (!keys.isEmpty()) {
          return CtapHidDevice.open(
              HidKeys.USB.open(keys.get(0), seconds(2)),
              CtapHidDevice.SILENT,
              seconds(PATIENCE_SECONDS));
        }
      } catch (IOException e) {
        last = e; // just pulled out
      }
      Thread.sleep(50);
    }
    throw new AssertionError(
        "the key has not come back after %s answers".formatted(answered), last);
  }

  private void pull() {
    Random own = new Random(2);
    try {
      while (!done.get()) {
        Thread.sleep(own.nextInt(2_000));
        Files.writeString(cable, "\n");
        int before = answered.get();
        boolean patient = pulls.incrementAndGet() % 2 == 0;
        Thread.sleep(own.nextInt(500));
        Files.writeString(cable, controller + "\n");
        Thread.sleep(2_000); // until it is found again
        while (patient && answered.get() == before && !done.get()) {
          Thread.sleep(100); // a machine that is busy with other things needs longer
        }
      }
    } catch (IOException | InterruptedException e) {
      e.printStackTrace();
      System.exit(2);
    }
  }
}
