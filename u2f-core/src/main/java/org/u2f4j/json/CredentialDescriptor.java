package org.u2f4j.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.strictjson.JsonObject;

/**
 * A credential that the options of WebAuthn name (Web Authentication, section 5.8.3).
 *
 * @param id what the key calls it, 0 to 1,023 bytes
 * @param transports how the key can be reached, in the words of WebAuthn, such as "usb" or
 *     "internal"; empty when unknown
 */
public record CredentialDescriptor(KeyHandle id, List<String> transports) {
  static final String TYPE = "public-key";

  /**
   * Copies the list.
   *
   * @param id what the key calls it
   * @param transports how the key can be reached
   */
  public CredentialDescriptor {
    transports = List.copyOf(transports);
  }

  /** Those of an array; what is of another type than "public-key" is passed over. */
  static List<CredentialDescriptor> decodeAll(JsonObject json, String name) throws FormatException {
    List<CredentialDescriptor> descriptors = new ArrayList<>();
    for (JsonObject descriptor : json.objects(name)) {
      if (descriptor.string("type").equals(TYPE)) {
        descriptors.add(new CredentialDescriptor(
            U2fJson.keyHandle(descriptor, "id"), descriptor.strings("transports")));
      }
    }
    return descriptors;
  }

  static void writeAll(JsonGenerator json, String name, List<CredentialDescriptor> descriptors)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (CredentialDescriptor descriptor : descriptors) {
      json.writeStartObject();
      json.writeStringField("type", TYPE);
      json.writeStringField("id", descriptor.id.base64Url());
      if (!descriptor.transports.isEmpty()) {
        WebAuthnJson.writeStrings(json, "transports", descriptor.transports);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
