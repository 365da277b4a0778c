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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  private static final Pattern SHOWN =
      Pattern.compile("<pre>\\{@code\\n(.*?)\\* }</pre>", Pattern.DOTALL);

  /** A class around some lines, with what they take for granted. */
  private static final String IN_SCOPE = """
      import java.nio.file.*; import java.security.cert.X509Certificate; import java.time.*;
      import org.u2f4j.*; import org.u2f4j.apdu.*; import org.u2f4j.client.*; import org.u2f4j.hid.*;
      import org.u2f4j.hid.token.*; import org.u2f4j.json.*; import org.u2f4j.message.*; import org.u2f4j.soft.*;
      import org.u2f4j.verifier.*; import org.u2f4j.verifier.jdbc.*; import org.u2f4j.verifier.metadata.*;
      import org.u2f4j.verifier.webauthn.*;
      abstract class Shown%s {
        AppId appId; RelyingParty relyingParty; RegistrationStore store; AttestationTrust trust; javax.sql.DataSource dataSource;
        String account, responseJson, name, displayName, origin, keyHandle, publicKey; Bytes userHandle; long counter;
        X509Certificate certificate; U2fClient client; RegisterRequest request; Deadline deadline;
        CtapHidDevice.Listener listener;
        abstract Appendable fileOf(HidKey key);
        void run() throws Exception { // %s
      %s
        }
      }
      """;

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

  @Test
  void whatTheJavadocShowsCompiles() throws Exception {
    List<String> files = new ArrayList<>();
    for (String module : List.of("u2f-core", "u2f-hid", "u2f-verifier")) {
      try (Stream<Path> sources = Files.walk(Path.of("..", module, "src", "main", "java"))) {
        for (Path source :
            sources.filter(path -> path.toString().endsWith(".java")).toList()) {
          Matcher shown = SHOWN.matcher(Files.readString(source));
          while (shown.find()) {
            String code = shown.group(1).replaceAll("(?m)^ *\\* ?", "");
            if (!code.contains("const ")) { // a page's
              files.add("Shown" + files.size() + ".java");
              Files.writeString(
                  folder.resolve(files.get(files.size() - 1)),
                  IN_SCOPE.formatted(files.size() - 1, source.toString().replace('\\', '/'), code));
            }
          }
        }
      }
    }
    assertEquals(9, files.size());
    files.addAll(0, List.of("javac", "-proc:none", "-d", "."));
    assertEquals("", run(files.get(0), files.subList(1, files.size()).toArray(String[]::new)));
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
