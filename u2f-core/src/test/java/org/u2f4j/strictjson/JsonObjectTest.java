package org.u2f4j.strictjson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.Samples.assertRefused;
import static org.u2f4j.Samples.hex;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/** What the reader takes for a JSON object, and what it makes of members. */
class JsonObjectTest {
  /** Names with one sum of 33 * first + second, by which a shared table would have sorted them. */
  @Test
  void namesThatAStrangerChoseToCollideDoNoHarm() throws Exception {
    for (int names = 100; names <= 400; names += 10) {
      String members = IntStream.range(0, names)
          .mapToObj(i -> "\"" + (char) (0x4000 + i) + (char) (0x8000 - 33 * i) + "\":1,")
          .collect(Collectors.joining());
      String more = IntStream.range(0, 3_000)
          .mapToObj(i -> "\"n" + i + "\":1,")
          .collect(Collectors.joining());
      assertEquals(
          2,
          JsonObject.parse("{" + members + more + "\"typ\":2}").longValue("typ"),
          "names: " + names);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | 0", // something else than an object
        "[] | 0",
        "[{}] | 0",
        "1 | 0",
        "null | 0",
        "\"text\" | 0",
        "{} {} | 3", // text behind it
        "{}{} | 2",
        "{} [ | 3",
        "{} 1 | 3",
        "{\"a\":1,\"a\":1} | 10", // duplicate names, also of members that nobody reads
        "} | 0", // no JSON from the start
        "x | 0",
        "{\"x\":{\"a\":1,\"b\":2,\"a\":3}} | 21",
        "{\"x\":[{\"a\":1,\"a\":null}]} | 16",
        "{\"a\":1,\"\\u0061\":1} | 15",
      })
  void whatIsNotOneObjectIsRefused(String text, int offset) {
    assertRefused(offset, () -> JsonObject.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "}",
        "{} x",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":\"1",
        "{\"a\":[1",
        "{\"a\"}",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\":[1,]}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":'1'}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":0x10}",
        "{\"a\":NaN}",
        "{\"a\":-Infinity}",
        "{\"a\":True}",
        "{\"a\":nul}",
        "{/* */}",
        "{}//",
        "{}#",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\u0000\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "\ufeff{}",
        "{\"a\":1]",
        "{\"a\":[1}",
        "{\"secret-challenge",
        "{\"a\":secret-challenge}",
      })
  void brokenJsonIsRefusedAndNotQuoted(String text) {
    FormatException refusal = assertThrows(FormatException.class, () -> JsonObject.parse(text));
    assertFalse(String.valueOf(refusal.getMessage()).contains("secret"), refusal.getMessage());
    assertRefused(refusal.offset(), () -> JsonObject.parse(Bytes.utf8(text)));
  }

  @Test
  void aRefusalSaysWhatAndWhere() {
    assertRefused(
        "a JSON member stands twice at offset 10", () -> JsonObject.parse("{\"a\":1,\"a\":1}"));
    assertRefused("text follows the JSON object at offset 2", () -> JsonObject.parse("{}{}"));
    assertRefused(
        "not JSON, or nested or long beyond the limits at offset 5",
        () -> JsonObject.parse("{\"a\":x}"));
    assertRefused(
        "in a JSON string half of a surrogate pair has no UTF-8 form at offset 5",
        () -> JsonObject.parse("{\"a\":\"\\ud800\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\\ud83d", "\\udd11", "\\udd11\\ud83d", "x\\ud83dx", "\ud83d", "\udd11", "\ud83dx"
      })
  void halfASurrogatePairIsRefused(String text) {
    assertThrows(FormatException.class, () -> JsonObject.parse("{\"a\":\"%s\"}".formatted(text)));
  }

  @Test
  void aWholeSurrogatePairIsText() throws FormatException {
    assertEquals("\ud83d\udd11", JsonObject.parse("{\"a\":\"\\ud83d\\udd11\"}").string("a"));
    assertEquals("\ud83d\udd11", JsonObject.parse("{\"a\":\"\ud83d\udd11\"}").string("a"));
  }

  @ParameterizedTest
  @CsvSource({
    "7b22ff223a317d, 2", // no UTF-8 at all
    "7b22c0af223a317d, 2", // longer than needed
    "7b22eda080223a317d, 2", // half of a surrogate pair
    "7b22f4908080223a317d, 2", // beyond Unicode
    "7b7dc3, 2", // cut off
  })
  void whatIsNotUtf8IsRefused(String digits, int offset) {
    assertRefused(offset, () -> JsonObject.parse(hex(digits)));
  }

  @Test
  void eightLevelsAreTheLimit() throws FormatException {
    assertTrue(JsonObject.parse(nested(8)).has("a"));
    assertThrows(FormatException.class, () -> JsonObject.parse(nested(9)));
    assertThrows(FormatException.class, () -> JsonObject.parse(nested(20_000)));
  }

  private static String nested(int levels) {
    return "{\"a\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";
  }

  @Test
  void lengthsHaveLimits() throws FormatException {
    assertEquals("", JsonObject.parse("{\"a\":\"\"}" + " ".repeat(65_536 - 8)).string("a"));
    assertRefused(
        "JSON of at most 65536 characters, not 65537",
        () -> JsonObject.parse("{}" + " ".repeat(65_535)));
    String longest = "x".repeat(65_536 - 8);
    assertEquals(longest, JsonObject.parse("{\"a\":\"" + longest + "\"}").string("a"));

    String name = "n".repeat(256);
    assertTrue(JsonObject.parse("{\"" + name + "\":1}").has(name));
    assertThrows(FormatException.class, () -> JsonObject.parse("{\"" + name + "n\":1}"));

    String digits = "1".repeat(64);
    assertTrue(JsonObject.parse("{\"a\":" + digits + "}").has("a"));
    assertThrows(FormatException.class, () -> JsonObject.parse("{\"a\":" + digits + "1}"));
  }

  @Test
  void theLastOfThousandsOfMembersIsFound() throws FormatException {
    String many = IntStream.range(0, 6_000)
        .mapToObj(i -> "\"%x\":%d".formatted(i, i % 10))
        .collect(Collectors.joining(",", "{", "}"));
    JsonObject json = JsonObject.parse(many);
    assertEquals(5_999 % 10, json.optionalInt("%x".formatted(5_999)));
    assertFalse(json.has("%x".formatted(6_000)));
    assertThrows(FormatException.class, () -> JsonObject.parse(many.replace("}", ",\"0\":0}")));
  }

  @Test
  void noNameStandsTwiceInAnObjectOfAnySize() throws FormatException {
    for (int size = 1; size <= 40; size++) {
      StringBuilder members = new StringBuilder("{");
      for (int i = 0; i < size; i++) {
        members.append("\"%02d\":null,".formatted(i));
      }
      assertFalse(JsonObject.parse(members + "\"x\":1}").has("00"));
      int end = members.length() + 4;
      for (int i = 0; i < size; i++) {
        String again = members + "\"%02d\":1}".formatted(i);
        assertRefused(end, () -> JsonObject.parse(again));
      }
    }
  }

  private static final String MEMBERS = """
      {"text": "t", "empty": "", "zero": 0, "int": 2147483647, "least": -2147483648,
       "long": 2147483648, "fraction": 1.0, "huge": 1e999, "most": 9223372036854775807, "lowest": -9223372036854775808,
       "more": 9223372036854775808, "yes": true, "no": false, "nothing": null,
       "object": {"inner": 1}, "array": ["a", "b"], "mixed": ["a", 1], "holes": ["a", null],
       "objects": [{"n": 0}, {"n": "x"}], "no-objects": [{}, []], "none": []}""";

  @Test
  void membersHaveTheTypeThatTheyShouldHave() throws FormatException {
    JsonObject json = JsonObject.parse(MEMBERS);
    assertEquals("t", json.string("text"));
    assertEquals("", json.optionalString("empty"));
    assertEquals(0, json.optionalInt("zero"));
    assertEquals(Integer.MAX_VALUE, json.optionalInt("int"));
    assertEquals(Integer.MIN_VALUE, json.optionalInt("least"));
    assertEquals(1L, json.optionalObject("object").optionalLong("inner"));
    assertEquals(2_147_483_648L, json.optionalLong("long"));
    assertEquals(Long.MAX_VALUE, json.longValue("most"));
    assertEquals(Long.MIN_VALUE, json.longValue("lowest"));
    assertEquals(true, json.optionalBoolean("yes"));
    assertTrue(json.booleanValue("yes"));
    assertFalse(json.booleanValue("no"));
    assertEquals(List.of("a", "b"), json.strings("array"));
    assertEquals(List.of(), json.strings("none"));
    assertEquals(List.of(), json.objects("none"));
    assertEquals(2, json.objects("objects").size());
    assertEquals(0, json.objects("objects").get(0).optionalInt("n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "absent"})
  void nullStandsForAnAbsentMember(String name) throws FormatException {
    JsonObject json = JsonObject.parse(MEMBERS);
    assertFalse(json.has(name));
    assertNull(json.optionalString(name));
    assertNull(json.optionalInt(name));
    assertNull(json.optionalObject(name));
    assertNull(json.optionalLong(name));
    assertNull(json.optionalBoolean(name));
    assertEquals(List.of(), json.strings(name));
    assertEquals(List.of(), json.objects(name));
    assertRefused("\"" + name + "\" is missing", () -> json.string(name));
    assertRefused("\"" + name + "\" is missing", () -> json.bytes(name));
    assertRefused("\"" + name + "\" is missing", () -> json.longValue(name));
    assertRefused("\"" + name + "\" is missing", () -> json.booleanValue(name));
  }

  @Test
  void otherTypesAreRefused() throws FormatException {
    JsonObject json = JsonObject.parse(MEMBERS);
    for (String name : List.of("zero", "yes", "object", "array", "fraction")) {
      assertRefused("\"" + name + "\" is not a string", () -> json.optionalString(name));
      assertRefused("\"" + name + "\" is not a string", () -> json.string(name));
    }
    for (String name : List.of("text", "long", "fraction", "huge", "no", "object", "array")) {
      String message = "\"" + name + "\" is not a whole number of 32 bits";
      assertRefused(message, () -> json.optionalInt(name));
    }
    for (String name : List.of("text", "more", "fraction", "huge", "no", "object", "array")) {
      String message = "\"" + name + "\" is not a whole number of 64 bits";
      assertRefused(message, () -> json.optionalLong(name));
      assertRefused(message, () -> json.longValue(name));
    }
    for (String name : List.of("text", "zero", "object", "array")) {
      String message = "\"" + name + "\" is not true or false";
      assertRefused(message, () -> json.optionalBoolean(name));
      assertRefused(message, () -> json.booleanValue(name));
    }
    assertRefused("\"text\" is not an object", () -> json.optionalObject("text"));
    assertRefused("\"array\" is not an object", () -> json.optionalObject("array"));
    assertRefused("\"object\" is not an array", () -> json.strings("object"));
    assertRefused("\"text\" is not an array", () -> json.objects("text"));
    assertRefused("\"mixed\" holds something that is not a string", () -> json.strings("mixed"));
    assertRefused("\"holes\" holds something that is not a string", () -> json.strings("holes"));
    assertRefused(
        "\"no-objects\" holds something that is not an object", () -> json.objects("no-objects"));
    assertRefused(
        "objects[1]: \"n\" is not a whole number of 32 bits",
        () -> json.objects("objects").get(1).optionalInt("n"));
  }

  @Test
  void base64MembersAreDecoded() throws FormatException {
    JsonObject json = JsonObject.parse("""
        {"b": "AQID", "padded": "AQ==", "empty": "", "broken": "AR", "number": 1}""");
    assertEquals(hex("010203"), json.bytes("b"));
    assertEquals(hex("01"), json.bytes("padded"));
    assertEquals(Bytes.EMPTY, json.bytes("empty"));
    assertEquals(3, json.decoded("b", Bytes::length));
    assertRefused("\"number\" is not a string", () -> json.bytes("number"));
    assertRefused(
        "\"broken\" is not websafe base64: unused bits of the last base64 character are not zero"
            + " at offset 1",
        () -> json.bytes("broken"));
    assertRefused(
        "\"b\": no good at offset 2",
        () -> json.decoded("b", bytes -> {
          throw new FormatException("no good", 2);
        }));
  }
}
