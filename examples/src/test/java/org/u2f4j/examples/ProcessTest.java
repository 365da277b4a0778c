package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show. */
@DisabledOnOs(OS.WINDOWS)
class ProcessTest {
  @TempDir
  Path folder;

  private static ProcessBuilder command(String... args) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", // as the launchers do: SQLite and hid4java are native
        "-cp",
        System.getProperty("java.class.path"),
        "org.u2f4j.examples.U2f"));
    command.addAll(List.of(args));
    return ChildEnvironment.clean(command);
  }

  @Test
  void ctrlCEndsTheWait() throws Exception {
    Process process = command(
            "register",
            "--origin",
            "https://example.com",
            "--touch",
            "no",
            "--soft",
            folder.resolve("key").toString())
        .start();
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write("{\"challenge\":\"AAAA\"}");
    }
    BufferedReader err =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    String prompt = err.readLine();
    assertTrue(prompt.matches("Touch your key\\.\\.\\. \\d+ s"), prompt);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(130, process.exitValue());
    assertEquals(0, err.lines().count());
    assertEquals(0, process.getInputStream().readAllBytes().length);
  }

  @Test
  void ctrlCWhileAnAccountWaitsForAKeyAddsNone() throws Exception {
    String data = folder.resolve("data").toString();
    String key = folder.resolve("key").toString();
    assertEquals(
        "Signed in as ",
        account("correct horse battery\n", "create", "alice@example.org", "--data", data)
            .substring(0, 13));
    Process process = command(
            "account", "add-key", "blue key", "--soft", key, "--touch", "no", "--data", data)
        .start();
    String prompt = process.errorReader(StandardCharsets.UTF_8).readLine();
    assertTrue(prompt.matches("Touch your key\\.\\.\\. \\d+ s"), prompt);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(130, process.exitValue());
    assertEquals("", account("", "keys", "--json", "--data", data));
    account("", "add-key", "blue key", "--soft", key, "--data", data);
    assertEquals(1, account("", "keys", "--json", "--data", data).lines().count());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutHomeTheFolderForDataIsThatOfTheSystemsUser() throws Exception {
    ProcessBuilder builder = command("account", "status");
    builder.command().add(1, "-Duser.home=" + folder); // what Java has learnt from the system
    builder.environment().keySet().removeAll(List.of("HOME", "XDG_DATA_HOME", "U2F_DATABASE"));
    Process process = builder.start();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(
        err.contains(" in " + folder.resolve(".local/share/u2f4j/accounts.db") + " yet"), err);
    assertEquals(1, process.waitFor());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aWeakPasswordIsRefusedBeforeItHasToBeTypedAgain() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "it makes a terminal");
    ProcessBuilder typist = command(
        "account",
        "create",
        "alice@example.org",
        "--data",
        folder.resolve("data").toString());
    typist.command().add(1, "-Du2f.terminals=012");
    String line = String.join(" ", typist.command());
    typist.command(List.of("/usr/bin/script", "-qec", line, "/dev/null"));
    Process process = typist.start();
    try (var typed = process.outputWriter(StandardCharsets.UTF_8)) {
      typed.write("short\nshort\n");
    }
    String seen = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(4, process.waitFor(), seen); // since nothing more is typed
    assertTrue(seen.contains("New password, 10 characters or more: "), seen);
    assertTrue(seen.contains("Choose a password of 10 to 128 characters"), seen);
    assertFalse(seen.contains("The same again"), seen);
  }

  private static String account(String in, String... args) throws Exception {
    List<String> all = new ArrayList<>(List.of("account"));
    all.addAll(List.of(args));
    Process process = command(all.toArray(String[]::new))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try (var typed = process.outputWriter(StandardCharsets.UTF_8)) {
      typed.write(in);
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out;
  }

  @Test
  void aReaderThatGoesAwayIsNoMistake() throws Exception {
    Process process = command("demo").start();
    process.getInputStream().close();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("", err);
    assertEquals(141, process.waitFor());
  }

  @Test
  void aReaderOfResultsThatGoesAwayEndsAnEndlessInput() throws Exception {
    Process process = command("verify").start();
    process.getInputStream().close();
    CompletableFuture<Void> endless = CompletableFuture.runAsync(() -> {
      try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
        while (true) {
          in.write("{}\n");
        }
      } catch (IOException e) {
        // it has ended
      }
    });
    assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(141, process.waitFor());
    endless.get(1, TimeUnit.MINUTES);
  }

  @Test
  void ctrlCEndsAWaitForLines() throws Exception {
    Process process = command("verify").start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    var in = process.outputWriter(StandardCharsets.UTF_8);
    in.write("{}\n");
    in.flush();
    String first = out.readLine();
    assertTrue(first.startsWith("{\"id\":1,"), first);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(130, process.exitValue());
    assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void outputThatCannotBeWrittenIsTold() throws Exception {
    Process process =
        command("inspect", "9000").redirectOutput(new File("/dev/full")).start();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(err.startsWith("u2f: standard output cannot be written: "), err);
    assertEquals(5, process.waitFor());
  }

  @Test
  void exitCodesReachTheShell() throws Exception {
    assertEquals(0, exitCode("--version"));
    assertEquals(1, exitCode("demo", "--json", "--defect", "bad-signature"));
    assertEquals(2, exitCode("demo", "--nonsense"));
    assertEquals(4, exitCode("inspect", "ff"));
  }

  private static int exitCode(String... args) throws Exception {
    return command(args)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD) // a pipe that nobody reads gets full
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
