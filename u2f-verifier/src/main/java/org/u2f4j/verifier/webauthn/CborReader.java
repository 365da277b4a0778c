package org.u2f4j.verifier.webauthn;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

/**
 * Reads maps of CBOR (RFC 8949) as strictly as CTAP2 has them written: numbers and lengths in their
 * shortest form, lengths in front, no key twice, no tags; but members in any order, since real keys
 * do not sort them. Fractions are refused too; nothing here has any.
 *
 * <p>Written by hand: of the libraries there are, Jackson's needs databind on the module path, and the
 * others have no module name but that of their file, "cbor" for three of them, and follow a
 * stranger's depth and lengths. A test holds it against one of those.
 *
 * <p>A value is a Long, Bytes, String, Boolean, List, CborMap or OTHER. Time and memory are bounded
 * by the length of the bytes.
 */
final class CborReader {
  private static final int MAX_DEPTH = 8;

  /** Stands for null and undefined: legal in a member that nobody reads. */
  private static final Object OTHER = new Object();

  private final Bytes bytes;
  private int at;

  CborReader(Bytes bytes, int start) {
    this.bytes = bytes;
    this.at = start;
  }

  /** The one map that the bytes are. */
  static CborMap decode(Bytes bytes) throws FormatException {
    CborReader reader = new CborReader(bytes, 0);
    CborMap map = reader.map();
    reader.requireEnd();
    return map;
  }

  /** The map that stands next. */
  CborMap map() throws FormatException {
    int start = at;
    if (value(0) instanceof CborMap map) {
      return map;
    }
    throw new FormatException("a CBOR map is expected", start);
  }

  /** The index behind what was read. */
  int at() {
    return at;
  }

  void requireEnd() throws FormatException {
    if (at != bytes.length()) {
      throw new FormatException((bytes.length() - at) + " bytes follow the CBOR", at);
    }
  }

  private Object value(int depth) throws FormatException {
    int start = at;
    if (depth > MAX_DEPTH) {
      throw new FormatException("CBOR of more than " + MAX_DEPTH + " levels", start);
    }
    int first = bytes(1).at(0);
    int major = first >> 5;
    if (major == 7) {
      return simple(first, start);
    }
    long argument = argument(first & 0x1f, start);
    return switch (major) {
      case 0 -> argument;
      case 1 -> -1 - argument;
      case 2 -> bytes(argument);
      case 3 -> text(bytes(argument), start);
      case 4 -> list(count(argument, 1, start), depth);
      case 5 -> map(count(argument, 2, start), depth);
      default -> throw new FormatException("a CBOR tag has no place here", start);
    };
  }

  private static Object simple(int first, int start) throws FormatException {
    return switch (first) {
      case 0xf4 -> false;
      case 0xf5 -> true;
      case 0xf6, 0xf7 -> OTHER;
      default ->
        throw new FormatException("a CBOR value %02x has no place here".formatted(first), start);
    };
  }

  /** The number in the head of an item, of 0, 1, 2, 4 or 8 bytes behind the first. */
  private long argument(int info, int start) throws FormatException {
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw new FormatException("CBOR of no definite length", start);
    }
    int length = 1 << (info - 24);
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = (number << 8) | bytes(1).at(0);
    }
    // what would have fitted half the bytes, or the head itself
    long least = length == 1 ? 24 : 1L << (4 * length);
    if (number >= 0 && number < least) {
      throw new FormatException("a CBOR number is not in its shortest form", start);
    }
    if (number < 0) {
      throw new FormatException("a CBOR number has more than 63 bits", start);
    }
    return number;
  }

  private Bytes bytes(long length) throws FormatException {
    if (length > bytes.length() - at) {
      throw new FormatException(
          "CBOR wants %s more bytes, %s follow".formatted(length, bytes.length() - at), at);
    }
    at += (int) length;
    return bytes.slice(at - (int) length, at);
  }

  private static String text(Bytes utf8, int start) throws FormatException {
    try {
      ByteBuffer buffer = utf8.toBuffer();
      return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException("a CBOR text is not UTF-8", start);
    }
  }

  /** How many elements, each of which takes so many bytes at least. */
  private int count(long count, int least, int start) throws FormatException {
    if (count > (bytes.length() - at) / least) {
      throw new FormatException(
          "CBOR announces %s elements, %s bytes follow".formatted(count, bytes.length() - at),
          start);
    }
    return (int) count;
  }

  private List<Object> list(int count, int depth) throws FormatException {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(value(depth + 1));
    }
    return list;
  }

  private CborMap map(int count, int depth) throws FormatException {
    Map<Long, Object> numbers = new LinkedHashMap<>();
    Map<String, Object> texts = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      int keyAt = at;
      Object key = value(depth + 1);
      Object before;
      if (key instanceof Long number) {
        before = numbers.put(number, value(depth + 1));
      } else if (key instanceof String text) {
        before = texts.put(text, value(depth + 1));
      } else {
        throw new FormatException("a key of a CBOR map is neither number nor text", keyAt);
      }
      if (before != null) {
        throw new FormatException("a key of a CBOR map stands twice", keyAt);
      }
    }
    return new CborMap(numbers, texts);
  }
}
