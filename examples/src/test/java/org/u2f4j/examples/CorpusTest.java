package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines collected from elsewhere, in the folder that the property u2f4j.corpus names. */
@EnabledIfSystemProperty(
    named = CorpusTest.PROPERTY,
    matches = ".+",
    disabledReason = "no folder is named by -D" + CorpusTest.PROPERTY)
class CorpusTest {
  static final String PROPERTY = "u2f4j.corpus";

  /** Where the expectation is a matter of policy, the result is only printed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "u2f-registrations.jsonl",
        "u2f-authentications.jsonl",
        "webauthn-registrations.jsonl",
        "webauthn-assertions.jsonl"
      })
  void isJudgedAsExpected(String name) throws Exception {
    Path file = Path.of(System.getProperty(PROPERTY), name);
    List<String> lines = Files.readAllLines(file);
    Session session = Session.of("", "verify", file.toString());
    List<String> results = session.out().lines().toList();
    assertEquals(lines.size(), results.size());
    assertFalse(lines.isEmpty());
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Map<String, Object> line = new Session(0, lines.get(i), "").json();
      Map<String, Object> result = new Session(0, results.get(i), "").json();
      assertEquals(line.get("id"), result.get("id"));
      String expected = line.get("expected").equals("reject") ? "reject" : "accept";
      String difference =
          "%s: expected %s, was %s".formatted(line.get("id"), expected, results.get(i));
      if (line.get("policy").equals(true)) {
        System.out.println("policy, " + difference);
      } else if (!expected.equals(result.get("result"))) {
        wrong.add(difference);
      }
    }
    assertEquals(List.of(), wrong);
  }
}
