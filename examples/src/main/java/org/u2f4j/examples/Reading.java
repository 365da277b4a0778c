package org.u2f4j.examples;

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

  /** All ways, the likeliest first; at least one. */
  static List<Reading> all(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1).strip();
    if (text.startsWith("{")) {
      return List.of(
          new Reading("JSON", Bytes.utf8(new String(input, StandardCharsets.UTF_8).strip())));
    }
    List<Reading> readings = new ArrayList<>();
    String digits = BETWEEN_HEX.matcher(text).replaceAll("");
    add(readings, "hex", () -> Bytes.fromHex(digits.toLowerCase(Locale.ROOT)));
    var pem = PEM.matcher(text);
    String base64 = pem.matches() ? pem.group(1) : text;
    add(readings, pem.matches() ? "PEM" : "base64", () -> Bytes.fromBase64Url(websafe(base64)));
    if (readings.isEmpty()) {
      readings.add(new Reading("binary", Bytes.of(input)));
    }
    return readings;
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
