package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages are the examples of FIDO U2F Raw Message Formats 1.2, section 8. */
class InspectCommandTest {
  static final String REGISTRATION =
      "0504b174bc49c7ca254b70d2e5c207cee9cf174820ebd77ea3c65508c26da51b657c1cc6b952"
          + "f8621697936482da0a6d3d3826a59095daf6cd7c03e2e60385d2f6d9402a552dfdb7477ed65f"
          + "d84133f86196010b2215b57da75d315b7b9e8fe2e3925a6019551bab61d16591659cbaf00b49"
          + "50f7abfe6660e2e006f76868b772d70c253082013c3081e4a003020102020a47901280001155"
          + "957352300a06082a8648ce3d0403023017311530130603550403130c476e756262792050696c"
          + "6f74301e170d3132303831343138323933325a170d3133303831343138323933325a3031312f"
          + "302d0603550403132650696c6f74476e756262792d302e342e312d3437393031323830303031"
          + "3135353935373335323059301306072a8648ce3d020106082a8648ce3d030107034200048d61"
          + "7e65c9508e64bcc5673ac82a6799da3c1446682c258c463fffdf58dfd2fa3e6c378b53d795c4"
          + "a4dffb4199edd7862f23abaf0203b4b8911ba0569994e101300a06082a8648ce3d0403020347"
          + "003044022060cdb6061e9c22262d1aac1d96d8c70829b2366531dda268832cb836bcd30dfa02"
          + "20631b1459f09e6330055722c8d89b7f48883b9089b88d60d1d9795902b30410df3045022014"
          + "71899bcc3987e62e8202c9b39c33c19033f7340352dba80fcab017db9230e402210082677d67"
          + "3d891933ade6f617e5dbde2e247e70423fd5ad7804a6d3d3961ef871";
  static final String AUTHENTICATION =
      "0100000001304402204b5f0cd17534cedd8c34ee09570ef542a353df4436030ce43d406de870"
          + "b847780220267bb998fac9b7266eb60e7cb0b5eabdfd5ba9614f53c7b22272ec10047a923f";
  static final String CLIENT_DATA =
      "{\"typ\":\"navigator.id.finishEnrollment\",\"challenge\":\"vqrS6WXD"
          + "e1JUs5_c3i4-LkKIHRr-3XVb3azuA5TifHo\",\"cid_pubkey\":{\"kty\":\"EC"
          + "\",\"crv\":\"P-256\",\"x\":\"HzQwlfXX7Q4S5MtCCnZUNBw3RMzPO9tOyWjBqRl"
          + "4tJ8\",\"y\":\"XVguGFLIZx1fXg3wNqfdbn75hi4-_7-BxhMljw42Ht4\"},\"or"
          + "igin\":\"http://example.com\"}";

  @TempDir
  Path folder;

  @Test
  void aTextMadeToBeLookedThroughAgainAndAgainIsRefusedSoon() {
    String text = "{" + "\"challenge\",".repeat(40_000) + "\"typ\"" + "x".repeat(400_000);
    Session session =
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Session.of(text, "inspect"));
    assertEquals(4, session.exit());
  }

  /** The field of that name, wherever it is: offset, length, value. */
  private static String field(Session session, String name) {
    assertEquals(0, session.exit(), session.err());
    for (Object section : (List<?>) session.json().get("sections")) {
      for (Object any : (List<?>) ((Map<?, ?>) section).get("fields")) {
        Map<?, ?> field = (Map<?, ?>) any;
        if (name.equals(field.get("name"))) {
          return field.get("offset") + " " + field.get("length") + " " + field.get("value");
        }
      }
    }
    throw new AssertionError("no field " + name + " in " + session.out());
  }

  @Test
  void showsTheSpecifiedRegistration() {
    Session session = Session.of(REGISTRATION, "inspect", "--json");
    assertEquals("registration", session.json().get("type"));
    assertEquals("1 65 " + REGISTRATION.substring(2, 132), field(session, "user public key"));
    assertEquals("67 64 " + REGISTRATION.substring(134, 262), field(session, "key handle"));
    assertEquals("131 320 " + REGISTRATION.substring(262, 902), field(session, "certificate"));
    assertTrue(session.out().contains("\"meaning\":\"X.509, shown below\""), session.out());
    assertEquals("451 71 " + REGISTRATION.substring(902), field(session, "signature"));
    assertEquals("null null CN=PilotGnubby-0.4.1-47901280001155957352", field(session, "subject"));
    assertEquals("null null CN=Gnubby Pilot", field(session, "issuer"));
    assertEquals("null null 2012-08-14 18:29:32 UTC", field(session, "valid from"));
    assertEquals(
        "null null on P-256, 048d617e65c9508e64bcc5673ac82a6799da3c1446682c258c463fffdf58dfd2fa"
            + "3e6c378b53d795c4a4dffb4199edd7862f23abaf0203b4b8911ba0569994e101",
        field(session, "public key"));
    assertEquals("null null not said", field(session, "U2F transports"));
  }

  @Test
  void showsACertificateThatItIssuedItself() throws Exception {
    Path key = folder.resolve("key");
    Session response = Session.of(
        "{\"challenge\":\"AAAA\",\"appId\":\"https://example.com\"}",
        "register",
        "--origin",
        "https://example.com",
        "--soft",
        key.toString());
    Session session = Session.of(response.out(), "inspect", "--json");
    assertTrue(field(session, "issuer").endsWith(", itself"), session.out());
    assertEquals("null null usb", field(session, "U2F transports"));
    assertTrue(field(session, "key identifier").matches("null null [0-9a-f]{40}"), session.out());
  }

  @Test
  void showsTheSpecifiedAuthentication() {
    Session session = Session.of("", "inspect", "--json", AUTHENTICATION);
    assertEquals("authentication", session.json().get("type"));
    assertEquals("0 1 01", field(session, "user presence"));
    assertEquals("1 4 00000001", field(session, "counter"));
    assertEquals("5 70 " + AUTHENTICATION.substring(10), field(session, "signature"));
  }

  @Test
  void showsTheSpecifiedClientData() {
    Session session = Session.of(CLIENT_DATA, "inspect", "--json");
    assertEquals("client-data", session.json().get("type"));
    // the hash that the specification gives for it
    assertEquals(
        "null null 4142d21c00d94ffb9d504ada8f99b721f4b191ae4e37ca0140f696b6983cfacb",
        field(session, "challenge parameter"));
    int origin = CLIENT_DATA.indexOf("\"http://example.com\"");
    assertEquals(origin + " 20 http://example.com", field(session, "origin"));
  }

  @ParameterizedTest
  @CsvSource({
    "00030000000000, command, 7",
    "000300000000000000, command, 9",
    "0003000000, command, 5",
    "6985, response, 2",
    "6a 80, response, 2",
    "0x6A:0x80, response, 2",
    "5532465f56329000, response, 8",
    "VTJGX1YykAA, response, 8",
  })
  void recognises(String input, String type, int length) {
    Session session = Session.of("", "inspect", "--json", input);
    assertEquals(0, session.exit(), session.err());
    assertEquals(type, session.json().get("type"));
    assertEquals(length, session.json().get("length"));
  }

  @Test
  void readsEveryNotation() throws Exception {
    byte[] raw = HexFormat.of().parseHex(REGISTRATION);
    Path binary = Files.write(folder.resolve("registration.bin"), raw);
    byte[] certificate = Arrays.copyOfRange(raw, 131, 451);
    Path der = Files.write(folder.resolve("certificate.der"), certificate);
    String pem = "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(certificate)
        + "\n-----END CERTIFICATE-----\n";
    Object[][] cases = {
      {Session.of(REGISTRATION + "9000", "inspect", "--json"), "response"},
      {Session.of(Base64.getEncoder().encodeToString(raw), "inspect", "--json"), "registration"},
      {Session.of(Base64.getUrlEncoder().encodeToString(raw), "inspect", "--json"), "registration"},
      {Session.of(HexFormat.ofDelimiter(" ").formatHex(raw), "inspect", "--json"), "registration"},
      {Session.of("", "inspect", "--json", "--file", binary.toString()), "registration"},
      {Session.of("", "inspect", "--json", "--file", der.toString()), "certificate"},
      {Session.of(pem, "inspect", "--json"), "certificate"},
      {
        Session.of(
            Base64.getUrlEncoder().encodeToString(CLIENT_DATA.getBytes(StandardCharsets.UTF_8)),
            "inspect",
            "--json"),
        "client-data"
      },
    };
    for (Object[] row : cases) {
      Session session = (Session) row[0];
      assertEquals(0, session.exit(), session.err());
      assertEquals(row[1], session.json().get("type"));
    }
  }

  @Test
  void recognisesTheDictionaries() {
    String registerResponse = "{\"registrationData\":\"%s\",\"clientData\":\"%s\"}"
        .formatted(
            Base64.getUrlEncoder().encodeToString(HexFormat.of().parseHex(REGISTRATION)),
            Base64.getUrlEncoder().encodeToString(CLIENT_DATA.getBytes(StandardCharsets.UTF_8)));
    Object[][] cases = {
      {registerResponse, "register-response"},
      {"{\"challenge\":\"AAAA\",\"version\":\"U2F_V2\",\"appId\":\"a\"}", "register-request"},
      {"{\"challenge\":\"AAAA\",\"keyHandle\":\"AAAA\",\"appId\":\"a\"}", "sign-request"},
      {
        "{\"challenge\":\"AAAA\",\"appId\":\"a\",\"registeredKeys\":"
            + "[{\"version\":\"U2F_V2\",\"keyHandle\":\"AAAA\"}]}",
        "sign-request"
      },
      {"{\"errorCode\":5}", "error"},
    };
    for (Object[] row : cases) {
      Session session = Session.of((String) row[0], "inspect", "--json");
      assertEquals(0, session.exit(), session.err());
      assertEquals(row[1], session.json().get("type"), session.out());
    }
  }

  @Test
  void alignsLinesForPeople() {
    Session session = Session.of("", "inspect", "6985");
    assertEquals("""
        Taken for a response APDU: 2 bytes, given as hex.

        response APDU
        offset length  name         value
             0      2  status word  6985  CONDITIONS_NOT_SATISFIED

        """, session.out());
  }

  @Test
  void takesWhatItIsToldTo() {
    assertEquals(4, Session.of("", "inspect", "1234").exit());
    Session session = Session.of("", "inspect", "--as", "response", "--json", "1234");
    assertEquals("0 2 1234", field(session, "status word"));
    assertEquals(2, Session.of("", "inspect", "--as", "nothing", "1234").exit());
  }

  @Test
  void saysInOneLineWhatTheInputIsNot() throws Exception {
    Path file = Files.writeString(folder.resolve("response.json"), "{}");
    Object[][] cases = {
      {Session.of("hello, world", "inspect"), 4, "this is neither hex, base64, PEM nor JSON"},
      {Session.of("", "inspect", "no/such.json"), 4, "; a file is named with --file FILE"},
      {Session.of("", "inspect", "000"), 4, "hex has two digits for each byte, and this has 3"},
      {
        Session.of("", "inspect", file.toString()),
        2,
        file + " is a file: u2f inspect --file " + file
      },
      {Session.of("", "inspect", "90", "00"), 2, "quote hex that has spaces"},
    };
    for (Object[] row : cases) {
      Session session = (Session) row[0];
      assertEquals(row[1], session.exit(), session.err());
      assertTrue(
          session.err().lines().findFirst().orElseThrow().contains((String) row[2]), session.err());
    }
    Session json = Session.of("hello, world", "inspect", "--json");
    assertEquals(4, json.exit());
    assertEquals(
        "this is neither hex, base64, PEM nor JSON; a file is named with --file FILE",
        json.json().get("error"));
    assertTrue(Session.of("{\"typ\":", "inspect").err().contains("not JSON"));
    assertFalse(Session.of("{\"typ\":\"\u00ff\"}", "inspect").err().contains("command APDU"));
  }

  @Test
  void keepsControlCharactersOutOfJsonAndListing() {
    String data = "{\"typ\":\"\u202e\u009b\u007f\",\"challenge\":\"AAAA\",\"origin\":\"x\"}";
    for (Session session : List.of(
        Session.of(data, "inspect"),
        Session.of(data, "inspect", "--json"),
        Session.of("", "inspect", "--debug", "--as", "\u202e\u009b\u007f"))) {
      String shown = session.out() + session.err();
      assertTrue(shown.contains("\\u202e\\u009b\\u007f"), shown);
      assertTrue(shown.chars().noneMatch(c -> c == 0x202e || c == 0x9b || c == 0x7f), shown);
    }
  }

  @Test
  void saysForEachTypeWhyNot() {
    Session session = Session.of("", "inspect", "--debug", "05ff");
    assertEquals(4, session.exit());
    assertEquals("", session.out());
    for (Kind kind : Kind.values()) {
      assertTrue(session.err().contains("not " + kind.description + ": "), session.err());
    }
    String short1 = Session.of("", "inspect", "05ff").err();
    assertTrue(short1.contains("not " + Kind.REGISTRATION.description), short1);
    assertFalse(short1.contains("JSON") || short1.contains("base64"), short1);
    assertEquals(4, Session.of("", "inspect").exit());
    assertEquals(4, Session.of("", "inspect", " ").exit());
    assertEquals(2, Session.of("", "inspect", "9000", "--file", "x").exit());
    assertEquals(4, Session.on("", new byte[] {0, 1, 2, (byte) 0xFF}, "inspect").exit());
  }
}
