package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
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
    assertTrue(prompt.matches("Touch your key \\(\\d+ s left\\)"), prompt);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(130, process.exitValue());
    assertEquals(0, err.lines().count());
    assertEquals(0, process.getInputStream().readAllBytes().length);
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
