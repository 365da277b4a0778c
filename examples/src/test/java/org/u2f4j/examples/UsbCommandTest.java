package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.hid.AccessProblem;
import org.u2f4j.hid.DeviceInfo;
import org.u2f4j.hid.token.Fault;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.soft.SoftwareKey;
import org.u2f4j.soft.UserPresence;

/** Commands that use keys on USB, with keys in memory. */
class UsbCommandTest {
  private static final String REQUEST = """
      {"version":"U2F_V2","challenge":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","appId":"https://example.com"}""";
  private static final String[] REGISTER = {"register", "--origin", "https://example.com"};

  private final HidToken token = new HidToken(SoftwareKey.create());

  private static Session register(HidToken token, String... more) {
    String[] args = Stream.concat(Stream.of(REGISTER), Stream.of(more)).toArray(String[]::new);
    return Session.with(PluggedKeys.of(token), REQUEST, args);
  }

  @Test
  void listsTheKeys() {
    PluggedKeys two = PluggedKeys.of(token, token);
    Session table = Session.with(two, "", "keys");
    assertEquals(0, table.exit());
    assertEquals("""
        path          vendor:product  manufacturer  product        serial number
        /dev/hidraw0  1209:0001       u2f4j         key in memory  77
        /dev/hidraw1  1209:0001       u2f4j         key in memory  77
        """, table.out());
    assertEquals("""
        {"path":"/dev/hidraw0","vendorId":"1209","productId":"0001","manufacturer":"u2f4j","product":"key in memory","serialNumber":"77"}
        {"path":"/dev/hidraw1","vendorId":"1209","productId":"0001","manufacturer":"u2f4j","product":"key in memory","serialNumber":"77"}
        """, Session.with(two, "", "keys", "--json").out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"keys", "info", "wink", "ping"})
  void saysThatNoKeyIsPluggedIn(String command) {
    Session session = Session.of("", command);
    assertEquals(3, session.exit());
    assertEquals("", session.out());
    assertEquals(
        "u2f " + command
            + ": no key is plugged in: plug one in and try again; if one is, \"u2f doctor\" tells more\n",
        session.err());
  }

  @Test
  void saysWhatHidesKeysAndWhatToDo() {
    AccessProblem problem =
        new AccessProblem(AccessProblem.Name.NOT_ELEVATED, "Windows hides them", "be root");
    Session session = Session.with(new PluggedKeys().withProblem(problem), "", "keys");
    assertEquals(3, session.exit());
    assertEquals("u2f keys: Windows hides them: be root\n", session.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "wink", "ping"})
  void asksForOneOfSeveralKeys(String command) {
    PluggedKeys two = PluggedKeys.of(token, token);
    Session session = Session.with(two, "", command);
    assertEquals(2, session.exit());
    assertEquals("""
        u2f %s: 2 keys are plugged in; --key PATH says which one:
          /dev/hidraw0  1209:0001 u2f4j key in memory 77
          /dev/hidraw1  1209:0001 u2f4j key in memory 77
        "u2f %s --help" shows what there is.
        """.formatted(command, command), session.err());
  }

  @Test
  void usesTheKeyThatIsNamed() {
    AtomicInteger winks = new AtomicInteger();
    PluggedKeys two = PluggedKeys.of(token, token.withWink(winks::incrementAndGet));
    Session session = Session.with(two, "", "wink", "--key", "/dev/hidraw1");
    assertEquals(new Session(0, "", ""), session);
    assertEquals(1, winks.get());
    Session nowhere = Session.with(two, "", "wink", "--key", "/dev/hidraw7");
    assertEquals(3, nowhere.exit());
    assertEquals("""
        u2f wink: there is no key at /dev/hidraw7; these are plugged in:
          /dev/hidraw0  1209:0001 u2f4j key in memory 77
          /dev/hidraw1  1209:0001 u2f4j key in memory 77
        """, nowhere.err());
  }

  @Test
  void saysThatAKeyCannotWink() {
    HidToken still = token.withInfo(new DeviceInfo(2, 1, 2, 3, 0));
    assertEquals(
        new Session(1, "", "u2f wink: this key cannot wink\n"),
        Session.with(PluggedKeys.of(still), "", "wink"));
  }

  @Test
  void showsWhatAKeySaysOfItself() {
    HidToken key = token.withInfo(new DeviceInfo(2, 5, 4, 3, 0x03));
    Session session = Session.with(PluggedKeys.of(key), "", "info");
    assertEquals(0, session.exit(), session.err());
    assertEquals("""
        path              /dev/hidraw0
        vendor:product    1209:0001
        manufacturer      u2f4j
        product           key in memory
        serial number     77
        protocol version  2
        device version    5.4.3
        capabilities      03 WINK LOCK
        reports           64 bytes in, 64 bytes out
        U2F version       U2F_V2
        """, session.out());
    Map<String, Object> json =
        Session.with(PluggedKeys.of(key), "", "info", "--json").json();
    assertEquals("5.4.3", json.get("deviceVersion"));
    assertEquals(3, json.get("capabilities"));
    assertEquals(true, json.get("lock"));
    assertEquals(false, json.get("ctap2"));
    assertEquals(64, json.get("inputReportLength"));
    assertEquals("U2F_V2", json.get("u2fVersion"));
  }

  @Test
  void aKeyWithU2fTurnedOffHasInfoAndRefusesTheRest() {
    HidToken off = token.withInfo(new DeviceInfo(2, 5, 4, 3, 0x0D));
    Session info = Session.with(PluggedKeys.of(off), "", "info");
    assertEquals(0, info.exit());
    assertTrue(info.out().contains("capabilities      0d WINK CBOR NMSG\n"), info.out());
    assertTrue(info.out().endsWith("U2F version       none, U2F is turned off\n"), info.out());
    Session named = register(off, "--key", "/dev/hidraw0");
    assertEquals(
        new Session(
            1,
            "",
            "u2f register: U2F is turned off on this key: turn it on with the maker's tool\n"),
        named);
    String told = "key in memory (/dev/hidraw0): U2F is turned off on this key: turn it on with the"
        + " maker's tool\n";
    Session other = register(off, "--timeout", "3"); // which might still come
    assertEquals(new Session(3, "", told + "u2f register: no key can be used; " + told), other);
  }

  @Test
  void pings() {
    Session session = Session.with(PluggedKeys.of(token), "", "ping", "-n", "20", "-s", "1024");
    assertEquals(0, session.exit(), session.err());
    assertTrue(session.out().matches("""
            20 messages of 1024 bytes came back from /dev/hidraw0

            min  +[0-9.]+ ms
            p50  +[0-9.]+ ms
            p90  +[0-9.]+ ms
            p99  +[0-9.]+ ms
            max  +[0-9.]+ ms

            ( +[0-9.]+ - +[0-9.]+ ms +\\d+( +#+)?
            )+"""), session.out());
    Map<String, Object> json = Session.with(
            PluggedKeys.of(token), "", "ping", "--number", "20", "--json")
        .json();
    assertEquals(20, json.get("messages"));
    assertEquals(57, json.get("size"));
    assertEquals(
        20,
        ((List<?>) json.get("histogram"))
            .stream()
                .mapToInt(range -> (Integer) ((Map<?, ?>) range).get("messages"))
                .sum());
  }

  @Test
  void pingSaysWhichMessageFailed() {
    token.inject(Fault.unplugged(4)); // INIT and its answer, a message and its answer
    Session session = Session.with(PluggedKeys.of(token), "", "ping");
    assertEquals(3, session.exit());
    assertEquals("u2f ping: message 2 of 10: the key is gone: plug it in again\n", session.err());
  }

  @Test
  void pingRefusesNumbersOutOfRange() {
    for (String[] wrong : new String[][] {{"-n", "0"}, {"-n", "x"}, {"-s", "7610"}}) {
      Session session = Session.with(PluggedKeys.of(token), "", "ping", wrong[0], wrong[1]);
      assertEquals(2, session.exit());
      assertTrue(session.err().contains(", not \"" + wrong[1] + "\"\n"), session.err());
    }
  }

  @Test
  void registersAndSignsWithTheKeyThatIsPluggedIn() {
    HidToken touchedLate =
        new HidToken(SoftwareKey.create().withUserPresence(UserPresence.after(1)));
    Session registered = register(touchedLate);
    assertEquals(0, registered.exit(), registered.err());
    assertTrue(registered.err().matches("Touch your key\\.\\.\\. \\d+ s\n"), registered.err());
    String handle = Session.of(registered.out(), "inspect")
        .out()
        .replaceFirst("(?s).*for a sign request *(\\S+).*", "$1");
    Session signed = Session.with(
        PluggedKeys.of(touchedLate),
        REQUEST.replace("}", ",\"keyHandle\":\"" + handle + "\"}"),
        "sign",
        "--origin",
        "https://example.com");
    assertEquals(0, signed.exit(), signed.err());
    assertEquals(handle, signed.json().get("keyHandle"));
  }

  @Test
  void tellsOnceThatAnotherProgramIsUsingTheKey() {
    token.inject(Fault.busy(3));
    Session session = register(token);
    assertEquals(0, session.exit());
    assertEquals("Another program is using this key; waiting for it.\n", session.err());
  }

  @Test
  void asksForATouchThatAKeyWaitsForBeforeItAnswers() {
    // a registration is not asked first whether it is one: the answer to INIT, then that to
    // REGISTER
    token.inject(Fault.longInit());
    token.inject(Fault.keepalive(Duration.ofMillis(300)));
    Session session = register(token);
    assertEquals(0, session.exit(), session.err());
    assertTrue(session.err().matches("Touch your key\\.\\.\\. \\d+ s\n"), session.err());
  }

  @Test
  void givesUpOnAKeyThatDoesNotAnswer() {
    token.inject(Fault.mute());
    Session session = register(token, "--timeout", "3", "--json");
    assertEquals(3, session.exit());
    assertEquals(5, session.json().get("errorCode"));
    assertTrue(session.err().startsWith("u2f register: no key was touched in time"), session.err());
  }

  @Test
  void saysThatTheKeyWasTakenOut() {
    token.inject(Fault.unplugged(5));
    Session session = register(token, "--key", "/dev/hidraw0");
    assertEquals(new Session(3, "", "u2f register: the key is gone: plug it in again\n"), session);
  }

  @Test
  void showsACureOfSeveralLinesAsItIs() {
    AccessProblem problem = new AccessProblem(
        AccessProblem.Name.NO_PERMISSION,
        "this user may not use /dev/hidraw0",
        "add a rule:\n  echo rule");
    PluggedKeys blocked = PluggedKeys.of(token).withProblem(problem);
    String told = "this user may not use /dev/hidraw0: add a rule:\n  echo rule\n";
    assertEquals(new Session(3, "", "u2f wink: " + told), Session.with(blocked, "", "wink"));
    String key = "key in memory (/dev/hidraw0): ";
    Session waited = Session.with(
        blocked, REQUEST, "register", "--origin", "https://example.com", "--timeout", "3");
    assertEquals(
        new Session(3, "", key + told + "u2f register: no key can be used; " + key + told), waited);
  }

  @ParameterizedTest
  @ValueSource(strings = {"keys", "doctor", "info", "wink", "ping"})
  void theExamplesOfTheHelpWork(String command) {
    PluggedKeys four = PluggedKeys.of(token, token, token, token);
    PluggedKeys one = PluggedKeys.of(token);
    List<String> examples = Session.of("", command, "--help")
        .out()
        .lines()
        .filter(line -> line.startsWith("  u2f " + command) && !line.contains("--watch"))
        .toList();
    assertFalse(examples.isEmpty());
    for (String example : examples) {
      String[] args = example.strip().substring("u2f ".length()).split(" ");
      Session session = Session.with(example.contains("--key") ? four : one, "", args);
      assertEquals(0, session.exit(), example + session.err());
    }
  }
}
