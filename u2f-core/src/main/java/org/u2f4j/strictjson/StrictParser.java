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
 * Turns a text into a {@link JsonObject}. A value is a String, Long, Boolean, JsonObject, List of
 * these, NULL, or OTHER.
 */
final class StrictParser {
  static final Object NULL = new Object();

  /** Stands for numbers that are no long: legal in a member that nobody reads. */
  private static final Object OTHER = new Object();

  private static final int MAX_LENGTH = 65_536;
  private static final int MAX_DEPTH = 8;

  /** From how many members on a set says quicker than the list whether a name is there. */
  private static final int MANY = 16;

  /** Keeps no table of names: it would be shared by all threads, and a stranger's names can break it. */
  private static final JsonFactory FACTORY = JsonFactory.builder()
      .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
      .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxStringLength(MAX_LENGTH)
          .maxNameLength(256)
          .maxNumberLength(64)
          .build())
      .build();

  private final JsonParser parser;
  private final String text;

  private StrictParser(JsonParser parser, String text) {
    this.parser = parser;
    this.text = text;
  }

  /** Reads an object, or an array to be had as the member of that name. */
  static JsonObject parse(String text, @Nullable String arrayName) throws FormatException {
    if (text.length() > MAX_LENGTH) {
      throw new FormatException(
          "JSON of at most " + MAX_LENGTH + " characters, not " + text.length());
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      return new StrictParser(parser, text).parse(arrayName);
    } catch (JsonProcessingException e) {
      throw broken(e);
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new FormatException("not JSON: " + e.getMessage());
    }
  }

  /** The quick decoder puts U+FFFD for what is not UTF-8; where one is, the strict one has the say. */
  static String text(Bytes utf8) throws FormatException {
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

  private int offset() {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  private JsonObject parse(@Nullable String arrayName) throws IOException {
    JsonToken first = parser.nextToken();
    List<Object> members;
    if (first == JsonToken.START_OBJECT) {
      members = members();
    } else if (first == JsonToken.START_ARRAY && arrayName != null) {
      members = List.of(arrayName, elements());
    } else {
      throw new FormatException("a JSON object is expected", 0);
    }
    if (parser.nextToken() != null) {
      throw new FormatException("text follows the JSON object", offset());
    }
    return new JsonObject(members, "");
  }

  private List<Object> members() throws IOException {
    List<Object> members = new ArrayList<>();
    Set<String> names = Set.of();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      if (members.size() == 2 * MANY) {
        names = new HashSet<>();
        for (int i = 0; i < members.size(); i += 2) {
          names.add((String) members.get(i));
        }
      }
      boolean few = members.size() < 2 * MANY;
      if (few ? JsonObject.find(members, name) != null : !names.add(name)) {
        throw new FormatException("a JSON member stands twice", endOfString(offset()));
      }
      parser.nextToken();
      members.add(name);
      members.add(value());
    }
    return members;
  }

  /** The index behind a string that starts at an index and is whole. */
  private int endOfString(int start) {
    int i = start + 1;
    while (text.charAt(i) != '"') {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return i + 1;
  }

  private Object value() throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> new JsonObject(members(), "");
      case START_ARRAY -> elements();
      case VALUE_STRING -> string();
      case VALUE_NUMBER_INT -> whole();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> NULL;
      default -> OTHER;
    };
  }

  private List<Object> elements() throws IOException {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value());
    }
    return list;
  }

  /** An escape can name half of a surrogate pair, which has no UTF-8 form to hash. */
  private String string() throws IOException {
    String string = parser.getText();
    if (hasSurrogates(string)) {
      try {
        Bytes.utf8(string);
      } catch (IllegalArgumentException e) {
        throw new FormatException("in a JSON string " + e.getMessage(), offset());
      }
    }
    return string;
  }

  private static boolean hasSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private Object whole() throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? OTHER
        : (Object) parser.getLongValue();
  }
}
