package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.hid.AccessException;
import org.u2f4j.hid.AccessProblem;
import org.u2f4j.hid.DeviceInfo;
import org.u2f4j.hid.HidConnection;
import org.u2f4j.hid.HidKey;
import org.u2f4j.hid.HidKeys;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.soft.UserPresence;

/** Commands with several keys in memory, or with none yet. */
class SeveralKeysTest {
  private static final String REQUEST = """
      {"version":"U2F_V2","challenge":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","appId":"https://example.com"}""";
  private static final String TOUCH = "Touch your key\\.\\.\\. \\d+ s\n";

  @TempDir
  Path folder;

  private static HidToken token(UserPresence finger) {
    return new HidToken(SoftwareKey.create().withUserPresence(finger));
  }

  private static Session register(PluggedKeys keys, String... more) {
    return client(keys, REQUEST, "register", more);
  }

  /** Signs with the key that has made a registration. */
  private static Session sign(PluggedKeys keys, Session registered, String... more) {
    String handle = Session.of(registered.out(), "inspect")
        .out()
        .replaceFirst("(?s).*for a sign request *(\\S+).*", "$1");
    return client(keys, REQUEST.replace("}", ",\"keyHandle\":\"" + handle + "\"}"), "sign", more);
  }

  private static Session client(PluggedKeys keys, String in, String command, String... more) {
    String[] args = Stream.concat(
            Stream.of(command, "--origin", "https://example.com"), Stream.of(more))
        .toArray(String[]::new);
    return Session.with(keys, in, args);
  }

  @Test
  void theTouchedKeyIsUsed() {
    HidToken touched = token(UserPresence.after(2));
    PluggedKeys three =
        PluggedKeys.of(token(UserPresence.NEVER), touched, token(UserPresence.NEVER));
    Session registered = register(three);
    assertEquals(0, registered.exit(), registered.err());
    assertTrue(registered.err().matches(TOUCH), registered.err());
    Session signed = sign(PluggedKeys.of(touched), registered); // so it was this one
    assertEquals(0, signed.exit(), signed.err());
  }

  @Test
  void aKeyThatIsPluggedInWhileAnotherOneWaitsJoins() {
    PluggedKeys keys = PluggedKeys.of(token(UserPresence.NEVER));
    keys.before(3, () -> keys.plugIn("/dev/hidraw1", token(UserPresence.ALWAYS)));
    Session session = register(keys);
    assertEquals(0, session.exit(), session.err());
    assertTrue(session.err().matches(TOUCH), session.err());
  }

  @Test
  void aKeyThatIsPulledOutIsReplacedByAnotherOne() {
    PluggedKeys keys = PluggedKeys.of(token(UserPresence.NEVER));
    keys.before(6, () -> keys.pullOut("/dev/hidraw0"));
    keys.before(7, () -> keys.plugIn("/dev/hidraw0", token(UserPresence.ALWAYS)));
    Session session = register(keys);
    assertEquals(0, session.exit(), session.err());
    assertTrue(session.err().matches(TOUCH + "Plug in your key...\n"), session.err());
  }

  @Test
  void onATerminalItGoesOnAskingForAKeyAfterTheLastOneIsPulledOut() {
    PluggedKeys keys = PluggedKeys.of(token(UserPresence.NEVER));
    keys.before(4, () -> keys.pullOut("/dev/hidraw0"));
    keys.before(9, () -> keys.plugIn("/dev/hidraw0", token(UserPresence.ALWAYS)));
    Session session = Session.on(keys, "2", REQUEST, "register", "--origin", "https://example.com");
    assertEquals(0, session.exit(), session.err());
    assertTrue(
        session.err().matches("(?s).*Touch your key[^\\n]*(Plug in your key[^\\r]*\\r +\\r){3,}"),
        session.err());
  }

  @Test
  void onATerminalItSaysWhatHelpsAfterAKeyThatCannotBeUsed() {
    AccessProblem problem = new AccessProblem(AccessProblem.Name.NO_PERMISSION, "no", "a rule");
    PluggedKeys keys =
        PluggedKeys.of(token(UserPresence.ALWAYS)).withProblem("/dev/hidraw0", problem);
    keys.before(6, () -> keys.plugIn("/dev/hidraw1", token(UserPresence.after(3))));
    Session session = Session.on(keys, "2", REQUEST, "register", "--origin", "https://example.com");
    assertEquals(0, session.exit(), session.err());
    assertTrue(
        session
            .err()
            .matches("(?s)key in memory \\(/dev/hidraw0\\): no: a rule\n"
                + "Plug in another key\\.\\.\\. \\d+ s .*\rTouch your key\\.\\.\\. .*\r"),
        session.err());
  }

  @Test
  void aKeyIsWaitedFor() {
    PluggedKeys keys = new PluggedKeys();
    keys.before(3, () -> keys.plugIn("/dev/hidraw0", token(UserPresence.ALWAYS)));
    Session session = register(keys);
    assertEquals(0, session.exit(), session.err());
    assertEquals("Plug in your key...\n", session.err());
  }

  @Test
  void theWaitForAKeyEnds() {
    Session session = register(new PluggedKeys(), "--timeout", "1", "--json");
    assertEquals(3, session.exit());
    assertEquals(5, session.json().get("errorCode"));
    assertEquals("""
        Plug in your key...
        u2f register: no key is plugged in; --timeout gives more time
        """, session.err());
  }

  @Test
  void aKeyThatTheSystemHidesIsNotWaitedFor() {
    AccessProblem problem =
        new AccessProblem(AccessProblem.Name.NOT_ELEVATED, "Windows hides them", "be root");
    assertEquals(
        new Session(3, "", "u2f register: Windows hides them: be root\n"),
        register(new PluggedKeys().withProblem(problem)));
  }

  @Test
  void aCallThatHangsInTheNativeLibraryDoesNotEndTheWaitForAKeyThatWorks() {
    PluggedKeys keys = PluggedKeys.of(token(UserPresence.after(5)));
    AtomicInteger looks = new AtomicInteger();
    HidKeys busy = new HidKeys() {
      @Override
      public List<HidKey> list(Deadline deadline) throws AccessException {
        if (looks.getAndIncrement() > 0) {
          throw new AccessException(
              new AccessProblem(AccessProblem.Name.SYSTEM_BUSY, "busy", "wait"));
        }
        return keys.list(deadline);
      }

      @Override
      public Optional<AccessProblem> whyNone() {
        return Optional.empty();
      }

      @Override
      public HidConnection open(HidKey key, Deadline deadline) throws IOException {
        return keys.open(key, deadline);
      }
    };
    Session session = Session.with(busy, REQUEST, "register", "--origin", "https://example.com");
    assertEquals(0, session.exit(), session.err());
    assertTrue(looks.get() > 1);
  }

  @Test
  void aTouchedKeyThatIsNotRegisteredHereIsToldAndTheRightOneIsWaitedFor() {
    HidToken right = token(UserPresence.after(5));
    Session registered = register(PluggedKeys.of(right));
    Session session = sign(PluggedKeys.of(token(UserPresence.ALWAYS), right), registered);
    assertEquals(0, session.exit(), session.err());
    assertTrue(
        session.err().contains("key in memory (/dev/hidraw0): this key is not registered here\n"),
        session.err());
  }

  @Test
  void aKeyThatCannotBeOpenedIsToldWithItsCureAndAnotherOneIsUsed() {
    AccessProblem problem = new AccessProblem(
        AccessProblem.Name.NO_PERMISSION, "this user may not use it", "add a rule:\n  echo rule");
    PluggedKeys keys = PluggedKeys.of(token(UserPresence.ALWAYS), token(UserPresence.after(8)))
        .withProblem("/dev/hidraw0", problem);
    Session session = register(keys);
    assertEquals(0, session.exit(), session.err());
    assertTrue(session.err().contains("""
        key in memory (/dev/hidraw0): this user may not use it: add a rule:
          echo rule
        """), session.err());
  }

  @Test
  void aKeyThatIsNamedIsNotRaced() {
    PluggedKeys two = PluggedKeys.of(token(UserPresence.ALWAYS), token(UserPresence.NEVER));
    Session session = register(two, "--key", "/dev/hidraw1", "--timeout", "1");
    assertEquals(3, session.exit());
    assertTrue(session.err().contains("not touched in time"), session.err());
  }

  @Test
  void eachKeyHasATraceOfItsOwn() throws Exception {
    Path file = folder.resolve("trace");
    PluggedKeys two = PluggedKeys.of(token(UserPresence.NEVER), token(UserPresence.after(3)));
    Session session = register(two, "--trace", file.toString(), "--trace-bytes");
    assertEquals(0, session.exit(), session.err());
    for (String name : List.of("trace", "trace.2")) {
      Path one = folder.resolve(name);
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(one)), name);
      assertEquals(
          1,
          Files.readAllLines(one).stream().filter(line -> line.startsWith("#")).count(),
          name);
    }
  }

  @Test
  void aTraceThatNobodyNamedIsNotOverwritten() throws Exception {
    Path file = folder.resolve("trace");
    Files.writeString(file, "old");
    Path second = Files.writeString(folder.resolve("trace.2"), "precious");
    PluggedKeys two = PluggedKeys.of(token(UserPresence.after(8)), token(UserPresence.after(8)));
    Session session = register(two, "--trace", file.toString());
    assertEquals(0, session.exit(), session.err());
    assertTrue(
        session.err().contains("its trace would be written to " + second + ", which is there"),
        session.err());
    assertEquals("precious", Files.readString(second));
    assertTrue(Files.readString(file).startsWith("# u2f4j packet trace 1"));
  }

  @Test
  void aKeyThatIsTriedAgainHasOneTrace() throws Exception {
    HidToken off = token(UserPresence.ALWAYS).withInfo(new DeviceInfo(2, 5, 4, 3, 0x0D));
    Path file = folder.resolve("trace");
    Session session = register(PluggedKeys.of(off), "--timeout", "3", "--trace", file.toString());
    assertEquals(3, session.exit(), session.err());
    assertEquals(
        1,
        Files.readAllLines(file).stream().filter(line -> line.startsWith("#")).count());
    assertFalse(Files.exists(folder.resolve("trace.2")));
  }

  @Test
  void watchesKeysComeAndGo() {
    for (boolean json : new boolean[] {false, true}) {
      PluggedKeys keys = PluggedKeys.of(token(UserPresence.ALWAYS));
      keys.before(2, () -> keys.plugIn("/dev/hidraw1", token(UserPresence.ALWAYS)));
      keys.before(3, () -> keys.pullOut("/dev/hidraw0"));
      keys.before(4, () -> {
        keys.pullOut("/dev/hidraw1");
        keys.plugIn("/dev/hidraw1", token(UserPresence.ALWAYS)); // again, between two looks
      });
      keys.before(5, Thread.currentThread()::interrupt); // as Ctrl-C does
      Session session = json
          ? Session.with(keys, "", "keys", "--watch", "--json")
          : Session.with(keys, "", "keys", "--watch");
      assertEquals(130, session.exit());
      assertEquals("", session.err());
      assertEquals(
          json
              ? List.of("in 0", "in 1", "out 0", "out 1", "in 1")
              : List.of("+ 0", "+ 1", "- 0", "- 1", "+ 1"),
          session
              .out()
              .lines()
              .map(line -> line.replaceFirst(".*event\":\"(\\w+).*hidraw(\\d).*", "$1 $2")
                  .replaceFirst(
                      "^(.) /dev/hidraw(\\d)  1209:0001 u2f4j key in memory 77$", "$1 $2"))
              .toList());
    }
  }

  @Test
  void aWatchWithoutAKeySaysSo() {
    PluggedKeys none = new PluggedKeys().before(2, Thread.currentThread()::interrupt);
    assertEquals(
        new Session(130, "", "No key is plugged in.\n"), Session.with(none, "", "keys", "--watch"));
    assertFalse(Thread.interrupted());
  }
}
