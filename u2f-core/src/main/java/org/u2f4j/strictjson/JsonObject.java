package org.u2f4j.strictjson;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/**
 * A JSON object read strictly: duplicate names, text behind it, more than 65,536 characters or eight
 * levels are refused, and a member has the type that it should have. Unknown members do no harm;
 * null stands for an absent member.
 */
public final class JsonObject {
  /**
   * Names and values by turns, looked through from the start: objects are small, and of a great one
   * only a few members are asked for. Values are those of {@link StrictParser}.
   */
  private final List<Object> members;

  /** Where the object is, to begin an error with: "" or "registeredKeys[2]: ". */
  private final String place;

  JsonObject(List<Object> members, String place) {
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
    return StrictParser.parse(text, null);
  }

  /**
   * Reads bytes.
   *
   * @param utf8 one JSON object in UTF-8
   * @return the object
   * @throws FormatException if that is not what the bytes are
   */
  public static JsonObject parse(Bytes utf8) throws FormatException {
    return StrictParser.parse(StrictParser.text(utf8), null);
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
    return StrictParser.parse(StrictParser.text(utf8), arrayName);
  }

  /** The value that stands behind a name; null if the name is not there. */
  static @Nullable Object find(List<Object> members, String name) {
    for (int i = 0; i < members.size(); i += 2) {
      if (name.equals(members.get(i))) {
        return members.get(i + 1);
      }
    }
    return null;
  }

  private @Nullable Object find(String name) {
    Object value = find(members, name);
    return value == StrictParser.NULL ? null : value;
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
   * An object.
   *
   * @param name the name of the member
   * @return the object
   * @throws FormatException if it is absent or no object
   */
  public JsonObject object(String name) throws FormatException {
    return new JsonObject(require(name, optionalObject(name)).members, place + name + ": ");
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
