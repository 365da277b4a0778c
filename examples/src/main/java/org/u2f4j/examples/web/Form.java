package org.u2f4j.examples.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What was filled in: names and values as browsers send them, each name once. */
final class Form {
  static final String TYPE = "application/x-www-form-urlencoded";
  static final Form EMPTY = new Form(Map.of());

  private static final int MOST_FIELDS = 20;
  private static final int HEX = 16;

  private final Map<String, String> fields;

  private Form(Map<String, String> fields) {
    this.fields = fields;
  }

  /** Reads {@code a=1&b=2}, percent-encoded UTF-8 (URL Standard, section 5.1), but strictly. */
  static Form parse(String text) throws BadRequestException {
    Map<String, String> fields = new HashMap<>();
    String[] pairs = text.split("&", MOST_FIELDS + 1);
    if (pairs.length > MOST_FIELDS) {
      throw malformed("it has more than " + MOST_FIELDS + " fields");
    }
    for (String pair : pairs) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (fields.put(name, value) != null) {
        throw malformed("a field is there twice");
      }
    }
    return new Form(fields);
  }

  /** The value; empty if there is none. */
  String value(String name) {
    return fields.getOrDefault(name, "");
  }

  private static String decoded(String text) throws BadRequestException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), HEX) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), HEX) : -1;
        if (high < 0 || low < 0) {
          throw malformed("a percent sign is not followed by two hexadecimal digits");
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else if (c <= ' ' || c > '~') {
        throw malformed("a character is not encoded");
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("a value is not UTF-8");
    }
  }

  private static BadRequestException malformed(String why) {
    return new BadRequestException(
        BadRequestException.BAD_REQUEST, "This form cannot be read: " + why + ".");
  }

  /** Hides the values, passwords among them. */
  @Override
  public String toString() {
    return "form of " + fields.keySet();
  }
}
