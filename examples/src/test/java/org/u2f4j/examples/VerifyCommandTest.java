package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines are made of the examples of FIDO U2F Raw Message Formats, sections 8.1 and 8.2. */
class VerifyCommandTest {
  private static final String CHALLENGE = "vqrS6WXDe1JUs5_c3i4-LkKIHRr-3XVb3azuA5TifHo";
  private static final String APPLICATION_PARAMETER =
      "f0e6a6a97042a4f1f1c87f5f7d44315b2d852c2df5c7991cc66241bf7072d1c4";
  private static final String CHALLENGE_PARAMETER =
      "4142d21c00d94ffb9d504ada8f99b721f4b191ae4e37ca0140f696b6983cfacb";

  private static final String DATA = base64(InspectCommandTest.REGISTRATION);
  private static final String CLIENT_DATA = Base64.getUrlEncoder()
      .withoutPadding()
      .encodeToString(InspectCommandTest.CLIENT_DATA.getBytes(StandardCharsets.UTF_8));

  private static final String FULL = """
      "appId":"http://example.com","challenge":"%s","facets":["http://example.com"],\
      "registrationData":"%s","clientData":"%s"\
      """.formatted(CHALLENGE, DATA, CLIENT_DATA);

  private static final String RAW = """
      "applicationParameter":"%s","challengeParameter":"%s","registrationData":"%s"\
      """.formatted(APPLICATION_PARAMETER, CHALLENGE_PARAMETER, DATA);

  private static final String PUBLIC_KEY =
      "04d368f1b665bade3c33a20f1e429c7750d5033660c019119d29aa4ba7abc04aa7"
          + "c80a46bbe11ca8cb5674d74f31f8a903f6bad105fb6ab74aefef4db8b0025e1d";

  private static final String SIGNED =
      """
      "kind":"authentication","publicKey":"%s","signatureData":"%s",\
      "applicationParameter":"4b0be934baebb5d12d26011b69227fa5e86df94e7d94aa2949a89f2d493992ca",\
      "challengeParameter":"ccd6ee2e47baef244d49a222db496bad0ef5b6f93aa7cc4d30c4821b3b9dbc57"\
      """.formatted(PUBLIC_KEY, base64(InspectCommandTest.AUTHENTICATION));

  @TempDir
  Path folder;

  private static String base64(String hex) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(HexFormat.of().parseHex(hex));
  }

  private static String registration(String members) {
    return "{\"kind\":\"registration\"," + members + "}";
  }

  private static Map<String, Object> only(Session session) {
    assertEquals(1, session.out().lines().count(), session.out());
    return session.json();
  }

  @Test
  void unicodesEndsOfLinesAreWrittenOut() {
    Session session = Session.of("{\"id\":\"a\u2028b\u2029c\",\"kind\":\"x\"}\n", "verify");
    assertTrue(session.out().contains("\"a\\u2028b\\u2029c\""), session.out());
  }

  @Test
  void acceptsTheSpecifiedRegistrationInEveryForm() {
    Object[][] cases = {
      {registration(FULL), List.of()},
      {registration(FULL).replace(",\"facets\":[\"http://example.com\"]", ""), List.of()},
      {"{\"id\":\"a\",\"kind\":\"registration\",\"x\":[{}],\"inputs\":{" + FULL + "}}", List.of()},
      {registration(FULL + "," + RAW.replaceFirst(",\"registrationData.*", "")), List.of()},
      {registration(RAW), List.of("type", "challenge", "origin")},
      {registration(RAW.replace("f0e6a6", "F0E6A6")), List.of("type", "challenge", "origin")},
      {
        "{\"kind\":\"registration-parse\",\"registrationData\":\"" + DATA + "\"}",
        List.of("type", "challenge", "origin", "signature", "trust")
      },
    };
    for (Object[] row : cases) {
      Session session = Session.of((String) row[0], "verify");
      assertEquals(0, session.exit(), session.out());
      Map<String, Object> result = only(session);
      assertEquals("accept", result.get("result"));
      assertEquals(row[1], result.get("leftOut"), (String) row[0]);
      assertEquals(InspectCommandTest.REGISTRATION.substring(2, 132), result.get("publicKey"));
      Map<?, ?> attestation = (Map<?, ?>) result.get("attestation");
      assertEquals("CN=Gnubby Pilot", attestation.get("issuer"));
      assertEquals("2012-08-14T18:29:32Z", attestation.get("notBefore"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"appId\":\"http://example.com\"' | '\"appId\":\"http://example.org\"' | WRONG_SIGNATURE",
        "'challenge\":\"vqrS' | 'challenge\":\"vqrT' | WRONG_CHALLENGE",
        "'facets\":[\"http://example.com\"' | 'facets\":[\"http://example.com/\"' | WRONG_ORIGIN",
        "'facets\":[\"http://example.com\"' | 'facets\":[' | UNREADABLE",
        "'facets\":[\"http://example.com\"]' | 'facets\":\"http://example.com\"' | UNREADABLE",
        "'facets\":[\"http://example.com\"' | 'facets\":[1' | UNREADABLE",
        "'\"challenge\":\"' | '\"challengf\":\"' | UNREADABLE",
        "'\"challenge\":\"' | '\"challenge\":1,\"x\":\"' | UNREADABLE",
        "'\"appId\":\"' | '\"appId\":null,\"x\":\"' | UNREADABLE",
        "'\"appId\":\"' | '\"appId\":\"x\",\"appId\":\"' | UNREADABLE",
        "'\"registrationData\":\"BQ' | '\"registrationData\":\"BA' | MALFORMED",
        "'\"registrationData\":\"BQ' | '\"registrationData\":\" BQ' | MALFORMED",
        "'\"registrationData\":\"BQ' | '\"registrationData\":\"+/' | MALFORMED",
        "'\"registrationData\":\"' | '\"registrationDatb\":\"' | UNREADABLE",
        "'\"clientData\":\"eyJ0' | '\"clientData\":\"eyJ1' | MALFORMED",
        "'\"clientData\":\"' | '\"challengeParameter\":\"' | UNREADABLE",
        "'registration\",' | 'registration\",\"applicationParameter\":\"00\",' | MALFORMED",
        "'registration\",' | 'registration\",\"applicationParameter\":7,' | UNREADABLE",
        "'\"registration\"' | '\"authentication\"' | UNREADABLE",
        "'\"registration\"' | '\"REGISTRATION\"' | UNREADABLE",
        "'\"kind\":' | '\"kint\":' | UNREADABLE",
        "'{\"kind\"' | '[{\"kind\"' | UNREADABLE",
        "'{\"kind\"' | '{\"id\":true,\"kind\"' | UNREADABLE",
        "'{\"kind\"' | '{\"id\":1.5,\"kind\"' | UNREADABLE",
        "'{\"kind\"' | '{\"inputs\":[],\"kind\"' | UNREADABLE",
      })
  void rejectsALineThatIsChanged(String from, String to, String reason) {
    String line = registration(FULL).replace(from, to);
    assertFalse(line.equals(registration(FULL)), from);
    Session session = Session.of(line, "verify");
    Map<String, Object> result = only(session);
    assertEquals("reject", result.get("result"));
    assertEquals(reason, result.get("reason"), session.out());
    assertEquals(reason.equals("UNREADABLE") ? 4 : 1, session.exit());
    assertFalse(session.out().contains("mistake"), session.out());
  }

  @Test
  void namesTheHashThatContradicts() {
    String zeros = "0".repeat(64);
    for (String name : List.of("applicationParameter", "challengeParameter")) {
      String line = registration(FULL + ",\"" + name + "\":\"" + zeros + "\"");
      Session session = Session.of(line, "verify");
      assertEquals(1, session.exit());
      assertEquals("CONTRADICTION", session.json().get("reason"));
      assertTrue(session.json().get("detail").toString().contains(name), session.out());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "null, 0, FIRST",
    "0, 0, ADVANCED",
    "1, 1, COUNTER_REFUSED",
    "2, 1, COUNTER_REFUSED",
    "4294967295, 1, COUNTER_REFUSED",
    "4294967296, 4, UNREADABLE",
    "-1, 4, UNREADABLE",
    "0.0, 4, UNREADABLE",
    "1e3, 4, UNREADABLE",
    "99999999999999999999, 4, UNREADABLE",
    "\"0\", 4, UNREADABLE",
  })
  void judgesTheCounter(String stored, int exit, String said) {
    Session session = Session.of("{" + SIGNED + ",\"storedCounter\":" + stored + "}", "verify");
    assertEquals(exit, session.exit(), session.out());
    Map<String, Object> result = only(session);
    assertEquals(said, result.get(exit == 0 ? "counterVerdict" : "reason"));
    assertEquals(exit == 4, session.out().contains("\\\"storedCounter\\\" is "), session.out());
    if (exit == 0) {
      assertEquals(1, result.get("counter"));
      assertEquals(true, result.get("userPresent"));
      assertEquals(List.of("type", "challenge", "origin", "keyHandle"), result.get("leftOut"));
    }
  }

  @Test
  void refusesAPublicKeyThatIsNotOnTheCurve() {
    String line = "{" + SIGNED.replace("5e1d\"", "5e1e\"") + "}";
    assertEquals("MALFORMED", Session.of(line, "verify").json().get("reason"));
    String other = "{" + SIGNED.replace("ccd6ee", "ccd6ef") + "}";
    assertEquals("WRONG_SIGNATURE", Session.of(other, "verify").json().get("reason"));
  }

  @Test
  void namesLinesAndPassesOverBlankOnes() {
    String input = "\uFEFF" + registration(FULL).replace("{\"kind", "{\"id\":\"\u00e9\",\"kind")
        + "\r\n\r\n \t\n"
        + "{\"id\":12345678901,\"kind\":\"x\"}\n"
        + "no\n"
        + "\u0000\n"
        + "x".repeat(2_000_000)
        + "\n"
        + registration(FULL);
    Session session = Session.of(input, "verify");
    assertEquals(4, session.exit());
    List<String> lines = session.out().lines().toList();
    assertEquals(6, lines.size(), session.out());
    assertTrue(lines.get(0).startsWith("{\"id\":\"\u00e9\",\"line\":1,\"result\":\"accept\""));
    assertTrue(lines.get(1).startsWith("{\"id\":12345678901,\"line\":4,\"result\":\"reject\""));
    assertTrue(lines.get(2).startsWith("{\"id\":5,\"line\":5,"));
    assertTrue(lines.get(4).contains("a line has at most 65536 bytes"), lines.get(4));
    assertTrue(lines.get(5).startsWith("{\"id\":8,\"line\":8,\"result\":\"accept\""));
    assertTrue(
        session.err().startsWith("6 lines: 2 accepted, 0 rejected, 4 unreadable; "), session.err());
  }

  @Test
  void takesALineOfTheGreatestLengthAndNoLongerOne() {
    String line = registration(FULL + ",\"x\":\"\"");
    String fits = line.replace("\"x\":\"", "\"x\":\"" + "y".repeat(65_536 - line.length()));
    assertEquals(0, Session.of(fits, "verify").exit());
    assertEquals(0, Session.of(fits + "\n", "verify").exit());
    assertEquals(4, Session.of(fits.replace("yy", "yyy"), "verify").exit());
  }

  @Test
  void anEmptyInputIsDone() {
    for (String input : List.of("", "\n", "\uFEFF")) {
      Session session = Session.of(input, "verify", "-");
      assertEquals(0, session.exit(), session.out());
      assertEquals("", session.out());
      assertTrue(session.err().startsWith("0 lines"), session.err());
    }
  }

  @Test
  void keepsTheOrder() {
    StringBuilder input = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      // slow and fast ones by turns
      input.append(i % 7 == 0 ? registration(RAW) : "{\"kind\":\"x\"}").append('\n');
    }
    List<String> lines = Session.of(input.toString(), "verify").out().lines().toList();
    assertEquals(1_000, lines.size());
    for (int i = 0; i < 1_000; i++) {
      String result = i % 7 == 0 ? "accept" : "reject";
      String start = "{\"id\":%s,\"line\":%s,\"result\":\"%s\"".formatted(i + 1, i + 1, result);
      assertTrue(lines.get(i).startsWith(start), lines.get(i));
    }
  }

  @Test
  @Timeout(60)
  void answersALineBeforeTheNextOneComes() throws Exception {
    PipedOutputStream person = new PipedOutputStream();
    PipedInputStream in = new PipedInputStream(person);
    PipedInputStream screen = new PipedInputStream();
    PrintStream out = new PrintStream(
        new BufferedOutputStream(new PipedOutputStream(screen)), false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    CompletableFuture<Exit> run = CompletableFuture.supplyAsync(
        () -> U2f.run(new String[] {"verify"}, new Terminal(in, out, err, "", false)));
    BufferedReader results =
        new BufferedReader(new InputStreamReader(screen, StandardCharsets.UTF_8));
    for (int i = 1; i <= 3; i++) {
      person.write((registration(RAW) + "\n").getBytes(StandardCharsets.UTF_8));
      person.flush();
      String result = results.readLine();
      assertTrue(result.startsWith("{\"id\":" + i + ","), result);
    }
    person.close();
    assertEquals(Exit.DONE, run.get());
  }

  @Test
  void trustsWhomItIsTold() throws Exception {
    byte[] certificate =
        HexFormat.of().parseHex(InspectCommandTest.REGISTRATION.substring(262, 902));
    Path root = Files.write(folder.resolve("root.der"), certificate);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    String line = registration(RAW);
    Object[][] cases = {
      {Session.of(line, "verify"), 0, "\"trust\":\"UNKNOWN\""},
      {Session.of(line, "verify", "--roots", root.toString()), 0, "\"trust\":\"EXPIRED\""},
      {
        Session.of(line, "verify", "--roots", root.toString(), "--allow-expired-attestation"),
        0,
        "\"trust\":\"TRUSTED\""
      },
      {
        Session.of(line, "verify", "--roots", root.toString(), "--require-trust"),
        1,
        "\"EXPIRED_ATTESTATION\""
      },
      {Session.of(line, "verify", "--roots", empty.toString()), 4, ""},
      {Session.of(line, "verify", "--roots", "/nowhere"), 4, ""},
      {Session.of(line, "verify", "--require-trust"), 2, ""},
      {Session.of(line, "verify", "--allow-stale-metadata"), 2, ""},
      {Session.of(line, "verify", "--metadata", root.toString()), 4, ""},
    };
    for (Object[] row : cases) {
      Session session = (Session) row[0];
      assertEquals(row[1], session.exit(), session.err());
      assertTrue(session.out().contains((String) row[2]), session.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "jdk", "bouncy-castle", "best"})
  void takesAnEngine(String name) {
    assertEquals(0, Session.of(registration(RAW), "verify", "--engine", name).exit());
    String wrong = registration(RAW.replace("f0e6", "f0e7"));
    assertEquals(1, Session.of(wrong, "verify", "--engine", name).exit());
  }

  @ParameterizedTest
  @CsvSource({"auto, the one that starts fastest", "jdk, chosen by --engine"})
  void saysWhichEngineItWasAndWhy(String name, String why) {
    Session session = Session.of(registration(RAW), "verify", "--engine", name);
    assertTrue(session.err().matches("(?s).*; engine: SunEC \\d+: " + why + "\n"), session.err());
  }

  @Test
  void changesTheEngineInALongInput() {
    Session session = Session.of((registration(RAW) + "\n").repeat(310), "verify");
    assertEquals(0, session.exit());
    assertTrue(session.err().contains("engine: Bouncy Castle"), session.err());
    assertEquals(2, Session.of("", "verify", "--engine", "steam").exit());
  }

  @Test
  void tellsAFileThatIsNotThere() {
    Session session = Session.of("", "verify", folder.resolve("none").toString());
    assertEquals(4, session.exit());
    assertTrue(session.err().contains("there is no "), session.err());
    assertEquals(4, Session.of("", "verify", folder.toString()).exit());
  }

  /** Whatever bytes come: one result for each line, and none that is the program's mistake. */
  @Test
  void livesThroughAnything() {
    Random random = new Random(20261122);
    List<String> seeds = List.of(registration(FULL), registration(RAW), "{" + SIGNED + "}");
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    int expected = 0;
    for (int i = 0; i < 3_000; i++) {
      byte[] line = seeds.get(i % seeds.size()).getBytes(StandardCharsets.UTF_8);
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(line.length);
        line[at] = random.nextBoolean()
            ? (byte) random.nextInt(256)
            : (byte) "\"{}[],:0-".charAt(random.nextInt(9));
        if (line[at] == '\n') {
          line[at] = ' ';
        }
      }
      input.writeBytes(line);
      input.write('\n');
      expected++;
    }
    Session session = Session.on("", input.toByteArray(), "verify");
    List<String> lines = new ArrayList<>(session.out().lines().toList());
    assertEquals(expected, lines.size());
    for (String line : lines) {
      assertNotNull(new Session(0, line, "").json().get("result"));
      assertFalse(line.contains("mistake"), line);
    }
  }
}
