import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The key that is plugged into this machine, in the browser on the account's pages and in the terminal. */
final class BothFaces {
  private static final String PASSWORD = "correct horse battery";
  private static final String SIGN_IN = "Sign in";
  private static final String ACCOUNT = "Your account";

  private final Path data;
  private final String key;
  private final String origin;
  private final Walk walk;

  private BothFaces(Path data, String key, String origin, Walk walk) {
    this.data = data;
    this.key = key;
    this.origin = origin;
    this.walk = walk;
  }

  /** With a new folder for the account, and what "u2f keys" calls the key. */
  static void meet(Chromium chromium, Path data, String key) throws Exception {
    try (Node node = new Node(data);
        Tab tab = chromium.open(node.address.toString())) {
      String origin = node.address.getScheme() + "://" + node.address.getAuthority();
      BothFaces faces = new BothFaces(data, key, origin, new Walk(tab, origin));
      faces.addedOnThePage();
      faces.addedInTheTerminal();
    }
  }

  private void addedOnThePage() throws Exception {
    walk.go("/create")
        .type("email", "alice@example.org")
        .type("password", PASSWORD)
        .type("repeated", PASSWORD)
        .click("Create account")
        .see(ACCOUNT);
    walk.go("/keys/add")
        .type("name", "page key")
        .click("Next")
        .see("Your security key was successfully registered");
    terminal("Signed in as alice@example.org", "sign-in", "alice@example.org", "--key", key);
    System.out.println("a key added at " + origin + " signs in in the terminal");
  }

  private void addedInTheTerminal() throws Exception {
    terminal("Signed in as bob@example.org", "create", "bob@example.org");
    terminal(
        "Your security key was successfully registered", "add-key", "terminal key", "--key", key);
    walk.go("/account").click("Sign out").see(SIGN_IN);
    walk.type("email", "bob@example.org")
        .type("password", PASSWORD)
        .click(SIGN_IN)
        .see(ACCOUNT);
    walk.go("/history").words("signed in with security key");
    System.out.println("a key added in the terminal signs in at " + origin);
  }

  private void terminal(String expected, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        System.getProperty("u2f.classpath"),
        "org.u2f4j.examples.U2f",
        "account"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--data", data.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write((PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0 || !said.contains(expected)) {
      throw new Check.Failure("u2f account %s: %s".formatted(List.of(arguments), said));
    }
  }
}
