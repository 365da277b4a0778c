package org.u2f4j.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;

/**
 * A JSON object read strictly: duplicate names, text behind it, more than 65,536 characters or eight
 * levels are refused, and a member has the type that it should have. Unknown members do no harm;
 * null stands for an absent member.
 */
final class JsonObject {
  private static final int MAX_LENGTH = 65_536;
  private static final int MAX_DEPTH = 8;

  private static final JsonFactory FACTORY = JsonFactory.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxStringLength(MAX_LENGTH)
          .maxNameLength(256)
          .maxNumberLength(64)
          .build())
      .build();

  /** Strings, Integers, Booleans, nested JsonObjects, Lists of these, or OTHER. */
  private final Map<String, Object> members;

  /** Where the object is, to begin an error with: "" or "registeredKeys[2]: ". */
  private final String place;

  /** Stands for numbers that are no int: legal in a member that nobody reads. */
  private static final Object OTHER = new Object();

  private JsonObject(Map<String, Object> members, String place) {
    this.members = members;
    this.place = place;
  }

  /** Reads a text that is one JSON object. */
  static JsonObject parse(String text) throws FormatException {
    return parse(text, null);
  }

  /** Reads a text that is one JSON object, or an array to be had as the member of that name. */
  private static JsonObject parse(String text, @Nullable String arrayName) throws FormatException {
    if (text.length() > MAX_LENGTH) {
      throw new FormatException(
          "JSON of at most " + MAX_LENGTH + " characters, not " + text.length());
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonToken first = parser.nextToken();
      Map<String, Object> members;
      if (first == JsonToken.START_OBJECT) {
        members = readMembers(parser);
      } else if (first == JsonToken.START_ARRAY && arrayName != null) {
        members = Map.of(arrayName, readArray(parser));
      } else {
        throw new FormatException("a JSON object is expected", 0);
      }
      if (parser.nextToken() != null) {
        throw new FormatException("text follows the JSON object", offset(parser));
      }
      return new JsonObject(members, "");
    } catch (JsonProcessingException e) {
      throw broken(e);
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new FormatException("not JSON: " + e.getMessage());
    }
  }

  /** Reads bytes that are one JSON object in UTF-8. */
  static JsonObject parse(Bytes utf8) throws FormatException {
    return parse(utf8, null);
  }

  /** Reads bytes that are one JSON object in UTF-8, or an array to be had as a member. */
  static JsonObject parse(Bytes utf8, @Nullable String arrayName) throws FormatException {
    ByteBuffer buffer = utf8.toBuffer();
    try {
      return parse(StandardCharsets.UTF_8.newDecoder().decode(buffer).toString(), arrayName);
    } catch (CharacterCodingException e) {
      throw new FormatException("not UTF-8", buffer.position());
    }
  }

  /** The parser's own message may quote the text, which may hold a challenge. */
  private static FormatException broken(JsonProcessingException e) {
    String what =
        e instanceof JsonParseException && String.valueOf(e.getMessage()).startsWith("Duplicate")
            ? "a JSON member stands twice"
            : "not JSON, or nested or long beyond the limits";
    long offset = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
    return offset < 0 ? new FormatException(what) : new FormatException(what, (int) offset);
  }

  private static int offset(JsonParser parser) {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  private static Map<String, Object> readMembers(JsonParser parser) throws IOException {
    Map<String, Object> members = new HashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      Object value = readValue(parser);
      if (value != null) {
        members.put(name, value);
      }
    }
    return members;
  }

  private static @Nullable Object readValue(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> new JsonObject(readMembers(parser), "");
      case START_ARRAY -> readArray(parser);
      case VALUE_STRING -> readText(parser);
      case VALUE_NUMBER_INT -> readInt(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> OTHER;
    };
  }

  private static List<Object> readArray(JsonParser parser) throws IOException {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object element = readValue(parser);
      list.add(element == null ? OTHER : element);
    }
    return list;
  }

  /** An escape can name half of a surrogate pair, which has no UTF-8 form to hash. */
  private static String readText(JsonParser parser) throws IOException {
    String text = parser.getText();
    try {
      Bytes.utf8(text);
      return text;
    } catch (IllegalArgumentException e) {
      throw new FormatException("in a JSON string " + e.getMessage(), offset(parser));
    }
  }

  private static Object readInt(JsonParser parser) throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.INT ? parser.getIntValue() : OTHER;
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  private FormatException wrong(String name, String what) {
    return new FormatException(place + "\"" + name + "\" " + what);
  }

  private <T> @Nullable T get(String name, Class<T> type, String what) throws FormatException {
    Object value = members.get(name);
    if (value != null && !type.isInstance(value)) {
      throw wrong(name, "is not " + what);
    }
    return type.cast(value);
  }

  private <T> T require(String name, @Nullable T value) throws FormatException {
    if (value == null) {
      throw wrong(name, "is missing");
    }
    return value;
  }

  @Nullable
  String optionalString(String name) throws FormatException {
    return get(name, String.class, "a string");
  }

  String string(String name) throws FormatException {
    return require(name, optionalString(name));
  }

  @Nullable
  Integer optionalInt(String name) throws FormatException {
    return get(name, Integer.class, "a whole number of 32 bits");
  }

  @Nullable
  JsonObject optionalObject(String name) throws FormatException {
    return get(name, JsonObject.class, "an object");
  }

  @Nullable
  AppId optionalAppId(String name) throws FormatException {
    String value = optionalString(name);
    return value == null ? null : new AppId(value);
  }

  Bytes bytes(String name) throws FormatException {
    String text = string(name);
    try {
      return Bytes.fromBase64Url(text);
    } catch (FormatException e) {
      throw wrong(name, "is not websafe base64: " + e.getMessage());
    }
  }

  interface Decoder<T> {
    T decode(Bytes bytes) throws FormatException;
  }

  /** What the bytes that a member holds in base64 say. */
  <T> T decoded(String name, Decoder<T> decoder) throws FormatException {
    Bytes bytes = bytes(name);
    try {
      return decoder.decode(bytes);
    } catch (FormatException e) {
      throw e.in(place + "\"" + name + "\"");
    }
  }

  KeyHandle keyHandle(String name) throws FormatException {
    Bytes bytes = bytes(name);
    if (bytes.length() > KeyHandle.MAX_CREDENTIAL_ID_LENGTH) {
      throw wrong(name, "has more than 1023 bytes");
    }
    return new KeyHandle(bytes);
  }

  /** A challenge: base64 that is used exactly as it was written. */
  String challenge(String name) throws FormatException {
    if (bytes(name).length() == 0) {
      throw wrong(name, "is empty");
    }
    return string(name);
  }

  List<JsonObject> objects(String name) throws FormatException {
    List<?> list = get(name, List.class, "an array");
    List<JsonObject> objects = new ArrayList<>();
    for (Object element : list == null ? List.of() : list) {
      if (!(element instanceof JsonObject object)) {
        throw wrong(name, "holds something that is not an object");
      }
      String where = place + name + "[" + objects.size() + "]: ";
      objects.add(new JsonObject(object.members, where));
    }
    return objects;
  }

  List<String> strings(String name) throws FormatException {
    List<?> list = get(name, List.class, "an array");
    List<String> strings = new ArrayList<>();
    for (Object element : list == null ? List.of() : list) {
      if (!(element instanceof String string)) {
        throw wrong(name, "holds something that is not a string");
      }
      strings.add(string);
    }
    return List.copyOf(strings);
  }

  /** Refuses a message that another member shows to be of another kind. */
  void requireAbsent(String... names) throws FormatException {
    for (String name : names) {
      if (has(name)) {
        throw wrong(name, "does not belong in this kind of request");
      }
    }
  }

  /** Refuses a message that says it is of another type. */
  void requireType(String type) throws FormatException {
    String actual = optionalString("type");
    if (actual != null && !actual.equals(type)) {
      throw wrong("type", "is not " + type);
    }
  }

  /** What a response message of the given type carries, or the object itself if it is none. */
  JsonObject responseData(String type) throws FormatException, ErrorCodeException {
    requireType(type);
    JsonObject inner = optionalObject("responseData");
    JsonObject data = inner == null ? this : inner;
    Integer code = data.optionalInt("errorCode");
    if (code != null && code != ErrorCode.OK.value()) {
      String message = data.optionalString("errorMessage");
      throw new ErrorCodeException(
          ErrorCode.of(code),
          "the client answered error " + code + (message == null ? "" : ": " + message));
    }
    return data;
  }
}
