package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and folders that a command line names, and that are not there, or are something else. */
class NamedFilesTest {
  private static final String REQUEST =
      "{\"version\":\"U2F_V2\",\"challenge\":\"AAAA\",\"appId\":\"https://example.com\"%s}";

  @TempDir
  Path folder;

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Session client(String verb, Path key, String... more) {
    Stream<String> args = Stream.of(verb, "--origin", "https://example.com", "--soft", "" + key);
    String request = REQUEST.formatted(verb.equals("sign") ? ",\"keyHandle\":\"AAAA\"" : "");
    return Session.of(request, Stream.concat(args, Stream.of(more)).toArray(String[]::new));
  }

  @ParameterizedTest
  @EnumSource(value = AccountVerb.class, mode = Mode.EXCLUDE, names = "CREATE")
  void whereThereIsNoAccountNothingIsMade(AccountVerb verb) throws Exception {
    Path data = folder.resolve("data");
    Session session = Session.of("", "account", verb.word, "--data", "" + data);
    assertEquals(
        new Session(1, "", """
            u2f account %s: there is no account in %s yet: "u2f account create" makes one; if you have one, --data says where
            """.formatted(verb.word, data.resolve("accounts.db"))), session);
    String url = "jdbc:sqlite:" + folder.resolve("other.db");
    Session other =
        Session.of("", "account", verb.word, "--data", "" + data, "--database", url, "--json");
    assertEquals(1, other.exit());
    assertEquals("FAILED", other.json().get("error"));
    assertTrue(other.err().contains(" in " + folder.resolve("other.db") + " yet"), other.err());
    assertEquals(List.of(), files());
  }

  @Test
  void theFolderOfAccountsHasANameAndIsAFolder() throws Exception {
    Session unnamed = Session.of("", "account", "status", "--data", "");
    assertEquals(2, unnamed.exit());
    assertTrue(
        unnamed.err().startsWith("u2f account status: --data is the name of a folder, not \"\"\n"),
        unnamed.err());
    Path file = Files.writeString(folder.resolve("file"), "mine");
    for (String verb : List.of("status", "create")) {
      Session session = Session.of("", "account", verb, "--data", file.toString());
      assertEquals(
          new Session(5, "", "u2f account %s: %s is a file, not a folder\n".formatted(verb, file)),
          session);
    }
    assertEquals("mine", Files.readString(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"register", "sign"})
  void aSoftwareKeyIsMadeInAFolderThatIsThere(String verb) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    for (Path nowhere : List.of(folder.resolve("no"), file)) {
      Path key = nowhere.resolve("my.key");
      Session session = client(verb, key, "--json");
      assertEquals(5, session.exit());
      assertEquals(1, session.json().get("errorCode"));
      assertEquals(
          "u2f %s: the software key %s cannot be used: there is no folder %s; make it, or name another file\n"
              .formatted(verb, key, nowhere),
          session.err());
    }
    assertEquals(List.of("file"), files());
  }

  @Test
  void anAccountsSoftwareKeyToo() throws Exception {
    String data = folder.resolve("data").toString();
    String password = "correct horse battery\n";
    Session.of(password, "account", "create", "alice@example.org", "--data", data);
    Path key = folder.resolve("no").resolve("my.key");
    Session session =
        Session.of("", "account", "add-key", "blue", "--soft", "" + key, "--data", data);
    assertEquals(5, session.exit());
    assertTrue(session.err().contains("there is no folder " + key.getParent()), session.err());
  }

  @Test
  void nothingIsLeftBesideAFileThatIsNoKey() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    Session session = client("register", file);
    assertEquals(4, session.exit());
    assertTrue(session.err().contains("is not a software key file"), session.err());
    assertEquals(List.of("file"), files());
  }

  @ParameterizedTest
  @ValueSource(strings = {"doctor", "info", "wink", "ping"})
  void aTraceIsWrittenInAFolderThatIsThere(String command) {
    Path trace = folder.resolve("no").resolve("trace");
    Session session = Session.of("", command, "--trace", trace.toString());
    assertEquals(
        new Session(
            5,
            "",
            "u2f %s: the trace %s cannot be written: there is no folder %s; make it, or name another file\n"
                .formatted(command, trace, trace.getParent())),
        session);
  }

  @Test
  void aTraceThatCannotBeWrittenIsAnsweredAsTheApiDoes() {
    Path trace = folder.resolve("no").resolve("trace");
    Session session = client("register", folder.resolve("my.key"), "--json", "--trace", "" + trace);
    assertEquals(5, session.exit());
    assertEquals(1, session.json().get("errorCode"));
    String message = String.valueOf(session.json().get("errorMessage"));
    assertTrue(message.startsWith("the trace " + trace + " cannot be written"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"doctor", "info", "wink", "ping", "account", "register", "sign"})
  void bytesWithoutATraceAreToldBeforeAKeyIsLookedFor(String command) {
    List<String> args = command.equals("account")
        ? List.of(command, "confirm", "--data", folder.toString())
        : command.matches("register|sign")
            ? List.of(command, "--origin", "https://example.com")
            : List.of(command);
    Session session = Session.of(
        "", Stream.concat(args.stream(), Stream.of("--trace-bytes")).toArray(String[]::new));
    assertEquals(2, session.exit());
    assertTrue(session.err().contains(": --trace-bytes goes with --trace FILE\n"), session.err());
  }
}
