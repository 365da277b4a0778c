package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private Process start(String... args) throws Exception {
    return start(Redirect.PIPE, args);
  }

  private Process start(Redirect out, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(
        System.getProperty("java.home") + "/bin/java",
        "-cp",
        System.getProperty("java.class.path"),
        "org.u2f4j.examples.U2f"));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectOutput(out).start();
  }

  @Test
  void ctrlCEndsTheWait() throws Exception {
    Process process = start(
        "register",
        "--origin",
        "https://example.com",
        "--touch",
        "no",
        "--soft",
        folder.resolve("key").toString());
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write("{\"challenge\":\"AAAA\"}");
    }
    BufferedReader err =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    assertEquals("Touch your key (30 s left)", err.readLine());
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    assertEquals(130, process.exitValue());
    assertEquals(0, err.lines().count());
    assertEquals(0, process.getInputStream().readAllBytes().length);
  }

  @Test
  void aReaderThatGoesAwayIsNoMistake() throws Exception {
    Process process = start("demo");
    process.getInputStream().close();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("", err);
    assertEquals(141, process.waitFor());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void outputThatCannotBeWrittenIsTold() throws Exception {
    Process process = start(Redirect.to(new File("/dev/full")), "inspect", "9000");
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(err.startsWith("u2f: standard output cannot be written: "), err);
    assertEquals(5, process.waitFor());
  }

  @Test
  void exitCodesReachTheShell() throws Exception {
    assertEquals(0, start("--version").waitFor());
    assertEquals(1, start("demo", "--json", "--defect", "bad-signature").waitFor());
    assertEquals(2, start("demo", "--nonsense").waitFor());
    assertEquals(4, start("inspect", "ff").waitFor());
  }
}
