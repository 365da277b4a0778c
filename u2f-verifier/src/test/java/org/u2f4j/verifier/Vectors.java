package org.u2f4j.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.u2f4j.Bytes;

/** The published examples in vectors.json. A field that is unknown or missing is an error. */
public final class Vectors {
  private static final Map<String, Set<String>> FIELDS = Map.of(
      "certificate",
      Set.of("name", "kind", "sources", "certificate", "transports"),
      "registration",
      Set.of(
          "name",
          "kind",
          "sources",
          "expected",
          "appId",
          "origin",
          "challenge",
          "clientData",
          "registrationData",
          "transports"),
      "authentication",
      Set.of(
          "name",
          "kind",
          "sources",
          "expected",
          "appId",
          "origin",
          "challenge",
          "clientData",
          "keyHandle",
          "publicKey",
          "signatureData",
          "counter"));

  /** One example. */
  record Vector(Map<String, Object> fields) {
    Vector {
      Set<String> expected = FIELDS.get(fields.get("kind"));
      if (!fields.keySet().equals(expected)) {
        throw new IllegalStateException(fields.keySet() + " instead of " + expected);
      }
    }

    String text(String field) {
      return (String) fields.get(field);
    }

    long number(String field) {
      return (Long) fields.get(field);
    }

    List<?> list(String field) {
      return (List<?>) fields.get(field);
    }

    @Override
    public String toString() {
      return text("name");
    }
  }

  private static final Map<String, Object> FILE = Json.object(resource("vectors.json"));
  private static final List<Vector> ALL = ((List<?>) FILE.get("vectors"))
      .stream().map(json -> new Vector(Json.asObject(json))).toList();

  private Vectors() {}

  static Stream<Vector> registrations() {
    return ALL.stream().filter(vector -> vector.text("kind").equals("registration"));
  }

  static Stream<Vector> authentications() {
    return ALL.stream().filter(vector -> vector.text("kind").equals("authentication"));
  }

  static Vector named(String name) {
    return ALL.stream()
        .filter(vector -> vector.text("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** An example that has fields of its own. */
  public static Map<String, Object> member(String name) {
    return Json.asObject(FILE.get(name));
  }

  /** The root of Yubico's U2F keys. */
  public static Bytes yubicoRoot() {
    return Samples.hex((String) FILE.get("yubicoU2fRoot"));
  }

  static String resource(String name) {
    try (InputStream in = Vectors.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
