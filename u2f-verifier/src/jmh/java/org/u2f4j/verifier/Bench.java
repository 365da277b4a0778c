package org.u2f4j.verifier;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.u2f4j.verifier.Message.Workload;

/**
 * All candidates in one table. In each round each candidate gets a fork of its own, one after the other, so that a
 * machine that changes its speed changes it for all; after the Java candidates the others.
 *
 * <p>A rate is operations per second of the CPU time of the threads that verify. What collector and compiler threads
 * take beside them is the column "all threads". Rates with two threads are per thread too; "cores" says how many ran.
 */
public final class Bench {
  private static final String CORRETTO = "AmazonCorrettoCryptoProvider";
  private static final String CONSCRYPT = "conscrypt";
  private static final String BOUNCY_CASTLE = "bcprov-jdk18on";
  private static final String OLD_BOUNCY_CASTLE = "-jdk15on";

  /** Each beside what it is compared with. */
  private static final List<String> CANDIDATES = List.of(
      "u2f4j (no ECDSA)",
      "u2f4j (no ECDSA nor JSON)",
      "u2f4j (out of the box)",
      "u2f4j (SunEC)",
      "raw (SunEC)",
      "u2f4j (Bouncy Castle)",
      "raw (Bouncy Castle)",
      "u2f4j (Corretto)",
      "raw (Corretto)",
      "u2f4j (Conscrypt)",
      "raw (Conscrypt)",
      "u2f4j WebAuthn (no ECDSA)",
      "u2f4j WebAuthn (out of the box)",
      "u2f4j WebAuthn (Corretto)",
      "u2flib-server",
      "u2flib-server (Bouncy Castle registered)",
      "webauthn-server",
      "webauthn-server (Corretto first)",
      "webauthn4j",
      "webauthn4j (Corretto first)");

  private static final List<String> NATIVE = List.of("libu2f-server", "openssl speed");

  private static final String CLASS_PATH = System.getProperty("java.class.path");

  /** What was measured where. */
  private record Cell(String jvm, String candidate, Workload workload, int threads) {}

  private record Sample(double rate, double processRate, double cores, double bytes) {}

  private final Map<Cell, List<Sample>> samples = new HashMap<>();
  private final Set<String> remarks = new LinkedHashSet<>();
  private final Path directory;
  private final PrintStream out;

  private final List<String> jvms = new ArrayList<>();
  private boolean quick;
  private int rounds = 3;
  private int messages = 4_096;
  private double warmup = 2;
  private double measure = 1.2;
  private Pattern only = Pattern.compile("");

  private Bench(Path directory, PrintStream out) {
    this.directory = directory;
    this.out = out;
  }

  /** See {@link #usage}. */
  public static void main(String... args) throws Exception {
    Path directory = Files.createTempDirectory("bench");
    try {
      Bench bench = new Bench(directory, System.out);
      if (!bench.options(args)) {
        usage();
        System.exit(2);
      }
      bench.run();
    } finally {
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static void usage() {
    System.err.println("""
        --quick            one round of half seconds: says that it works, not how fast
        --rounds N         3 when not given
        --warmup S         seconds in each fork, 2.5 times as many for u2f4j, 4.5 for peers; 2 when not given
        --measure S        seconds for each workload in each fork; 1.2 when not given
        --jvm HOME,HOME    JDKs to measure with; the one that runs this when not given
        --messages N       4096 when not given
        --only REGEX       candidates whose name has it""");
  }

  private boolean options(String... args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--quick")) {
        quick = true;
        rounds = 1;
        warmup = 0.5;
        measure = 0.5;
        messages = 1_024;
      } else if (i + 1 == args.length) {
        return false;
      } else {
        String value = args[++i];
        switch (args[i - 1]) {
          case "--rounds" -> rounds = Integer.parseInt(value);
          case "--warmup" -> warmup = Double.parseDouble(value);
          case "--measure" -> measure = Double.parseDouble(value);
          case "--jvm" -> jvms.addAll(Arrays.asList(value.split(",")));
          case "--messages" -> messages = Integer.parseInt(value);
          case "--only" -> only = Pattern.compile(value);
          default -> {
            return false;
          }
        }
      }
    }
    if (jvms.isEmpty()) {
      jvms.add(System.getProperty("java.home"));
    }
    return true;
  }

  private void run() throws Exception {
    jvms.forEach(Bench::jdk);
    Instant start = Instant.now();
    PrintStream err = System.err;
    // what libraries have to say about loggers and about Unsafe, once in each fork
    System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    Message.Maker maker = new Message.Maker();
    for (Workload workload : Workload.values()) {
      maker.write(workload.in(directory), workload, messages);
    }
    for (int round = 1; round <= rounds; round++) {
      err.println("round " + round + " of " + rounds + ", " + elapsed(start));
      for (String jvm : jvms) {
        for (int threads = 1; threads <= 2; threads++) {
          for (String candidate : CANDIDATES) {
            measure(jvm, candidate, threads);
          }
        }
      }
      measureNative();
    }
    if (quick) {
      out.println("\nMEASURED COLD: says that it works, not how fast.");
    }
    table();
    goals();
    overheads();
    remarks.forEach(remark -> out.println("* " + remark));
    out.printf(
        Locale.ROOT,
        "%n%d rounds of %.1f s after %.1f s, %d messages, %s%n",
        rounds,
        measure,
        warmup,
        messages,
        elapsed(start));
  }

  private static String elapsed(Instant start) {
    Duration elapsed = Duration.between(start, Instant.now());
    return elapsed.toMinutes() + " min " + elapsed.toSecondsPart() + " s";
  }

  private void measure(String jvm, String candidate, int threads) {
    boolean wanted = only.matcher(candidate).find();
    if (wanted && (threads == 1 || !candidate.contains("no ECDSA"))) {
      try {
        Iterator<IterationResult> iterations = fork(jvm, candidate, threads).iterator();
        for (Workload workload : Workload.values()) {
          Sample sample = sample(iterations.next(), threads);
          samples
              .computeIfAbsent(
                  new Cell(jvm, candidate, workload, threads), absent -> new ArrayList<>())
              .add(sample);
        }
      } catch (RunnerException e) {
        remarks.add(candidate + " failed on " + jvm + ": " + reason(e));
      }
    }
  }

  private static String reason(Throwable failure) {
    Throwable reason = failure;
    while (reason.getCause() != null || reason.getSuppressed().length > 0) {
      reason = reason.getCause() != null ? reason.getCause() : reason.getSuppressed()[0];
    }
    return reason.toString();
  }

  private Collection<IterationResult> fork(String jvm, String candidate, int threads)
      throws RunnerException {
    System.setProperty("java.class.path", classPath(candidate));
    int workloads = Workload.values().length;
    double seconds = warmup * slowness(candidate) * (threads == 1 ? 1 : 0.7);
    RunResult result = new Runner(new OptionsBuilder()
            .include(Pattern.quote(VerificationBenchmark.class.getName()) + "\\.verify")
            .param("candidate", candidate)
            .param("messages", directory.toString())
            .threads(threads)
            .forks(1)
            .warmupIterations(2 * workloads)
            .warmupTime(TimeValue.milliseconds((long) (seconds * 1_000 / (2 * workloads))))
            .measurementIterations(workloads)
            .measurementTime(TimeValue.milliseconds((long) (measure * 1_000)))
            .jvm(Path.of(jvm, "bin", "java").toString())
            .jvmArgs(jvmArguments(jvm))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build())
        .runSingle();
    return result.getBenchmarkResults().iterator().next().getIterationResults();
  }

  private static String[] jvmArguments(String jvm) {
    List<String> arguments =
        new ArrayList<>(List.of("-Xms1g", "-Xmx1g", "--enable-native-access=ALL-UNNAMED"));
    if (Runtime.Version.parse(jdk(jvm)).feature() >= 24) {
      // JMH has no other way yet
      arguments.add("--sun-misc-unsafe-memory-access=allow");
    }
    return arguments.toArray(String[]::new);
  }

  /** The more code a candidate runs and the fewer times a second, the longer until all of it is compiled. */
  private static double slowness(String candidate) {
    return candidate.startsWith("raw") ? 1 : candidate.startsWith("u2f4j") ? 2.5 : 4.5;
  }

  private static Sample sample(IterationResult iteration, int threads) {
    double operations = count(iteration, "operations");
    double cpu = count(iteration, "cpuNanos");
    return new Sample(
        operations * 1e9 / cpu,
        operations * 1e9 / count(iteration, "processNanos"),
        threads * cpu / count(iteration, "wallNanos"),
        count(iteration, "allocatedBytes") / operations);
  }

  private static double count(IterationResult iteration, String name) {
    return iteration.getSecondaryResults().get(name).getScore();
  }

  /** Only what the candidate comes with: two of the peers' libraries would be each other's. */
  private static String classPath(String candidate) {
    Set<String> without = new LinkedHashSet<>();
    without.add(candidate.startsWith("u2flib-server") ? BOUNCY_CASTLE : OLD_BOUNCY_CASTLE);
    if (!candidate.contains("Corretto")) {
      without.add(CORRETTO);
    }
    if (!candidate.contains("Conscrypt")) {
      without.add(CONSCRYPT);
    }
    return Arrays.stream(CLASS_PATH.split(Pattern.quote(java.io.File.pathSeparator)))
        .filter(entry -> without.stream().noneMatch(entry::contains))
        .collect(Collectors.joining(java.io.File.pathSeparator));
  }

  private void measureNative() throws IOException, InterruptedException {
    Path script = Path.of("src/jmh/native/native.sh").toAbsolutePath();
    ProcessBuilder builder = new ProcessBuilder(
        "sh", script.toString(), directory.toString(), Integer.toString((int) Math.ceil(measure)));
    Process process;
    try {
      process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      remarks.add("no shell here, so nothing but Java was measured");
      return;
    }
    Map<Cell, List<Double>> rates = new LinkedHashMap<>();
    try (var lines = process.inputReader()) {
      for (String line; (line = lines.readLine()) != null; ) {
        String[] part = line.split("\t", -1);
        Cell cell = new Cell("", part[0], Workload.valueOf(part[1]), Integer.parseInt(part[2]));
        rates.computeIfAbsent(cell, absent -> new ArrayList<>()).add(Double.valueOf(part[3]));
      }
    }
    process.waitFor();
    rates.forEach((cell, each) -> {
      double rate = each.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      samples
          .computeIfAbsent(cell, absent -> new ArrayList<>())
          .add(new Sample(rate, rate, cell.threads(), 0));
    });
  }

  private void table() {
    out.println();
    out.println("Operations per second and core: median of the rounds (least..most).");
    out.println();
    out.println(
        "| JDK | candidate | authentication | keys repeat | two threads | registration | two threads "
            + "| all threads | cores of two | B/op, repeat, registration |");
    out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (String jvm : jvms) {
      CANDIDATES.stream().filter(name -> only.matcher(name).find()).forEach(name -> row(jvm, name));
    }
    NATIVE.forEach(name -> row("", name));
    out.println();
  }

  private void row(String jvm, String candidate) {
    List<Sample> fresh = get(jvm, candidate, Workload.FRESH, 1);
    List<Sample> repeat = get(jvm, candidate, Workload.REPEAT, 1);
    List<Sample> fresh2 = get(jvm, candidate, Workload.FRESH, 2);
    List<Sample> registration = get(jvm, candidate, Workload.REGISTRATION, 1);
    List<Sample> registration2 = get(jvm, candidate, Workload.REGISTRATION, 2);
    if (jvm.isEmpty() && fresh.isEmpty()) {
      out.println("| | " + candidate + " | not here | | | | | | | |");
      return;
    }
    out.println("| " + jdk(jvm) + " | " + candidate + " | " + spread(fresh) + " | " + spread(repeat)
        + " | "
        + spread(fresh2) + " | " + spread(registration) + " | " + spread(registration2) + " | "
        + (jvm.isEmpty()
            ? "| |"
            : number(median(fresh.stream().map(Sample::processRate).toList())) + " | "
                + cores(fresh2)
                + " | " + bytes(fresh) + ", " + bytes(repeat) + ", " + bytes(registration) + " |"));
  }

  private static final Map<String, String> VERSIONS = new HashMap<>();

  private static String jdk(String jvm) {
    return jvm.isEmpty() ? "" : VERSIONS.computeIfAbsent(jvm, Bench::version);
  }

  private static String version(String jvm) {
    try {
      return Files.readAllLines(Path.of(jvm, "release")).stream()
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll(".*=\"([0-9]+).*", "$1"))
          .findFirst()
          .orElseThrow();
    } catch (IOException | NoSuchElementException e) {
      throw new IllegalArgumentException("no JDK: " + jvm, e);
    }
  }

  private List<Sample> get(String jvm, String candidate, Workload workload, int threads) {
    return samples.getOrDefault(
        new Cell(NATIVE.contains(candidate) ? "" : jvm, candidate, workload, threads), List.of());
  }

  private static String spread(List<Sample> samples) {
    List<Double> rates = samples.stream().map(Sample::rate).toList();
    return rates.isEmpty()
        ? ""
        : number(median(rates)) + " (" + number(Collections.min(rates)) + ".."
            + number(Collections.max(rates)) + ")";
  }

  private static String bytes(List<Sample> samples) {
    return number(median(samples.stream().map(Sample::bytes).toList()));
  }

  private static String cores(List<Sample> samples) {
    return samples.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT, "%.2f", median(samples.stream().map(Sample::cores).toList()));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%,.0f", value);
  }

  private static double median(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private void goals() {
    out.println("Ratios of the rates with one thread: median of the rounds (least..most).");
    out.println();
    out.println("| JDK | | of | workload | ratio | goal | |");
    out.println("| --- | --- | --- | --- | --- | --- | --- |");
    for (String jvm : jvms) {
      for (String engine : List.of("SunEC", "Bouncy Castle", "Corretto", "Conscrypt")) {
        goal(jvm, "u2f4j (" + engine + ")", "raw (" + engine + ")", 0.95, 0.95, 0.95);
      }
      for (String engine : List.of("Corretto", "Conscrypt")) {
        goal(jvm, "u2f4j (" + engine + ")", "libu2f-server", 1.7, 0, 8);
      }
      goal(jvm, "u2f4j (Corretto)", "webauthn4j (Corretto first)", 1.8, 0, 4);
      goal(jvm, "u2f4j (Corretto)", "webauthn-server (Corretto first)", 4, 0, 5);
      // the same JSON for both
      goal(jvm, "u2f4j WebAuthn (Corretto)", "webauthn4j (Corretto first)", 1.8, 0, 4);
      goal(jvm, "u2f4j WebAuthn (Corretto)", "webauthn-server (Corretto first)", 4, 0, 5);
      if (jdk(jvm).equals("17")) {
        goal(jvm, "u2f4j WebAuthn (out of the box)", "webauthn4j", 5, 8, 8);
        goal(jvm, "u2f4j WebAuthn (out of the box)", "webauthn-server", 5, 8, 8);
        goal(jvm, "u2f4j (out of the box)", "webauthn4j", 5, 8, 8);
        goal(jvm, "u2f4j (out of the box)", "webauthn-server", 5, 8, 8);
        goal(jvm, "u2f4j (out of the box)", "u2flib-server", 1.2, 2.5, 2.5);
        goal(
            jvm,
            "u2f4j (out of the box)",
            "u2flib-server (Bouncy Castle registered)",
            1.2,
            2.5,
            2.5);
      }
    }
    out.println();
  }

  private void goal(
      String jvm, String ours, String theirs, double fresh, double repeat, double registration) {
    goal(jvm, ours, theirs, Workload.FRESH, "authentication", fresh);
    goal(jvm, ours, theirs, Workload.REPEAT, "authentication, keys repeat", repeat);
    goal(jvm, ours, theirs, Workload.REGISTRATION, "registration", registration);
  }

  private void goal(
      String jvm, String ours, String theirs, Workload workload, String words, double goal) {
    List<Sample> a = get(jvm, ours, workload, 1);
    List<Sample> b = get(jvm, theirs, workload, 1);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      ratios.add(a.get(i).rate() / b.get(i).rate());
    }
    if (goal == 0 || (ratios.isEmpty() && !only.pattern().isEmpty())) {
      return;
    }
    String ratio = ratios.isEmpty()
        ? "not measured"
        : String.format(
            Locale.ROOT,
            "%.2f (%.2f..%.2f)",
            median(ratios),
            Collections.min(ratios),
            Collections.max(ratios));
    out.println("| " + jdk(jvm) + " | " + ours + " | " + theirs + " | " + words + " | " + ratio
        + " | " + goal + " | " + (ratios.isEmpty() ? "" : verdict(median(ratios) >= goal))
        + " |");
  }

  private void overheads() {
    out.println("Everything but the ECDSA call, median of the rounds (least..most).");
    out.println();
    out.println("| JDK | | workload | \u00b5s | goal | | B | goal | |");
    out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (String jvm : jvms) {
      overhead(jvm, "u2f4j (no ECDSA)", Workload.FRESH, "authentication", 4, 6_000);
      overhead(jvm, "u2f4j (no ECDSA)", Workload.REGISTRATION, "registration", 6, 14_000);
      overhead(jvm, "u2f4j WebAuthn (no ECDSA)", Workload.FRESH, "authentication", 4, 6_000);
      overhead(jvm, "u2f4j WebAuthn (no ECDSA)", Workload.REGISTRATION, "registration", 6, 14_000);
      overhead(jvm, "u2f4j (no ECDSA nor JSON)", Workload.FRESH, "authentication", 1, 1_000);
      overhead(jvm, "u2f4j (no ECDSA nor JSON)", Workload.REGISTRATION, "registration", 3, 8_000);
    }
    out.println();
  }

  private void overhead(
      String jvm,
      String candidate,
      Workload workload,
      String words,
      double microsGoal,
      double bytesGoal) {
    List<Sample> each = get(jvm, candidate, workload, 1);
    if (!each.isEmpty()) {
      List<Double> micros = each.stream().map(sample -> 1e6 / sample.rate()).toList();
      double bytes = median(each.stream().map(Sample::bytes).toList());
      out.println(String.format(
          Locale.ROOT,
          "| %s | %s | %s | %.2f (%.2f..%.2f) | %.0f | %s | %,.0f | %,.0f | %s |",
          jdk(jvm),
          candidate,
          words,
          median(micros),
          Collections.min(micros),
          Collections.max(micros),
          microsGoal,
          verdict(median(micros) <= microsGoal),
          bytes,
          bytesGoal,
          verdict(bytes <= bytesGoal)));
    }
  }

  private static String verdict(boolean pass) {
    return pass ? "pass" : "FAIL";
  }
}
