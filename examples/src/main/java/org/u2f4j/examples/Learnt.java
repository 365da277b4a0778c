package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.verifier.AttestationCertificate;
import org.u2f4j.verifier.AttestationResult;
import org.u2f4j.verifier.CounterVerdict;

/** What was learnt of a key, as members of a JSON object. */
final class Learnt {
  private Learnt() {}

  static void key(JsonGenerator json, KeyHandle keyHandle, UserPublicKey publicKey)
      throws IOException {
    json.writeStringField("keyHandle", keyHandle.base64Url());
    json.writeStringField("publicKey", publicKey.bytes().hex());
  }

  static void attestation(JsonGenerator json, AttestationResult attestation) throws IOException {
    json.writeObjectFieldStart("attestation");
    json.writeStringField("trust", attestation.trust().name());
    json.writeStringField("explanation", attestation.explanation());
    if (attestation.certificate().isPresent()) {
      certificate(json, attestation.certificate().get());
    }
    optional(json, "vendor", attestation.vendor());
    optional(json, "model", attestation.model());
    AttestationCertificate root = attestation.root();
    optional(json, "root", root == null ? null : root.subject());
    if (attestation.metadataSerial() != null) {
      json.writeNumberField("metadataSerial", attestation.metadataSerial());
    }
    strings(json, "statuses", attestation.statuses());
    json.writeEndObject();
  }

  /** Of a certificate that nobody was asked about. */
  static void attestation(JsonGenerator json, AttestationCertificate certificate)
      throws IOException {
    json.writeObjectFieldStart("attestation");
    certificate(json, certificate);
    json.writeEndObject();
  }

  private static void certificate(JsonGenerator json, AttestationCertificate certificate)
      throws IOException {
    json.writeStringField("subject", certificate.subject());
    json.writeStringField("issuer", certificate.issuer());
    optional(json, "notBefore", certificate.notBefore().orElse(null));
    optional(json, "notAfter", certificate.notAfter().orElse(null));
    json.writeBooleanField("keyOnP256", certificate.publicKey().isPresent());
    strings(json, "transports", certificate.transports());
    json.writeBooleanField("repaired", certificate.repaired());
    optional(json, "ignored", certificate.ignored().orElse(null));
  }

  static void counter(JsonGenerator json, CounterVerdict verdict, int presence) throws IOException {
    json.writeNumberField("counter", verdict.received());
    json.writeStringField("counterVerdict", verdict.kind().name());
    json.writeNumberField("presence", presence);
    json.writeBooleanField("userPresent", (presence & 1) != 0);
  }

  static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  static void optional(JsonGenerator json, String name, @Nullable Object value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value.toString());
    }
  }
}
