package org.u2f4j.examples;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.u2f4j.examples.account.AccountSettings;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.web.PublicUrl;
import org.u2f4j.examples.web.WebServer;

/**
 * Runs every command once, so that the launcher can store the classes that they load. Never seen by
 * the person.
 */
final class Training {
  private static final String ORIGIN = "https://training.example";

  private Training() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("u2f-training");
    try {
      train(folder.resolve("key").toString());
      account(folder.resolve("account.key").toString(), folder.toString());
      web(folder);
    } finally {
      List<Path> all = new ArrayList<>();
      try (var files = Files.list(folder)) {
        files.forEach(all::add);
      }
      all.add(folder);
      for (Path path : all) {
        Files.delete(path);
      }
    }
    U2f.main(new String[] {"--version"});
  }

  private static void train(String key) {
    run("", "--help");
    run("", "demo");
    run("", "demo", "--json");
    run("", "sing");
    run("", "keys"); // looks for them, and opens none
    String request = """
        {"version":"U2F_V2","challenge":"AAAA","appId":"%s"%s}""";
    String response = run(
        request.formatted(ORIGIN, ""),
        "register",
        "--origin",
        ORIGIN,
        "--soft",
        key,
        "--touch",
        "1");
    run(response, "inspect");
    run(
        response.replaceFirst(
            "[{]",
            "{\"kind\":\"registration\",\"challenge\":\"AAAA\",\"appId\":\"%s\","
                .formatted(ORIGIN)),
        "verify",
        "--engine",
        "best");
    String state = key + "-state";
    String asked = run("", "serve-register", "start", "--state", state, "--app-id", ORIGIN);
    String answered = run(asked, "register", "--origin", ORIGIN, "--soft", key);
    run(answered, "serve-register", "finish", "--state", state);
    run(
        request.formatted(ORIGIN, ",\"keyHandle\":\"AAAA\""),
        "sign",
        "--origin",
        ORIGIN,
        "--soft",
        key,
        "--trace",
        key + "-trace",
        "--json");
  }

  private static void account(String key, String data) {
    run("training password\n", "account", "create", "me@training.example", "--data", data);
    run("", "account", "add-key", "key", "--soft", key, "--touch", "1", "--data", data);
    run(
        "training password\n",
        "account",
        "sign-in",
        "me@training.example",
        "--soft",
        key,
        "--data",
        data);
    run("", "account", "keys", "--data", data);
    run("", "account", "history", "--json", "--data", data);
  }

  private static void web(Path data) throws IOException {
    run("", "web", "--port", "-1", "--data", data.toString());
    try (WebServer server = WebServer.bind(InetAddress.getLoopbackAddress(), 0);
        Accounts accounts = Accounts.open(AccountSettings.in(data))) {
      server.start(accounts, PublicUrl.localhost(server.port()), problem -> {});
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        String request = "GET /sign-in HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n"
            .formatted(server.port());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().readAllBytes();
      }
    }
  }

  private static String run(String in, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    U2f.run(
        args,
        new Terminal(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            stream,
            nowhere,
            "2",
            true));
    stream.flush();
    return out.toString(StandardCharsets.UTF_8);
  }
}
