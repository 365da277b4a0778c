package org.u2f4j.examples;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.AccountSettings;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.account.DatabaseException;
import org.u2f4j.examples.web.PublicUrl;
import org.u2f4j.examples.web.WebServer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f web}: the account's page. */
final class WebCommand implements Command {
  private static final int PORT = 8642;
  private static final int LAST_PORT = 65_535;

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        "web",
        "Shows an account with two-factor authentication in the browser",
        "Serves the pages of an account that a password and a security key protect, until Ctrl-C:"
            + " sign in, add keys, use an authenticator app or a recovery code instead, look at"
            + " devices and history. It prints the address to open. \"u2f account\" has the same"
            + " accounts. Several processes behind one name are given the same --public-url, database"
            + " and key file; with https, they take the last address in X-Forwarded-For for the"
            + " browser's.",
        "%nExamples:",
        "  u2f web",
        "  u2f web --port 9000",
        "  u2f web --public-url https://account.example.org \\",
        "    --database \"jdbc:postgresql://db.example.org/accounts?user=web\"");
    spec.addOption(Command.option(
            Integer.class,
            "N",
            "Listen on port N; 0 is any that is free. Default: " + PORT + ".",
            "--port")
        .build());
    spec.addOption(Command.option(
            String.class,
            "ADDRESS",
            "Listen on ADDRESS. Default: this computer alone can reach it. All others need"
                + " --public-url, and a server in front of this one that speaks HTTPS.",
            "--host")
        .build());
    AccountOptions.add(spec);
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure, InterruptedException {
    int port = options.matchedOptionValue("--port", PORT);
    if (port < 0 || port > LAST_PORT) {
      throw new Failure(Exit.USAGE, "--port is 0 to " + LAST_PORT + ", not " + port);
    }
    @Nullable PublicUrl given = AccountOptions.publicUrl(options);
    InetAddress host = host(options);
    if (!host.isLoopbackAddress() && (given == null || !given.secure())) {
      throw new Failure(
          Exit.USAGE,
          "others can reach --host %s, so --public-url has to say the https address of the server in front of this one"
              .formatted(host.getHostAddress()));
    }
    AccountSettings settings = AccountOptions.settings(options);
    boolean debug = Command.has(options, "--debug");
    return Interruption.interruptible(() -> {
      try (WebServer server = bind(host, port)) {
        PublicUrl url = given == null ? PublicUrl.localhost(server.port()) : given;
        serve(server, url, settings, terminal, debug);
      }
      return Exit.DONE;
    });
  }

  private static InetAddress host(ParseResult options) throws Failure {
    @Nullable String text = options.matchedOptionValue("--host", null);
    try {
      return text == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new Failure(
          Exit.USAGE, "--host is an address of this computer, not \"" + text + "\"", e);
    }
  }

  private static WebServer bind(InetAddress host, int port) throws Failure {
    try {
      return WebServer.bind(host, port);
    } catch (BindException e) {
      throw new Failure(
          Exit.ITSELF,
          "port %s of %s cannot be had (%s): perhaps another \"u2f web\" runs; --port 0 takes one that is free"
              .formatted(port, host.getHostAddress(), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new Failure(Exit.ITSELF, "this computer does not listen: " + e.getMessage(), e);
    }
  }

  private static void serve(
      WebServer server, PublicUrl url, AccountSettings settings, Terminal terminal, boolean debug)
      throws Failure, InterruptedException {
    try (Accounts accounts = Accounts.open(settings.withSite(AccountOptions.site(url)))) {
      server.start(accounts, url, problem -> {
        terminal.say("u2f web: a request failed: " + problem.getMessage());
        if (debug) {
          terminal.say(problem);
        }
      });
      terminal.out().println(url.origin() + "/");
      terminal.out().flush();
      terminal.say("Open this address in a browser. Ctrl-C ends.");
      while (true) {
        TimeUnit.HOURS.sleep(1);
        sweep(accounts, terminal);
      }
    } catch (IOException e) {
      throw new Failure(Exit.ITSELF, Terminal.reason(e), e);
    }
  }

  private static void sweep(Accounts accounts, Terminal terminal) {
    try {
      accounts.sweep();
    } catch (DatabaseException e) {
      terminal.say("u2f web: what has expired is kept for now: " + e.getMessage());
    }
  }
}
