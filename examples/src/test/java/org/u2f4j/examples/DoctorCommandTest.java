package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.hid.AccessException;
import org.u2f4j.hid.AccessProblem;
import org.u2f4j.hid.DeviceInfo;
import org.u2f4j.hid.HidConnection;
import org.u2f4j.hid.HidKey;
import org.u2f4j.hid.HidKeys;
import org.u2f4j.hid.token.HidToken;
import org.u2f4j.soft.SoftwareKey;

class DoctorCommandTest {
  private static final AccessProblem NO_PERMISSION = new AccessProblem(
      AccessProblem.Name.NO_PERMISSION, "this user may not use it", "add a rule:\n  echo rule");

  private final HidToken token = new HidToken(SoftwareKey.create());

  /** The lines for the keys and for the way to them; Java is another on each machine. */
  private static String withoutJava(Session session) {
    assertTrue(session.out().startsWith("ok      Java: " + Runtime.version()), session.out());
    return session.out().replaceFirst("(?s)^.*?native access: [^\n]*\n", "");
  }

  private static List<?> checks(Session session) {
    return (List<?>) session.json().get("checks");
  }

  @Test
  void saysThatAllIsWell() {
    PluggedKeys two = PluggedKeys.of(token, token);
    Session session = Session.with(two, "", "doctor");
    assertEquals(0, session.exit());
    assertEquals("", session.err());
    String key = "ok      /dev/hidraw%s 1209:0001 u2f4j key in memory 77: answers in N ms, protocol"
        + " 2, version 1.0.0, WINK, MSG\n";
    assertEquals(
        "ok      native library: loaded\n" + key.formatted(0) + key.formatted(1),
        withoutJava(session).replaceAll("in [0-9.]+ ms", "in N ms"));
    Session json = Session.with(two, "", "doctor", "--json");
    assertEquals(0, json.exit());
    assertEquals(true, json.json().get("ok"));
    Map<?, ?> first = (Map<?, ?>) checks(json).get(3);
    assertEquals("/dev/hidraw0", first.get("path"));
    assertEquals(true, first.get("ok"));
    assertTrue(Double.parseDouble((String) first.get("roundTripMillis")) > 0);
  }

  @Test
  void saysOfEachKeyWhatBlocksItAndWhatHelps() {
    PluggedKeys two = PluggedKeys.of(token, token).withProblem("/dev/hidraw1", NO_PERMISSION);
    Session session = Session.with(two, "", "doctor");
    assertEquals(1, session.exit());
    assertTrue(session.out().endsWith("""
        FAILED  /dev/hidraw1 1209:0001 u2f4j key in memory 77: this user may not use it
                add a rule:
                  echo rule
        """), session.out());
    Session json = Session.with(two, "", "doctor", "--json");
    assertEquals(1, json.exit());
    assertEquals(false, json.json().get("ok"));
    assertEquals(true, ((Map<?, ?>) checks(json).get(3)).get("ok"));
    Map<?, ?> second = (Map<?, ?>) checks(json).get(4);
    assertEquals("NO_PERMISSION", second.get("problem"));
    assertEquals("add a rule:\n  echo rule", second.get("cure"));
  }

  @Test
  void saysThatU2fIsTurnedOff() {
    HidToken off = token.withInfo(new DeviceInfo(2, 5, 4, 3, 0x0D));
    Session session = Session.with(PluggedKeys.of(off), "", "doctor");
    assertEquals(1, session.exit());
    assertTrue(session.out().contains("U2F is turned off on this key\n"), session.out());
  }

  @Test
  void theHelpSaysThatNoKeyIsNotWell() {
    String help = Session.of("", "doctor", "--help").out().replaceAll("\\s+", " ");
    String told =
        "The exit code is 0 if all is well, and 1 if anything is not, or if no key is plugged"
            + " in.";
    assertTrue(help.contains(told), help);
  }

  @Test
  void saysThatThereIsNoKeyOrWhatHidesIt() {
    Session none = Session.with(new PluggedKeys(), "", "doctor");
    assertEquals(1, none.exit());
    assertEquals("""
        ok      native library: loaded
        FAILED  keys: no key is plugged in: plug one in and try again; if one is, try another port, or hand it to this virtual machine or container
        """, withoutJava(none));
    Session hidden = Session.with(new PluggedKeys().withProblem(NO_PERMISSION), "", "doctor");
    assertEquals(1, hidden.exit());
    assertTrue(hidden.out().contains("FAILED  keys: this user may not use it\n"), hidden.out());
  }

  @Test
  void saysThatTheNativeLibraryDoesNotLoad() {
    AccessProblem problem = new AccessProblem(
        AccessProblem.Name.NO_NATIVE_LIBRARY, "it cannot be loaded", "install libudev");
    HidKeys finder = new HidKeys() {
      @Override
      public List<HidKey> list(Deadline deadline) throws AccessException {
        throw new AccessException(problem);
      }

      @Override
      public Optional<AccessProblem> whyNone() {
        return Optional.empty();
      }

      @Override
      public HidConnection open(HidKey key, Deadline deadline) {
        throw new AssertionError();
      }
    };
    Session session = Session.with(finder, "", "doctor");
    assertEquals(1, session.exit());
    assertEquals("""
        FAILED  native library: it cannot be loaded
                install libudev
        """, withoutJava(session));
    assertFalse(session.out().contains("keys:"));
  }
}
