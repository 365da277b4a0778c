package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir
  Path folder;

  @Test
  void theProgramInTheReadmeCompilesAndRunsAsItStands() throws Exception {
    Matcher program = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Path.of("..", "README.md")));
    assertEquals(true, program.find(), "README.md has a Java program");
    Files.writeString(folder.resolve("Example.java"), program.group(1));

    assertEquals("", run("javac", "-Xlint:all", "-d", ".", "Example.java"));
    assertEquals(
        "alice registered a key; its attestation is UNKNOWN\nalice signed in; the counter is first, 1\n",
        run("java", "Example"));
  }

  @Test
  void whatItSaysOfKeysOnUsbCompilesInThatProgram() throws Exception {
    Matcher programs = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Path.of("..", "README.md")));
    assertEquals(true, programs.find(), "README.md has a Java program");
    String program = programs.group(1);
    assertEquals(true, programs.find(), "README.md has a part for keys on USB");
    String before = "    RegisterResponse answer =";
    assertEquals(true, program.contains(before));
    Files.writeString(
        folder.resolve("Example.java"),
        "import org.u2f4j.hid.*;\n" + program.replace(before, programs.group(1) + before));
    assertEquals("", run("javac", "-Xlint:all", "-d", ".", "Example.java"));
  }

  /** What a tool of the JDK under test prints, on either stream. */
  private String run(String tool, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = ChildEnvironment.clean(command);
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("CLASSPATH", "." + File.pathSeparator + CLASS_PATH);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    return printed.replace("\r\n", "\n");
  }
}
