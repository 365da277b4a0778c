package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.examples.account.Codes;
import org.u2f4j.examples.account.Postgres;

/**
 * Terminal sessions as text: "$" is a command line, "tty$" one on a terminal, where a person waits, "&gt;" what is typed to it, the rest what is seen,
 * with whatever differs from run to run named. {code} is what the authenticator app shows, {code+1} what
 * it shows next, {same} what was typed before, {recovery 1} the first of the latest recovery codes.
 */
@DisabledOnOs(OS.WINDOWS)
class AccountSessionTest {
  private static final Pattern SECRET = Pattern.compile("\\b[A-Z2-7]{32}\\b");
  private static final Pattern RECOVERY = Pattern.compile("\\b([0-9A-Z]{5}-){3}[0-9A-Z]{5}\\b");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir
  Path folder;

  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private String same = "";
  private List<String> database = List.of();

  @ParameterizedTest
  @ValueSource(strings = {"journey", "unhappy", "devices", "terminal", "factors"})
  void whatAPersonSees(String name) throws Exception {
    play(name);
  }

  @Test
  void onPostgresqlAPersonSeesTheSame() throws Exception {
    database = List.of("--database", Postgres.emptySchema());
    play("journey");
  }

  private void play(String name) throws Exception {
    Files.writeString(folder.resolve("password.txt"), "correct horse battery\n");
    String script;
    try (InputStream in =
        AccountSessionTest.class.getResourceAsStream("account-" + name + ".txt")) {
      script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(script, played(script));
  }

  /** The same script with what was seen this time. */
  private String played(String script) throws Exception {
    StringBuilder played = new StringBuilder();
    Deque<String> lines = new ArrayDeque<>(script.lines().toList());
    while (!lines.isEmpty()) {
      String line = lines.remove();
      if (line.startsWith("#") || line.isEmpty()) {
        played.append(line).append('\n');
      } else if (line.startsWith("$ ") || line.startsWith("tty$ ")) {
        played.append(line).append('\n');
        Deque<String> typed = new ArrayDeque<>();
        while (!lines.isEmpty() && lines.peek().startsWith(">")) {
          played.append(lines.peek()).append('\n');
          typed.add(lines.remove().substring(1).strip());
        }
        played.append(run(line, typed));
      } // else it was seen last time
    }
    return played.toString();
  }

  private String run(String line, Deque<String> typed) throws Exception {
    List<String> args = new ArrayList<>();
    String terminals = line.startsWith("tty") ? "02" : "";
    Matcher word = WORD.matcher(line.substring(line.indexOf('$') + 2));
    while (word.find()) {
      String plain = word.group(1) == null ? word.group(2) : word.group(1);
      args.add(plain.matches("\\S+\\.(key|txt)") ? folder.resolve(plain).toString() : plain);
    }
    if (args.get(0).equals("cp")) {
      Files.copy(Path.of(args.get(1)), Path.of(args.get(2)), StandardCopyOption.COPY_ATTRIBUTES);
      return "";
    }
    args.addAll(List.of("--data", folder.resolve("data").toString()));
    args.addAll(database);
    int before = seen.toString(StandardCharsets.UTF_8).length();
    PrintStream both = new PrintStream(seen, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(new Typing(typed, !terminals.isEmpty()), both, both, terminals, false);
    Exit exit =
        U2f.run(args.subList(1, args.size()).toArray(String[]::new), terminal, new PluggedKeys());
    both.flush();
    String text = shown(seen.toString(StandardCharsets.UTF_8).substring(before));
    return text + (exit == Exit.DONE ? "" : "[exit code " + exit.code + "]\n");
  }

  private String shown(String text) {
    return text.replace(folder.toString() + "/", "")
        .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d", "TIME")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
        .replaceAll("(?m)(^[█▀▄ ]+\n)+", "(QR code)\n")
        .replaceAll(SECRET.pattern(), "SECRET")
        .replaceAll(RECOVERY.pattern(), "RECOVERY-CODE")
        .replaceAll("terminal of .+ on " + System.getProperty("os.name"), "this terminal")
        .replaceAll("\\d+ s\\b", "N s")
        .replaceAll("((\\w+ your key\\.\\.\\.[^\\r\\n]* N s) [|/\\\\-]\n?\\r +\\r)+", "$2\n")
        .replaceAll("(?<=\\S) {2,}", "  ")
        .replaceAll("(?m) +$", "");
  }

  /** Types a line when it is read, not before: it may be a code that was shown just then. */
  @SuppressWarnings("InputStreamSlowMultibyteRead") // a line is read byte by byte anyway
  private final class Typing extends InputStream {
    private final Deque<String> lines;
    private final boolean echo;
    private byte[] line = {};
    private int at;

    Typing(Deque<String> lines, boolean echo) {
      this.lines = lines;
      this.echo = echo;
    }

    @Override
    public int available() {
      return line.length - at + lines.size();
    }

    @Override
    public int read() throws IOException {
      if (at == line.length) {
        if (lines.isEmpty()) {
          return -1;
        }
        String typed = lines.remove();
        if (echo) {
          seen.write((typed + "\n").getBytes(StandardCharsets.UTF_8));
        }
        line = (expanded(typed) + "\n").getBytes(StandardCharsets.UTF_8);
        at = 0;
      }
      return line[at++];
    }
  }

  private String expanded(String typed) {
    List<String> secrets = found(SECRET);
    long step = Instant.now().getEpochSecond() / 30;
    String meant = switch (typed) {
      case "{same}" -> same;
      case "{code}" -> Codes.of(secrets.get(secrets.size() - 1), step);
      case "{code+1}" -> Codes.of(secrets.get(secrets.size() - 1), step + 1);
      case "{recovery 1}" -> found(RECOVERY).get(found(RECOVERY).size() - 10);
      default -> typed;
    };
    same = meant.equals(typed) ? same : meant;
    return meant;
  }

  private List<String> found(Pattern pattern) {
    return pattern
        .matcher(seen.toString(StandardCharsets.UTF_8))
        .results()
        .map(MatchResult::group)
        .toList();
  }
}
