package org.u2f4j.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object into a string. */
final class JsonWriter {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** What stands between the braces. */
  interface Members {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private JsonWriter() {}

  static String object(Members members) {
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

  /** A message of the low-level port around the JSON of a response. */
  static String message(String type, @Nullable Integer requestId, String responseJson) {
    return object(json -> {
      json.writeStringField("type", type);
      optional(json, "requestId", requestId);
      json.writeFieldName("responseData");
      json.writeRawValue(responseJson);
    });
  }

  static void optional(JsonGenerator json, String name, @Nullable Object value) throws IOException {
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
