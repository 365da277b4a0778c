package org.u2f4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.u2f4j.Samples.assertRefused;
import static org.u2f4j.Samples.hex;

import org.junit.jupiter.api.Test;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.strictjson.JsonObject;

class U2fJsonTest {
  @Test
  void keyHandlesAndChallengesAreBase64() throws FormatException {
    JsonObject json = JsonObject.parse("""
        {"b": "AQID", "padded": "AQ==", "empty": "", "broken": "AR", "longest": "%s", "longer": "%s",
         "number": 1}""".formatted("A".repeat(1364), "A".repeat(1366)));
    assertEquals(hex("010203"), U2fJson.keyHandle(json, "b").bytes());
    assertEquals(hex("01"), U2fJson.keyHandle(json, "padded").bytes());
    assertEquals("AQ==", U2fJson.challenge(json, "padded")); // as it is written
    assertEquals(Bytes.EMPTY, U2fJson.keyHandle(json, "empty").bytes());
    assertEquals(1023, U2fJson.keyHandle(json, "longest").bytes().length());
    assertRefused("\"longer\" has more than 1023 bytes", () -> U2fJson.keyHandle(json, "longer"));
    assertRefused("\"empty\" is empty", () -> U2fJson.challenge(json, "empty"));
    assertRefused("\"number\" is not a string", () -> U2fJson.challenge(json, "number"));
    assertRefused(
        "\"broken\" is not websafe base64: unused bits of the last base64 character are not zero"
            + " at offset 1",
        () -> U2fJson.challenge(json, "broken"));
  }

  @Test
  void anAppIdMayBeAbsent() throws FormatException {
    JsonObject json = JsonObject.parse("{\"appId\": \"https://example.com\", \"nothing\": null}");
    assertEquals("https://example.com", U2fJson.optionalAppId(json, "appId").value());
    assertNull(U2fJson.optionalAppId(json, "nothing"));
    assertNull(U2fJson.optionalAppId(json, "absent"));
  }
}
