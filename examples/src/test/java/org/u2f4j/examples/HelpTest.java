package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The examples are typed into a shell, in their order. */
@DisabledOnOs(OS.WINDOWS)
class HelpTest {
  @TempDir
  Path folder;

  /** What the examples print; they say nothing on standard error. */
  private String typed(String script) throws Exception {
    String out = run(script);
    assertEquals("", Files.readString(folder.resolve("err")), script);
    return out;
  }

  private String run(String script) throws Exception {
    ProcessBuilder shell = ChildEnvironment.clean(List.of(
        "sh",
        "-c",
        "u2f() { \"$JAVA\" -XX:TieredStopAtLevel=1 org.u2f4j.examples.U2f \"$@\"; }\n" + script));
    shell.environment().put("JAVA", System.getProperty("java.home") + "/bin/java");
    shell.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    shell.directory(folder.toFile());
    shell.redirectError(folder.resolve("err").toFile());
    Process process = shell.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }

  private static String examples(String command) {
    Matcher examples = Pattern.compile("\nExamples[^\n]*\n((  [^\n]*\n)+)")
        .matcher(Session.of("", command, "--help").out());
    assertTrue(examples.find(), command);
    return examples.group(1);
  }

  @Test
  void registerAndSign() throws Exception {
    String out = typed(examples("register") + examples("sign"));
    assertEquals(
        2, out.lines().filter(line -> line.contains("\"signatureData\"")).count(), out);
    assertEquals(
        2, out.lines().filter(line -> line.startsWith("{\"registrationData\"")).count(), out);
  }

  @Test
  void verify() throws Exception {
    typed(examples("register"));
    String out = run(examples("verify"));
    assertEquals(
        2, out.lines().filter(line -> line.contains("\"result\":\"accept\"")).count(), out);
    assertEquals(2, Files.readAllLines(folder.resolve("err")).size()); // the summaries
  }

  @Test
  void serveRegisterAndServeSign() throws Exception {
    String out = typed(examples("serve-register") + examples("serve-sign"));
    assertTrue(out.startsWith("Registered: me ") && out.contains("\nSigned in: me "), out);
  }

  @Test
  void inspect() throws Exception {
    String out = typed(examples("inspect"));
    assertEquals(3, out.lines().filter(line -> line.startsWith("Taken for ")).count(), out);
  }

  @Test
  void readme() throws Exception {
    Matcher session = Pattern.compile("```\n(u2f serve.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Path.of("..", "README.md")));
    assertTrue(session.find());
    assertTrue(typed(session.group(1)).contains("Signed in: me at https://example.com."));
  }
}
