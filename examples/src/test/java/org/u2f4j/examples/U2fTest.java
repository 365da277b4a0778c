package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class U2fTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "keys",
        "doctor",
        "info",
        "wink",
        "ping",
        "register",
        "sign",
        "authenticate",
        "account",
        "virtual-key",
        "serve-register",
        "serve-sign",
        "verify",
        "metadata",
        "inspect",
        "replay",
        "web"
      })
  void everyHelpNamesTheExitCodes(String command) {
    Session session = command.isEmpty() ? Session.of("", "--help") : Session.of("", command, "-h");
    assertEquals(0, session.exit());
    assertEquals("", session.err());
    for (String code : List.of("0", "1", "2", "3", "4", "5", "130")) {
      assertTrue(session.out().contains("\n  " + code + " "), session.out());
    }
    assertTrue(
        session.out().matches("(?s).*\nExamples[^\n]*:\n  (u2f|echo|sed) .*"), session.out());
    assertTrue(session.out().lines().allMatch(line -> line.length() <= 80), session.out());
    assertFalse(session.out().matches("(?s).*:\n +//.*"), session.out()); // URLs in one piece
    assertFalse(session.out().contains("%"), session.out()); // picocli formats it, or gives up
  }

  @Test
  void withoutACommandItShowsHelpAsAnError() {
    Session session = Session.of("");
    assertEquals(2, session.exit());
    assertEquals("", session.out());
    assertTrue(session.err().contains("Usage: u2f"));
  }

  @ParameterizedTest
  @CsvSource({"reg, register", "sing, sign", "inspekt, inspect", "demon, demo", "version, --version"
  })
  void suggestsACommand(String typed, String meant) {
    Session session = Session.of("", typed);
    assertEquals(2, session.exit());
    assertTrue(session.err().matches("(?s).*Did you mean: [^\n]*" + meant + ".*"), session.err());
  }

  @Test
  void takesHelpForACommandToo() {
    assertEquals(Session.of("", "--help"), Session.of("", "help"));
    assertEquals(Session.of("", "sign", "--help"), Session.of("", "help", "sign"));
  }

  @Test
  void namesTheTypoRatherThanWhatIsMissing() {
    Session session = Session.of("", "sign", "--orign=x");
    assertEquals(2, session.exit());
    assertTrue(session.err().contains("--orign") && session.err().contains("--origin"));
  }

  @Test
  void tellsUsageErrorsInOneSentence() {
    Object[][] cases = {
      {Session.of("", "sign", "--soft"), "u2f sign: expected is --soft FILE"},
      {Session.of("", "sign"), "u2f sign: expected is --origin URL"},
      {Session.of("", "sign", "--orign", "x"), "u2f sign: there is no option --orign"},
      {
        Session.of("", "sign", "--soft", "--qqq", "--origin", "x"),
        "u2f sign: there is no option --qqq"
      },
      {Session.of("", "demo", "x"), "u2f demo: it takes no argument, and \"x\" is one"},
      {Session.of("", "demo", "--json", "--json"), "u2f demo: --json is given twice"},
      {Session.of("", "demo", "--json=x"), "u2f demo: --json cannot be \"x\""},
      {Session.of("", "qqqqqq"), "u2f: there is no command \"qqqqqq\""},
    };
    for (Object[] row : cases) {
      Session session = (Session) row[0];
      assertEquals(2, session.exit());
      assertEquals(row[1], session.err().lines().findFirst().orElseThrow());
    }
    assertFalse(Session.of("", "qqqqqq").err().contains("Did you mean"));
  }

  @Test
  void suggestsAnOption() {
    Session session = Session.of("", "demo", "--jsom");
    assertEquals(2, session.exit());
    assertTrue(session.err().contains("--json"), session.err());
  }

  @Test
  void coloursOnlyOnATerminal() {
    assertFalse(Session.of("", "demo").out().contains("\u001b"));
    assertTrue(Session.on("1", "", "demo").out().contains("\u001b"));
  }

  @Test
  void demoEndsWithTheCheckedResult() {
    Session session = Session.of("", "demo");
    assertEquals(0, session.exit());
    assertEquals("", session.err());
    assertFalse(session.out().contains("FAILED"));
    assertTrue(session.out().contains("ok      sign-in: the counter went up, from 1 to 2"));
    assertTrue(session.out().contains("u2f-verifier"));
    assertTrue(session.out().contains("ok      attack: a response that is sent again is refused"));
    assertTrue(session.out().contains("ok      attack: the counter of a copied key is refused"));
    // the REGISTER command with its length fields, as FIDO U2F Raw Message Formats lays it out
    assertTrue(session.out().contains("     5      2  Lc"), session.out());
    assertTrue(session.out().contains("    39     32  application parameter"), session.out());
  }

  @ParameterizedTest
  @CsvSource({
    "stale-counter, 1, counter went up",
    "bad-signature, 1, signature fits",
    "wrong-key, 1, signature fits the registered key",
    "no-presence, 1, touched"
  })
  void demoShowsACheckThatFails(String defect, int exit, String check) {
    Session session = Session.of("", "demo", "--defect", defect);
    assertEquals(exit, session.exit());
    assertTrue(
        session.out().lines().anyMatch(l -> l.contains("FAILED") && l.contains(check)),
        session.out());
    Session json = Session.of("", "demo", "--json", "--defect", defect);
    assertEquals(exit, json.exit());
    assertEquals(false, json.json().get("ok"));
  }

  @Test
  void demoWithAKeyThatAnswersNonsense() {
    Session session = Session.of("", "demo", "--defect", "wrong-status");
    assertEquals(1, session.exit());
    assertTrue(session.err().contains("6F00"), session.err());
    assertEquals(
        false,
        Session.of("", "demo", "--json", "--defect", "wrong-status").json().get("ok"));
    assertEquals(2, Session.of("", "demo", "--defect", "none").exit());
  }

  @Test
  void demoSaysOnATerminalThatItWaits() {
    String waiting = "waiting for the key\n";
    assertTrue(Session.on("2", "", "demo", "--defect", "slow").err().startsWith(waiting));
    assertEquals("", Session.on("2", "", "demo").err());
  }

  @Test
  void demoAsJson() {
    Session session = Session.of("", "demo", "--json");
    assertEquals(0, session.exit());
    assertEquals(true, session.json().get("ok"));
    for (Object check : (List<?>) session.json().get("checks")) {
      assertEquals(true, ((Map<?, ?>) check).get("ok"));
    }
  }
}
