import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.u2f4j.strictjson.JsonObject;

/** A headless Chromium of its own, in a folder of its own, which reaches this machine only. */
final class Chromium implements AutoCloseable {
  /** Long enough for a virtual machine whose processor is emulated. */
  static final Duration PATIENCE = Duration.ofSeconds(120);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final Path logFile;
  private final Process process;
  private final String address;

  Chromium(Path folder) throws IOException, InterruptedException {
    logFile = folder.resolve("chromium.log");
    Path profile = folder.resolve("profile");
    ProcessBuilder command = new ProcessBuilder(
        "/usr/bin/chromium",
        "--headless",
        "--no-sandbox", // which root and many containers do not get; it sees no page but the test's
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * 127.0.0.1",
        "--ignore-certificate-errors",
        "--remote-debugging-port=0",
        "--user-data-dir=" + profile);
    command.environment().put("HOME", folder.toString());
    command.environment().put("TMPDIR", folder.toString());
    process = command.redirectErrorStream(true).redirectOutput(logFile.toFile()).start();
    // the last that runs when this program ends, be it by Ctrl-C
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    address = "127.0.0.1:" + port(profile.resolve("DevToolsActivePort"));
  }

  private String port(Path file) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && !process.waitFor(50, TimeUnit.MILLISECONDS)) {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() == 2) { // the port, and a path
        return lines.get(0);
      }
    }
    throw new IOException("Chromium %s; its log ends with:%n%s"
        .formatted(
            process.isAlive()
                ? "opened no port for DevTools in " + PATIENCE.toSeconds() + " s"
                : "ended with " + process.exitValue(),
            log()));
  }

  /** The last lines of its log, without those that miss a desktop. */
  String log() throws IOException {
    List<String> lines = Files.readAllLines(logFile).stream()
        .filter(line -> !line.isBlank() && !line.contains("ERROR:dbus/"))
        .toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
  }

  /** Opens a page in a tab of its own, with no key plugged in. */
  Tab open(String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/json/new"))
        .method("PUT", HttpRequest.BodyPublishers.noBody())
        .timeout(PATIENCE)
        .build();
    String target =
        JsonObject.parse(http.send(request, BodyHandlers.ofString()).body()).string("id");
    Tab tab = new Tab(http, URI.create("ws://" + address + "/devtools/page/" + target));
    tab.load(url);
    return tab;
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
