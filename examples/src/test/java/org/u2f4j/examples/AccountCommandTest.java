package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.hid.AccessProblem;
import org.u2f4j.hid.DeviceInfo;
import org.u2f4j.hid.HidConnection;
import org.u2f4j.hid.HidKey;
import org.u2f4j.hid.HidKeys;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.soft.UserPresence;

/** What the texts of AccountSessionTest do not have: keys on USB, a terminal, files. */
class AccountCommandTest {
  private static final String EMAIL = "alice@example.org";
  private static final String PASSWORD = "correct horse battery\n";

  @TempDir
  Path folder;

  private String passwordFile = "";
  private final HidToken token = new HidToken(SoftwareKey.create());

  @BeforeEach
  void create() throws Exception {
    passwordFile = Files.writeString(folder.resolve("password"), PASSWORD).toString();
    done(with(new PluggedKeys(), "", "create", EMAIL, "--password-file", passwordFile));
  }

  private String[] args(String... given) {
    List<String> args = new ArrayList<>(List.of("account"));
    args.addAll(List.of(given));
    args.addAll(List.of("--data", folder.resolve("data").toString()));
    return args.toArray(String[]::new);
  }

  private Session with(HidKeys keys, String in, String... args) {
    return Session.with(keys, in, args(args));
  }

  private static Session done(Session session) {
    assertEquals(0, session.exit(), session.err());
    return session;
  }

  private List<String> keys() {
    return with(new PluggedKeys(), "", "keys", "--json").out().lines().toList();
  }

  @Test
  void aKeyOnUsbIsAddedAndSignsIn() {
    HidToken touchedLate =
        new HidToken(SoftwareKey.create().withUserPresence(UserPresence.after(1)));
    Session added = done(with(PluggedKeys.of(touchedLate), "", "add-key", "usb"));
    assertTrue(added.err().matches("(?s)Touch your key\\.\\.\\. \\d+ s\n.*"), added.err());
    assertEquals("Your security key was successfully registered.\n", added.out());
    done(with(PluggedKeys.of(touchedLate), PASSWORD, "sign-in", EMAIL));
    assertEquals(1, keys().size());
  }

  @Test
  void aKeyThatCannotBeUsedSaysWhyAndIsNotThere() {
    HidToken off = token.withInfo(new DeviceInfo(2, 5, 4, 3, 0x0D));
    String key = "key in memory (/dev/hidraw0): ";
    String told = "U2F is turned off on this key: turn it on with the maker's tool\n";
    assertEquals(
        new Session(3, "", key + told + "u2f account add-key: no key can be used; " + key + told),
        with(PluggedKeys.of(off), "", "add-key", "off", "--timeout", "3"));
    assertEquals(
        new Session(1, "", "u2f account add-key: " + told),
        with(PluggedKeys.of(off), "", "add-key", "off", "--key", "/dev/hidraw0"));
    AccessProblem problem = new AccessProblem(
        AccessProblem.Name.NO_PERMISSION,
        "this user may not use /dev/hidraw0",
        "add a rule:\n  echo rule");
    told = "this user may not use /dev/hidraw0: add a rule:\n  echo rule\n";
    assertEquals(
        new Session(3, "", key + told + "u2f account add-key: no key can be used; " + key + told),
        with(
            PluggedKeys.of(token).withProblem(problem),
            "",
            "add-key",
            "blocked",
            "--timeout",
            "3"));
    assertEquals(
        3, with(new PluggedKeys(), "", "add-key", "none", "--timeout", "1").exit());
    assertEquals(List.of(), keys());
  }

  @Test
  void ofTwoKeysTheTouchedOneIsAdded() {
    HidToken untouched = new HidToken(SoftwareKey.create().withUserPresence(UserPresence.NEVER));
    Session added = with(PluggedKeys.of(untouched, token), "", "add-key", "one of two");
    assertEquals(0, added.exit(), added.err());
    assertEquals(1, keys().size());
  }

  @Test
  void enterCancelsTheWaitForKeysOnUsb() {
    HidToken untouched = new HidToken(SoftwareKey.create().withUserPresence(UserPresence.NEVER));
    for (PluggedKeys keys : List.of(new PluggedKeys(), PluggedKeys.of(untouched))) {
      Session session = Session.on(keys, "02", "\n", args("add-key", "usb"));
      assertEquals(1, session.exit(), session.err());
      assertTrue(
          session.err().endsWith("u2f account add-key: cancelled: the security key was not used\n"),
          session.err());
    }
  }

  @Test
  void onATerminalItWaitsUntilAKeyIsPluggedIn() {
    AtomicInteger looks = new AtomicInteger();
    PluggedKeys plugged = PluggedKeys.of(token);
    HidKeys late = new HidKeys() {
      @Override
      public List<HidKey> list(Deadline deadline) {
        return looks.incrementAndGet() < 3 ? List.of() : plugged.list(deadline);
      }

      @Override
      public Optional<AccessProblem> whyNone() {
        return Optional.empty();
      }

      @Override
      public HidConnection open(HidKey key, Deadline deadline) throws IOException {
        return plugged.open(key, deadline);
      }
    };
    Session session = Session.on(late, "2", "", args("add-key", "late"));
    assertEquals(0, session.exit(), session.err());
    assertTrue(
        session.err().matches("(?s)Plug in your key\\.\\.\\. \\d+ s \\|\r.*"), session.err());
    assertEquals(1, keys().size());
  }

  @Test
  void aPasswordIsNotTypedWhereItCouldBeSeen() {
    Session session = Session.on("0", PASSWORD, args("sign-in", EMAIL));
    assertEquals(2, session.exit());
    assertTrue(session.err().contains("a password typed here would be seen"), session.err());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theSessionIsInAFileOfItsOwnersAlone() throws Exception {
    Path file = folder.resolve("data").resolve("terminal.sessions");
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    assertEquals(
        PosixFilePermissions.fromString("rwx------"),
        Files.getPosixFilePermissions(folder.resolve("data")));
    assertFalse(Files.readString(file).contains("correct horse"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Session session = with(new PluggedKeys(), "", "status");
    assertEquals(4, session.exit());
    assertTrue(session.err().contains("chmod 600 " + file), session.err());
  }

  @Test
  void everyDatabaseHasItsOwnSession() {
    String other = "jdbc:sqlite:" + folder.resolve("other.db");
    assertEquals(1, with(new PluggedKeys(), "", "status", "--database", other).exit());
    done(with(new PluggedKeys(), PASSWORD, "create", "bob@example.org", "--database", other));
    assertEquals(EMAIL, with(new PluggedKeys(), "", "status", "--json").json().get("email"));
    done(with(new PluggedKeys(), "", "sign-out", "--database", other));
    done(with(new PluggedKeys(), "", "status"));
  }

  @Test
  void refusalsAreJsonToo() {
    Session session = with(new PluggedKeys(), "wrong horse battery\n", "sign-in", EMAIL, "--json");
    assertEquals(1, session.exit());
    assertEquals("WRONG_PASSWORD", session.json().get("error"));
    Session gaveUp = with(PluggedKeys.of(token), "", "add-key", "usb", "--json");
    assertEquals("usb", done(gaveUp).json().get("name"));
    Session none = with(new PluggedKeys(), PASSWORD, "sign-in", EMAIL, "--timeout", "1", "--json");
    assertEquals(3, none.exit());
    assertEquals("KEY_TIMEOUT", none.json().get("error"));
  }

  @ParameterizedTest
  @EnumSource(AccountVerb.class)
  void everyHelpFitsAndHasAnExampleThatParses(AccountVerb verb) {
    Session help = Session.of("", "account", verb.word, "--help");
    assertEquals(0, help.exit(), help.err());
    assertTrue(help.out().lines().allMatch(line -> line.length() <= 80), help.out());
    assertFalse(help.out().matches("(?s).*:\n +//.*"), help.out()); // URLs in one piece
    assertTrue(help.out().contains("  " + verb.example + "\n"), help.out());
    assertTrue(verb.example.startsWith("u2f account " + verb.word), verb.example);
  }

  @Test
  void optionsInTheWrongPlaceAreNotPassedOver() {
    Session session = Session.of("", "account", "--data", folder.toString(), "keys");
    assertEquals(new Session(2, "", """
            u2f account: write --data behind "keys"
            "u2f account keys --help" shows what there is.
            """), session);
  }

  @Test
  void withoutACommandAndATerminalItSaysWhatToDo() {
    assertEquals(new Session(2, "", """
            u2f account: the menu needs a terminal to ask on; elsewhere name a COMMAND, like "u2f account status"
            "u2f account --help" shows what there is.
            """), Session.of("", "account"));
  }

  @Test
  void afterAProofItSaysWhichKeyIsToBeAdded() {
    done(with(PluggedKeys.of(token), "", "add-key", "usb"));
    done(with(PluggedKeys.of(token), PASSWORD, "sign-in", EMAIL, "--remember"));
    done(with(new PluggedKeys(), PASSWORD, "sign-in", EMAIL)); // which is no proof
    Session session = with(PluggedKeys.of(token), PASSWORD, "add-key", "another");
    assertEquals(1, session.exit());
    assertEquals("""
        Confirm that it is you: password, then second factor.
        Password:\s
        Now plug in the key that is to be added, and touch that one.
        u2f account add-key: This security key is registered already. Use another one.
        """, session.err());
  }

  @Test
  void aKeyThatIsAskedTwiceHasBothInItsTrace() throws Exception {
    done(with(PluggedKeys.of(token), "", "add-key", "usb"));
    done(with(PluggedKeys.of(token), PASSWORD, "sign-in", EMAIL, "--remember"));
    done(with(new PluggedKeys(), PASSWORD, "sign-in", EMAIL)); // which is no proof
    Path trace = folder.resolve("trace");
    PluggedKeys one = PluggedKeys.of(token);
    with(one, PASSWORD, "add-key", "again", "--trace", trace.toString(), "--trace-bytes");
    assertFalse(Files.exists(folder.resolve("trace.2")));
    Session replayed = done(Session.of("", "replay", trace.toString()));
    assertTrue(replayed.out().contains("Repeated: "), replayed.out());
    List<String> lines = Files.readAllLines(trace);
    assertEquals(2, lines.stream().filter(line -> line.startsWith("#")).count());
  }

  @Test
  void tracesWhatItAsksEachKey() throws Exception {
    Path usb = folder.resolve("usb");
    String[] add = {"add-key", "usb", "--trace", usb.toString(), "--trace-bytes"};
    done(with(PluggedKeys.of(token), "", add));
    Session replayed = done(Session.of("", "replay", usb.toString()));
    assertTrue(replayed.out().contains(" REGISTER "), replayed.out());
    String soft = folder.resolve("soft.key").toString();
    Path trace = folder.resolve("soft");
    done(with(new PluggedKeys(), "", "add-key", "soft", "--soft", soft, "--trace", "" + trace));
    assertTrue(Files.readString(trace).contains("> 00 01 00 00 REGISTER "));
    assertEquals(
        new Session(
            4,
            "",
            "u2f replay: this is the trace of a software key, to be read as it is: only what a key on"
                + " USB has sent can be repeated\n"),
        Session.of("", "replay", trace.toString()));
  }
}
