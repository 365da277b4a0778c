package org.u2f4j.strictjson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object into a string. */
public final class JsonWriter {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** The members of an object that is being written. */
  public interface Members {
    /**
     * Writes them.
     *
     * @param json where to
     * @throws IOException never, for what is written goes into a string
     */
    void writeTo(JsonGenerator json) throws IOException;
  }

  private JsonWriter() {}

  /**
   * Writes one object.
   *
   * @param members writes its members
   * @return the JSON object
   */
  public static String object(Members members) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      members.writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string takes whatever is written", e);
    }
    return out.toString();
  }

  /**
   * Writes a member that may be absent.
   *
   * @param json where to
   * @param name the name of the member
   * @param value an Integer, or anything else, which is written as the string that it prints as;
   *     null for no member at all
   * @throws IOException never, for what is written goes into a string
   */
  public static void optional(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    if (value != null) {
      json.writeFieldName(name);
      if (value instanceof Integer number) {
        json.writeNumber(number);
      } else {
        json.writeString(value.toString());
      }
    }
  }
}
