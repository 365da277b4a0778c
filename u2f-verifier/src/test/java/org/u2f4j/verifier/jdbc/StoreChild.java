package org.u2f4j.verifier.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import org.u2f4j.verifier.Attack;
import org.u2f4j.verifier.CounterKey;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;

/** Another process that uses a database. */
final class StoreChild {
  private final Process process;
  private final Queue<Long> said = new ConcurrentLinkedQueue<>();
  private final FutureTask<List<Long>> accepted;

  /** Starts a Java machine that runs this class; the arguments are those of main. */
  StoreChild(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-Xmx64m",
        "-cp",
        System.getProperty("java.class.path"),
        StoreChild.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
    process = builder.start();
    accepted = new FutureTask<>(() -> read(process.inputReader()));
  }

  /** Waits until it is ready. */
  StoreChild ready() throws IOException {
    assertEquals("ready", process.inputReader().readLine());
    return this;
  }

  /** Lets it begin. */
  void go() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    new Thread(accepted).start();
  }

  /** Ends it without a warning. */
  void kill() {
    process.toHandle().destroyForcibly(); // that of the process itself would close our end, too
  }

  /** Waits for its end, and returns the counters that it says were accepted. */
  List<Long> accepted() throws Exception {
    process.waitFor();
    return accepted.get();
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** Waits until it says that it has accepted a counter. */
  void awaitAccepted() throws InterruptedException {
    while (said.isEmpty() && process.isAlive()) {
      Thread.sleep(5);
    }
  }

  private List<Long> read(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.endsWith(".")) { // else the last one was cut off
        said.add(Long.valueOf(line.substring("accepted ".length(), line.length() - 1)));
      }
    }
    return List.copyOf(said);
  }

  /**
   * Says "ready", waits for a byte, and then finishes authentications and prints "accepted" and the
   * counter for each that was accepted.
   *
   * @param arguments an address; then "many", how many and a seed for interleaved counters by many
   *     threads; or "on" for one after the other, always the next counter, until the process ends
   */
  public static void main(String[] arguments) throws Exception {
    try (TestPool pool = new TestPool(() -> DriverManager.getConnection(arguments[0]))) {
      RegistrationStore store = new JdbcRegistrationStore(pool.dataSource());
      RelyingParty party = CounterKey.credulous(store);
      PendingAuthentication pending = party.startAuthentication("account");
      say("ready");
      System.in.read();
      if (arguments[1].equals("many")) {
        List<Long> counters =
            Attack.interleaved(Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
        Collection<Long> accepted = Attack.finish(party, counters, CounterKey::claim);
        accepted.forEach(counter -> say("accepted " + counter + "."));
        return;
      }
      Random random = new Random();
      while (true) {
        Long stored = Attack.stored(store);
        long counter = stored == null ? 1 : stored + 1;
        try {
          party.finishAuthentication(pending, CounterKey.claim(pending, counter));
          say("accepted " + counter + ".");
        } catch (VerificationException e) {
          assertEquals(Reason.COUNTER_REFUSED, e.reason(), e.getMessage());
        }
        Thread.sleep(random.nextInt(3)); // SQLite's lock is not fair: others shall get it, too
      }
    }
  }

  private static void say(String what) {
    System.out.println(what);
    System.out.flush();
  }
}
