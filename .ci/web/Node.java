import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of "u2f web". Says nothing on standard error but its greeting, and ends when it is told to. */
final class Node implements AutoCloseable {
  private static final String GREETING = "Open this address in a browser. Ctrl-C ends.\n";
  private static final int TERMINATED = 143;

  final URI address;

  /** From the start of the process to the first page. */
  final long millisToFirstPage;

  private final Path errors;
  private final Process process;

  Node(Path folder, String... options) throws Exception {
    this(folder, 0, options);
  }

  /** Options of "u2f web"; its data is in the folder. */
  Node(Path folder, int port, String... options) throws Exception {
    long start = System.nanoTime();
    errors = Files.createTempFile(folder, "errors", "");
    List<String> command = new ArrayList<>(List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        System.getProperty("u2f.classpath"),
        "org.u2f4j.examples.U2f",
        "web",
        "--port",
        String.valueOf(port),
        "--data",
        folder.toString()));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      process.waitFor();
      throw new Check.Failure("u2f web did not start: " + Files.readString(errors));
    }
    address = URI.create(line);
    millisToFirstPage = firstPage(start);
  }

  private long firstPage(long start) throws IOException {
    if (!address.getScheme().equals("http")) { // the page is not to be had here
      return 0;
    }
    HttpURLConnection connection =
        (HttpURLConnection) address.resolve("/sign-in").toURL().openConnection();
    connection.getInputStream().readAllBytes();
    return (System.nanoTime() - start) / 1_000_000;
  }

  /** What the process holds of the machine's memory, in megabytes. */
  long megabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .sum();
  }

  /** As a power failure does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** As Ctrl-C does, and looks at what was said. */
  void end() throws Exception {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      throw new Check.Failure("u2f web does not end");
    }
    Check.equal("exit code", TERMINATED, process.exitValue());
    Check.equal("standard error", GREETING, Files.readString(errors));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
