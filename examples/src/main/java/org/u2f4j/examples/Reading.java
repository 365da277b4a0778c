package org.u2f4j.examples;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/**
 * One way to take an input. A text can often be taken in several: every text of hexadecimal digits
 * is base64 too.
 *
 * @param form what it was taken for
 * @param bytes what that gives
 */
record Reading(String form, Bytes bytes) {
  private static final Pattern BETWEEN_HEX = Pattern.compile("0[xX]|[\\s:,]+");
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN [A-Z0-9 ]+-----([A-Za-z0-9+/=\\s]*)-----END [A-Z0-9 ]+-----");

  private static final Pattern DIGITS = Pattern.compile("[0-9a-fA-F]+");

  /** All ways, the likeliest first; none if it is a text of no kind. */
  static List<Reading> all(byte[] input) {
    String text = stripped(input);
    if (text.startsWith("{")) {
      return List.of(new Reading("JSON", Bytes.of(text.getBytes(StandardCharsets.ISO_8859_1))));
    }
    List<Reading> readings = new ArrayList<>();
    String digits = digits(text);
    add(readings, "hex", () -> Bytes.fromHex(digits.toLowerCase(Locale.ROOT)));
    var pem = PEM.matcher(text);
    String base64 = pem.matches() ? pem.group(1) : text;
    add(readings, pem.matches() ? "PEM" : "base64", () -> Bytes.fromBase64Url(websafe(base64)));
    if (readings.isEmpty() && !isText(input)) {
      readings.add(new Reading("binary", Bytes.of(input)));
    }
    return readings;
  }

  /** How many digits there are if it is hex that lacks one; 0 if not. */
  static int oddDigits(byte[] input) {
    String digits = digits(stripped(input));
    return DIGITS.matcher(digits).matches() && digits.length() % 2 == 1 ? digits.length() : 0;
  }

  /** The text; each byte is a character, so that all bytes come back from it. */
  private static String stripped(byte[] input) {
    return new String(input, StandardCharsets.ISO_8859_1).strip();
  }

  private static String digits(String text) {
    return BETWEEN_HEX.matcher(text).replaceAll("");
  }

  private static boolean isText(byte[] input) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(input))
          .chars()
          .noneMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c));
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String websafe(String base64) {
    return base64.replaceAll("\\s", "").replace('+', '-').replace('/', '_');
  }

  private interface Decoder {
    Bytes decode() throws FormatException;
  }

  private static void add(List<Reading> readings, String form, Decoder decoder) {
    try {
      readings.add(new Reading(form, decoder.decode()));
    } catch (FormatException e) {
      // not in this form
    }
  }
}
