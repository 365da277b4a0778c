package org.u2f4j.strictjson;

import com.fasterxml.jackson.core.JsonFactory;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/**
 * A JSON object read strictly: duplicate names, text behind it, more than 65,536 characters or eight
 * levels are refused, and a member has the type that it should have. Unknown members do no harm;
 * null stands for an absent member.
 */
public final class JsonObject {
  private static final int MAX_LENGTH = 65_536;
  private static final int MAX_DEPTH = 8;

  private static final JsonFactory FACTORY = JsonFactory.builder()
      .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxStringLength(MAX_LENGTH)
          .maxNameLength(256)
          .maxNumberLength(64)
          .build())
      .build();

  /**
   * Names and values by turns, looked through from the start: objects are small, and of a great one
   * only a few members are asked for. A value is a String, Long, Boolean, JsonObject, List of these,
   * NULL or OTHER.
   */
  private final List<Object> members;

  /** Where the object is, to begin an error with: "" or "registeredKeys[2]: ". */
  private final String place;

  private static final Object NULL = new Object();

  /** Stands for numbers that are no long: legal in a member that nobody reads. */
  private static final Object OTHER = new Object();

  /** From how many members on a set says quicker than the list whether a name is there. */
  private static final int MANY = 16;

  private JsonObject(List<Object> members, String place) {
    this.members = members;
    this.place = place;
  }

  /**
   * Reads a text.
   *
   * @param text one JSON object
   * @return the object
   * @throws FormatException if that is not what the text is
   */
  public static JsonObject parse(String text) throws FormatException {
    return parse(text, null);
  }

  /**
   * Reads bytes.
   *
   * @param utf8 one JSON object in UTF-8
   * @return the object
   * @throws FormatException if that is not what the bytes are
   */
  public static JsonObject parse(Bytes utf8) throws FormatException {
    return parse(text(utf8), null);
  }

  /**
   * Reads bytes that may be an array as well.
   *
   * @param utf8 one JSON object or array in UTF-8
   * @param arrayName the name of the member that an array is to be had as
   * @return the object, or one with the array as its only member
   * @throws FormatException if that is not what the bytes are
   */
  public static JsonObject parseOrArray(Bytes utf8, String arrayName) throws FormatException {
    return parse(text(utf8), arrayName);
  }

  private static JsonObject parse(String text, @Nullable String arrayName) throws FormatException {
    if (text.length() > MAX_LENGTH) {
      throw new FormatException(
          "JSON of at most " + MAX_LENGTH + " characters, not " + text.length());
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonToken first = parser.nextToken();
      List<Object> members;
      if (first == JsonToken.START_OBJECT) {
        members = readMembers(parser, text);
      } else if (first == JsonToken.START_ARRAY && arrayName != null) {
        members = List.of(arrayName, readArray(parser, text));
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

  /** The quick decoder puts U+FFFD for what is not UTF-8; where one is, the strict one has the say. */
  private static String text(Bytes utf8) throws FormatException {
    String text = new String(utf8.toArray(), StandardCharsets.UTF_8);
    if (text.indexOf('\ufffd') < 0) {
      return text;
    }
    ByteBuffer buffer = utf8.toBuffer();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException("not UTF-8", buffer.position());
    }
  }

  /** The parser's own message may quote the text, which may hold a challenge. */
  private static FormatException broken(JsonProcessingException e) {
    String what = "not JSON, or nested or long beyond the limits";
    long offset = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
    return offset < 0 ? new FormatException(what) : new FormatException(what, (int) offset);
  }

  private static int offset(JsonParser parser) {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  private static List<Object> readMembers(JsonParser parser, String text) throws IOException {
    List<Object> members = new ArrayList<>();
    Set<String> names = Set.of();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      if (members.size() == 2 * MANY) {
        names = new HashSet<>();
        for (int i = 0; i < members.size(); i += 2) {
          names.add((String) members.get(i));
        }
      }
      boolean twice = members.size() < 2 * MANY ? find(members, name) != null : !names.add(name);
      if (twice) {
        throw new FormatException("a JSON member stands twice", endOfString(text, offset(parser)));
      }
      parser.nextToken();
      members.add(name);
      members.add(readValue(parser, text));
    }
    return members;
  }

  /** The index behind a string that starts at an index and is whole. */
  private static int endOfString(String text, int start) {
    int i = start + 1;
    while (text.charAt(i) != '"') {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return i + 1;
  }

  private static @Nullable Object find(List<Object> members, String name) {
    for (int i = 0; i < members.size(); i += 2) {
      if (name.equals(members.get(i))) {
        return members.get(i + 1);
      }
    }
    return null;
  }

  private static Object readValue(JsonParser parser, String text) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> new JsonObject(readMembers(parser, text), "");
      case START_ARRAY -> readArray(parser, text);
      case VALUE_STRING -> readText(parser);
      case VALUE_NUMBER_INT -> readWhole(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> NULL;
      default -> OTHER;
    };
  }

  private static List<Object> readArray(JsonParser parser, String text) throws IOException {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(readValue(parser, text));
    }
    return list;
  }

  /** An escape can name half of a surrogate pair, which has no UTF-8 form to hash. */
  private static String readText(JsonParser parser) throws IOException {
    String text = parser.getText();
    if (hasSurrogates(text)) {
      try {
        Bytes.utf8(text);
      } catch (IllegalArgumentException e) {
        throw new FormatException("in a JSON string " + e.getMessage(), offset(parser));
      }
    }
    return text;
  }

  private static boolean hasSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static Object readWhole(JsonParser parser) throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? OTHER
        : (Object) parser.getLongValue();
  }

  private @Nullable Object find(String name) {
    Object value = find(members, name);
    return value == NULL ? null : value;
  }

  private <T> @Nullable T get(String name, Class<T> type, String what) throws FormatException {
    Object value = find(name);
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

  /**
   * A member that is not as it should be.
   *
   * @param name its name
   * @param what what is wrong, such as "is empty"
   * @return the failure, which says where the object is
   */
  public FormatException wrong(String name, String what) {
    return new FormatException(place + "\"" + name + "\" " + what);
  }

  /**
   * Whether there is such a member.
   *
   * @param name its name
   * @return false also for null
   */
  public boolean has(String name) {
    return find(name) != null;
  }

  /**
   * A string that may be absent.
   *
   * @param name the name of the member
   * @return the string, or null
   * @throws FormatException if it is no string
   */
  public @Nullable String optionalString(String name) throws FormatException {
    return get(name, String.class, "a string");
  }

  /**
   * A string.
   *
   * @param name the name of the member
   * @return the string
   * @throws FormatException if it is absent or no string
   */
  public String string(String name) throws FormatException {
    return require(name, optionalString(name));
  }

  /**
   * A number that may be absent.
   *
   * @param name the name of the member
   * @return the number, or null
   * @throws FormatException if it is no whole number of 32 bits
   */
  public @Nullable Integer optionalInt(String name) throws FormatException {
    String what = "a whole number of 32 bits";
    Long value = get(name, Long.class, what);
    if (value != null && value.intValue() != value) {
      throw wrong(name, "is not " + what);
    }
    return value == null ? null : value.intValue();
  }

  /**
   * A greater number that may be absent.
   *
   * @param name the name of the member
   * @return the number, or null
   * @throws FormatException if it is no whole number of 64 bits
   */
  public @Nullable Long optionalLong(String name) throws FormatException {
    return get(name, Long.class, "a whole number of 64 bits");
  }

  /**
   * A greater number.
   *
   * @param name the name of the member
   * @return the number
   * @throws FormatException if it is absent or no whole number of 64 bits
   */
  public long longValue(String name) throws FormatException {
    return require(name, optionalLong(name));
  }

  /**
   * A truth value that may be absent.
   *
   * @param name the name of the member
   * @return true, false or null
   * @throws FormatException if it is neither true nor false
   */
  public @Nullable Boolean optionalBoolean(String name) throws FormatException {
    return get(name, Boolean.class, "true or false");
  }

  /**
   * A truth value.
   *
   * @param name the name of the member
   * @return true or false
   * @throws FormatException if it is absent, or neither true nor false
   */
  public boolean booleanValue(String name) throws FormatException {
    return require(name, optionalBoolean(name));
  }

  /**
   * An object that may be absent.
   *
   * @param name the name of the member
   * @return the object, or null
   * @throws FormatException if it is no object
   */
  public @Nullable JsonObject optionalObject(String name) throws FormatException {
    return get(name, JsonObject.class, "an object");
  }

  /**
   * Objects.
   *
   * @param name the name of the member
   * @return the elements of the array; none if it is absent
   * @throws FormatException if it is no array, or holds anything but objects
   */
  public List<JsonObject> objects(String name) throws FormatException {
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

  /**
   * Strings.
   *
   * @param name the name of the member
   * @return the elements of the array; none if it is absent
   * @throws FormatException if it is no array, or holds anything but strings
   */
  public List<String> strings(String name) throws FormatException {
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

  /**
   * Bytes that stand there in base64.
   *
   * @param name the name of the member
   * @return the bytes
   * @throws FormatException if it is absent or not websafe base64
   */
  public Bytes bytes(String name) throws FormatException {
    String text = string(name);
    try {
      return Bytes.fromBase64Url(text);
    } catch (FormatException e) {
      throw wrong(name, "is not websafe base64: " + e.getMessage());
    }
  }

  /**
   * Reads bytes.
   *
   * @param <T> what they say
   */
  public interface Decoder<T> {
    /**
     * Reads all of them.
     *
     * @param bytes the bytes
     * @return what they say
     * @throws FormatException if they do not parse
     */
    T decode(Bytes bytes) throws FormatException;
  }

  /**
   * What the bytes say that stand there in base64.
   *
   * @param <T> what they say
   * @param name the name of the member
   * @param decoder reads them
   * @return what they say
   * @throws FormatException if it is absent or not websafe base64, or the bytes do not parse
   */
  public <T> T decoded(String name, Decoder<T> decoder) throws FormatException {
    Bytes bytes = bytes(name);
    try {
      return decoder.decode(bytes);
    } catch (FormatException e) {
      throw e.in(place + "\"" + name + "\"");
    }
  }
}
