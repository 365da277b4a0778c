package org.u2f4j.verifier.webauthn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.verifier.VerificationException;

/**
 * A map of CBOR, whose members have the type that they should have; values are those of {@link
 * CborReader}. Two tables, since in one of both a stranger could make a look-up take long: keys of
 * different types that share a hash code have no order.
 *
 * @param numbers members by number
 * @param texts members by text
 */
record CborMap(Map<Long, Object> numbers, Map<String, Object> texts) {
  private static String name(Object key) {
    return key instanceof String ? "\"" + key + "\"" : "member " + key;
  }

  private <T> @Nullable T optional(Object key, Class<T> type, String what) throws FormatException {
    Object value = key instanceof Long ? numbers.get(key) : texts.get(key);
    if (value != null && !type.isInstance(value)) {
      throw new FormatException(name(key) + " is not " + what);
    }
    return type.cast(value);
  }

  private <T> T get(Object key, Class<T> type, String what) throws FormatException {
    T value = optional(key, type, what);
    if (value == null) {
      throw new FormatException(name(key) + " is missing");
    }
    return value;
  }

  boolean has(Object key) {
    return key instanceof Long ? numbers.containsKey(key) : texts.containsKey(key);
  }

  long number(Object key) throws FormatException {
    return get(key, Long.class, "a whole number");
  }

  Bytes bytes(Object key) throws FormatException {
    return get(key, Bytes.class, "a byte string");
  }

  String text(Object key) throws FormatException {
    return get(key, String.class, "a text");
  }

  CborMap map(Object key) throws FormatException {
    return get(key, CborMap.class, "a map");
  }

  /** An array of byte strings. */
  List<Bytes> list(Object key) throws FormatException {
    List<Bytes> list = new ArrayList<>();
    for (Object element : get(key, List.class, "an array")) {
      if (!(element instanceof Bytes bytes)) {
        throw new FormatException(name(key) + " holds something that is not a byte string");
      }
      list.add(bytes);
    }
    return list;
  }

  /** Refuses other members: what nobody reads, nobody should be able to hide behind. */
  void requireOnly(Set<?> keys) throws FormatException {
    for (Set<?> present : List.of(numbers.keySet(), texts.keySet())) {
      for (Object key : present) {
        if (!keys.contains(key)) {
          throw new FormatException(
              "there is a member too many: " + VerificationException.shown(String.valueOf(key)));
        }
      }
    }
  }
}
