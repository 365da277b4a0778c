package org.u2f4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The published examples in vectors.json. A field that is unknown or missing is an error. */
public final class Vectors {
  private static final Set<String> VERSION =
      Set.of("sources", "commandExtended", "commandDraft", "commandShort", "response");
  private static final Set<String> COMMON = Set.of(
      "name",
      "kind",
      "sources",
      "expected",
      "signatureValid",
      "challengeParameter",
      "applicationParameter",
      "requestData",
      "commandExtended",
      "commandShort",
      "response",
      "responseData",
      "userPublicKey",
      "keyHandle",
      "keyHandleBase64",
      "signatureOffset",
      "signature",
      "signedBytes");
  private static final Set<String> CLIENT =
      Set.of("appId", "clientDataText", "clientData", "type", "challenge", "origin");
  private static final Set<String> REGISTRATION =
      Set.of("commandP1Is03", "certificate", "certificateOffset");
  private static final Set<String> AUTHENTICATION = Set.of("control", "presence", "counter");
  private static final Set<String> DRAFT = Set.of("draftRequestData");

  /** One example. */
  public record Vector(Map<String, Object> fields) {
    /** Whether the field is there. */
    public boolean has(String field) {
      return fields.containsKey(field);
    }

    /** A field that is a text. */
    public String text(String field) {
      return (String) get(field);
    }

    /** A field that is a number. */
    public long number(String field) {
      return (Long) get(field);
    }

    /** A field that is true or false. */
    public boolean flag(String field) {
      return (Boolean) get(field);
    }

    /** A field in hexadecimal digits. */
    public Bytes hex(String field) {
      return Samples.hex(text(field));
    }

    private Object get(String field) {
      Object value = fields.get(field);
      if (value == null) {
        throw new IllegalStateException(this + " has no field " + field);
      }
      return value;
    }

    @Override
    public String toString() {
      return String.valueOf(fields.get("name"));
    }
  }

  private static final Map<String, Object> FILE = Json.object(read());
  private static final List<Vector> ALL =
      ((List<?>) FILE.get("vectors")).stream().map(Vectors::vector).toList();

  private Vectors() {}

  /** Every registration. */
  public static Stream<Vector> registrations() {
    return ALL.stream().filter(vector -> vector.text("kind").equals("registration"));
  }

  /** Every authentication. */
  public static Stream<Vector> authentications() {
    return ALL.stream().filter(vector -> vector.text("kind").equals("authentication"));
  }

  /** Every registration and authentication. */
  public static Stream<Vector> all() {
    return ALL.stream();
  }

  /** Those that come with client data. */
  public static Stream<Vector> withClientData() {
    return ALL.stream().filter(vector -> vector.has("clientData"));
  }

  /** The commands that ask for the version, and the answer. */
  public static Vector version() {
    return checked(new Vector(Json.asObject(FILE.get("version"))), VERSION);
  }

  /** An example of WebAuthn. */
  public static Vector webAuthn(String name) {
    return ((List<?>) FILE.get("webAuthn"))
        .stream()
            .map(json -> new Vector(Json.asObject(json)))
            .filter(vector -> vector.text("name").equals(name))
            .findFirst()
            .orElseThrow();
  }

  /** The vector of that name. */
  public static Vector named(String name) {
    return all().filter(vector -> vector.text("name").equals(name)).findFirst().orElseThrow();
  }

  private static Vector vector(Object json) {
    Vector vector = new Vector(Json.asObject(json));
    Set<String> expected = new TreeSet<>(COMMON);
    expected.addAll(vector.text("kind").equals("registration") ? REGISTRATION : AUTHENTICATION);
    expected.addAll(vector.has("appId") ? CLIENT : Set.of());
    expected.addAll(vector.has("draftRequestData") ? DRAFT : Set.of());
    return checked(vector, expected);
  }

  private static Vector checked(Vector vector, Set<String> expected) {
    if (!vector.fields().keySet().equals(expected)) {
      throw new IllegalStateException("%s has the fields %s, not %s"
          .formatted(vector, new TreeSet<>(vector.fields().keySet()), new TreeSet<>(expected)));
    }
    return vector;
  }

  private static String read() {
    try (InputStream in = Vectors.class.getResourceAsStream("vectors.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
