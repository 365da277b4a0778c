package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Both sides on one terminal: what one command prints is what the next one reads. */
class ServeCommandTest {
  private static final String ORIGIN = "https://example.com";

  @TempDir
  Path folder;

  private Path state() {
    return folder.resolve("site");
  }

  private Session serve(String verb, String step, String in, String... more) {
    List<String> args = new ArrayList<>(List.of(verb, step, "--state", state().toString()));
    args.addAll(List.of(more));
    return Session.of(in, args.toArray(String[]::new));
  }

  private String client(String verb, String request, String key) {
    Session session = Session.of(
        request, verb, "--origin", ORIGIN, "--soft", folder.resolve(key).toString());
    assertEquals(0, session.exit(), session.err());
    return session.out();
  }

  private String registered(String... more) {
    Session start = serve("serve-register", "start", "", more);
    assertEquals(0, start.exit(), start.err());
    assertEquals("", start.err());
    return client("register", start.out(), "key");
  }

  private String signed(String key) {
    Session start = serve("serve-sign", "start", "");
    assertEquals(0, start.exit(), start.err());
    return client("sign", start.out(), key);
  }

  private static void assertRefused(Session session, String sentence) {
    assertEquals(1, session.exit(), session.err());
    assertEquals("", session.out());
    assertTrue(session.err().contains(sentence), session.err());
  }

  @Test
  void registersAndSignsIn() throws Exception {
    Session finished = serve("serve-register", "finish", registered("--account", "me"));
    assertEquals(0, finished.exit(), finished.err());
    assertEquals("", finished.err());
    assertTrue(
        finished.out().startsWith("Registered: me has a new key for https://example.com.\n"));

    Session in = serve("serve-sign", "finish", signed("key"));
    assertEquals(0, in.exit(), in.err());
    assertTrue(in.out().contains("first, 1"), in.out());
    Session again = serve("serve-sign", "finish", signed("key"), "--json");
    Map<String, Object> result = again.json();
    assertEquals("accept", result.get("result"));
    assertEquals("ADVANCED", result.get("counterVerdict"));
    assertTrue(Files.readString(state()).contains("\"counter\":2,"), Files.readString(state()));
  }

  @Test
  void aResponseCountsOnce() {
    String response = registered();
    assertEquals(0, serve("serve-register", "finish", response).exit());
    assertRefused(serve("serve-register", "finish", response), "was here before");
    String answer = signed("key");
    assertEquals(0, serve("serve-sign", "finish", answer).exit());
    assertRefused(serve("serve-sign", "finish", answer), "\"u2f serve-sign start\" asks anew");
  }

  @Test
  void trustIsForFinishToSay() {
    for (String option : List.of("--require-trust", "--roots=x", "--metadata=x", "--signer=x")) {
      Session start = serve("serve-register", "start", "", option);
      assertEquals(2, start.exit(), option);
      assertTrue(start.err().contains("whom to trust is said to finish"), start.err());
    }
    assertFalse(Files.exists(state()));
  }

  @Test
  void aResponseThatFailsCountsOnceToo() {
    String response = registered();
    String altered = response.replaceFirst("\"registrationData\":\"BQ.{40}", "$0");
    Session wrong = Session.of(
        altered, "serve-register", "finish", "--state", state().toString(), "--roots", "/nowhere");
    assertEquals(4, wrong.exit()); // before anything is taken
    assertEquals(0, serve("serve-register", "finish", response).exit());
  }

  @Test
  void refusesWhatWasNotAsked() throws Exception {
    String response = registered();
    Files.move(state(), folder.resolve("other"));
    assertRefused(serve("serve-register", "finish", response), "nothing was asked");
    assertFalse(Files.exists(state()));
    registered();
    assertRefused(serve("serve-register", "finish", response), "answers nothing that was asked");
    Session empty = serve("serve-register", "finish", "");
    assertEquals(4, empty.exit());
    Session error = serve("serve-register", "finish", "{\"errorCode\":4}", "--json");
    assertEquals(1, error.exit());
    assertEquals("CLIENT_ERROR", error.json().get("reason"));
    assertRefused(serve("serve-sign", "start", ""), "has no key for me yet");
  }

  @Test
  void refusesWhatComesTooLate() throws Exception {
    String response = registered();
    String text = Files.readString(state());
    Files.writeString(
        state(),
        text.replaceAll(
            "\"expiresAt\":\"[0-9]{4}-[0-9-]+T[0-9:]+",
            "\"expiresAt\":\"%sT00:00:00"
                .formatted(java.time.LocalDate.now(java.time.ZoneOffset.UTC))));
    assertRefused(serve("serve-register", "finish", response), "comes too late");
  }

  @Test
  void refusesTheCounterOfACopy() throws Exception {
    assertEquals(0, serve("serve-register", "finish", registered()).exit());
    Files.copy(folder.resolve("key"), folder.resolve("copy"));
    assertEquals(0, serve("serve-sign", "finish", signed("key")).exit());
    Session copied = serve("serve-sign", "finish", signed("copy"), "--json");
    assertEquals(1, copied.exit());
    assertEquals("COUNTER_REFUSED", copied.json().get("reason"));
    assertTrue(Files.readString(state()).contains("\"anomalyReceived\":1"));
    assertEquals(0, serve("serve-sign", "finish", signed("key")).exit());
  }

  @Test
  void remembersSiteAndFacets() {
    Session start = serve(
        "serve-register", "start", "", "--app-id", "urn:x", "--facet", ORIGIN, "--facet", "b");
    assertEquals(0, start.exit(), start.err());
    Session response = Session.of(
        start.out(),
        "register",
        "--trust-app-id",
        "--origin",
        ORIGIN,
        "--soft",
        folder.resolve("key").toString());
    Session finish = serve("serve-register", "finish", response.out(), "--json");
    assertEquals(0, finish.exit(), finish.err());
    assertTrue(serve("serve-sign", "start", "").out().contains("\"appId\":\"urn:x\""));
  }

  @Test
  void tellsUsageErrors() {
    Object[][] cases = {
      {serve("serve-register", "begin", ""), "STEP is start or finish"},
      {Session.of("", "serve-register", "start"), "expected is --state FILE"},
      {serve("serve-register", "start", "", "--account", " "), "--account is a name"},
      {serve("serve-register", "start", "", "--app-id", "urn:x"), "--facet"},
      {serve("serve-sign", "finish", "{}", "--account", "x"), "goes with start"},
    };
    for (Object[] row : cases) {
      Session session = (Session) row[0];
      assertEquals(2, session.exit(), session.err());
      assertTrue(session.err().contains((String) row[1]), session.err());
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void keepsItsFileToItself() throws Exception {
    registered();
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(state())));
    Files.setPosixFilePermissions(state(), PosixFilePermissions.fromString("rw-r--r--"));
    Session open = serve("serve-register", "start", "");
    assertEquals(4, open.exit());
    assertTrue(open.err().contains("chmod 600"), open.err());

    Files.move(state(), folder.resolve("real"));
    Files.createSymbolicLink(state(), folder.resolve("real"));
    Session link = serve("serve-register", "start", "");
    assertEquals(4, link.exit());
    assertTrue(link.err().contains("link"), link.err());
    Files.delete(state());
    Files.createDirectory(state());
    assertEquals(4, serve("serve-register", "start", "").exit());
  }

  @Test
  void refusesADamagedFile() throws Exception {
    registered();
    for (String text : List.of("x", "{}\n", "{\"u2fState\":2,\"appId\":\"a\"}\n")) {
      Files.writeString(state(), text);
      Session session = serve("serve-register", "finish", "{}");
      assertEquals(4, session.exit(), text);
    }
    Files.writeString(
        state(), "{\"u2fState\":1,\"appId\":\"a\"}\n{\"challenge\":\"x\",\"pending\"");
    assertEquals(4, serve("serve-register", "start", "").exit());
  }

  /** Nothing counts that is not on the disk. */
  @Test
  void saysNothingThatItCannotKeep() throws Exception {
    assertEquals(0, serve("serve-register", "finish", registered()).exit());
    String answer = signed("key");
    Files.createDirectories(folder.resolve("site.new").resolve("in the way"));
    Session session = serve("serve-sign", "finish", answer);
    assertEquals(5, session.exit());
    assertEquals("", session.out());
    assertTrue(session.err().contains("the state cannot be kept"), session.err());
  }

  @Test
  void controlCharactersInAResultAreWrittenOut() {
    Session session =
        serve("serve-register", "finish", registered("--account", "a\u009bb"), "--json");
    assertEquals(0, session.exit(), session.err());
    assertTrue(session.out().contains("\"a\\u009bb\""), session.out());
  }

  @Test
  void neverWritesWhatItCouldNotReadAgain() {
    assertEquals(0, serve("serve-register", "finish", registered()).exit());
    Session session = serve("serve-register", "start", "", "--account", "a".repeat(70_000));
    assertEquals(5, session.exit());
    assertEquals("", session.out());
    assertTrue(session.err().contains("too long to keep"), session.err());
    assertEquals(0, serve("serve-sign", "finish", signed("key")).exit());
  }

  @Test
  void manyAtOnceLoseNothing() throws Exception {
    List<CompletableFuture<Session>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(CompletableFuture.supplyAsync(() -> serve("serve-register", "start", "")));
    }
    for (CompletableFuture<Session> one : all) {
      assertEquals(0, one.get().exit(), one.get().err());
    }
    assertEquals(9, Files.readAllLines(state()).size());
  }
}
