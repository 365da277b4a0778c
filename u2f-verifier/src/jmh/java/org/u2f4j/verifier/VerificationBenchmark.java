package org.u2f4j.verifier;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From the JSON of a response to the verdict, candidate by candidate. The iterations of a fork take the workloads in
 * turn, as a server does that sees registrations and authentications. {@link Bench} runs it and takes them apart.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
public class VerificationBenchmark {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final com.sun.management.OperatingSystemMXBean PROCESS =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  @Param({"u2f4j (no ECDSA)", "u2f4j (no ECDSA nor JSON)"})
  public String candidate;

  /** The only workload of interest, or nothing. */
  @Param("")
  public String only;

  /** Where the messages are; some are made for this fork if nothing is said. */
  @Param("")
  public String messages;

  private final List<Candidate.Check> checks = new ArrayList<>();
  private int size;
  private final AtomicInteger threads = new AtomicInteger();

  @Setup
  public void load() throws Exception {
    Candidate verifier = Candidate.of(candidate);
    for (Message.Workload workload : Message.Workload.values()) {
      if (only.isEmpty() || only.equals(workload.name())) {
        List<Message> pool = messages(workload);
        size = pool.size();
        checks.add(
            workload == Message.Workload.REGISTRATION
                ? verifier.registration(pool)
                : verifier.authentication(pool));
      }
    }
  }

  private List<Message> messages(Message.Workload workload) throws Exception {
    if (!messages.isEmpty()) {
      return Message.read(workload.in(Path.of(messages)));
    }
    Path file = Files.createTempFile("messages", null);
    try {
      new Message.Maker().write(file, workload, 1_024);
      return Message.read(file);
    } finally {
      Files.delete(file);
    }
  }

  /** What one thread did and what it took, in the thread's own count of CPU time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Meter {
    public long operations;
    public long cpuNanos;
    public long wallNanos;
    public long allocatedBytes;
    /** Of the whole process: its compiler and collector threads too. One thread of the benchmark counts it. */
    public long processNanos;

    private Candidate.Check check;
    private int iteration;
    private boolean first;
    private int next;
    private long done;
    private long cpu;
    private long wall;
    private long allocated;
    private long process;

    @Setup
    public void place(VerificationBenchmark benchmark) {
      int number = benchmark.threads.getAndIncrement();
      first = number == 0;
      next = number * (benchmark.size / 2);
    }

    @Setup(Level.Iteration)
    public void start(VerificationBenchmark benchmark) {
      check = benchmark.checks.get(iteration++ % benchmark.checks.size());
      done = 0;
      process = PROCESS.getProcessCpuTime();
      allocated = THREADS.getCurrentThreadAllocatedBytes();
      wall = System.nanoTime();
      cpu = THREADS.getCurrentThreadCpuTime();
    }

    @TearDown(Level.Iteration)
    public void stop() {
      cpuNanos = THREADS.getCurrentThreadCpuTime() - cpu;
      wallNanos = System.nanoTime() - wall;
      allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
      processNanos = first ? PROCESS.getProcessCpuTime() - process : 0;
      operations = done;
    }

    private int next(int size) {
      done++;
      next = next + 1 < size ? next + 1 : 0;
      return next;
    }
  }

  @Benchmark
  public void verify(Meter meter) throws Exception {
    meter.check.verify(meter.next(size));
  }
}
