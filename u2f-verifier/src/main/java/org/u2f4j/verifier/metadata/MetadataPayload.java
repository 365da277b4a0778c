package org.u2f4j.verifier.metadata;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.verifier.AttestationCertificate;

/**
 * The JSON within a blob, of which only what is needed here is kept. Members that are read have to be
 * of their type, members and statuses that nobody knows are passed over, and certificates and dates of
 * reports that do not parse are left out with a warning.
 *
 * @param serial the serial number
 * @param nextUpdate the day on which the next blob is due
 * @param entries what is said of each kind of key
 * @param warnings what was left out
 */
record MetadataPayload(
    long serial, LocalDate nextUpdate, List<MetadataEntry> entries, List<String> warnings) {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_STRING_LENGTH = 4 << 20; // pictures are strings
  private static final int DATE_LENGTH = 10;
  private static final Pattern UUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private static final JsonFactory FACTORY = JsonFactory.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxStringLength(MAX_STRING_LENGTH)
          .maxNameLength(1_024)
          .maxNumberLength(64)
          .build())
      .build();

  static MetadataPayload parse(byte[] json) throws FormatException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      return new Reader(parser).payload();
    } catch (JsonProcessingException e) {
      long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
      String what = "not JSON, a member twice, or nested or long beyond the limits";
      throw offset < 0 ? new FormatException(what) : new FormatException(what, (int) offset);
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new FormatException("not JSON: " + e.getMessage());
    }
  }

  /** Walks through the text once. */
  private static final class Reader {
    private final JsonParser parser;
    private final List<String> warnings = new ArrayList<>();

    /** Most makers have one root for all that they make. */
    private final Map<String, AttestationCertificate> certificates = new HashMap<>();

    private String place = "";

    Reader(JsonParser parser) {
      this.parser = parser;
    }

    MetadataPayload payload() throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw wrong("the payload is not a JSON object");
      }
      Long serial = null;
      LocalDate nextUpdate = null;
      List<MetadataEntry> entries = null;
      for (String name = next(); name != null; name = next()) {
        switch (name) {
          case "no" -> serial = whole();
          case "nextUpdate" -> nextUpdate = date(string("nextUpdate"));
          case "entries" -> entries = entries();
          default -> parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw wrong("text follows the JSON object");
      }
      if (serial == null || nextUpdate == null || entries == null) {
        throw wrong(
            "\"no\", \"nextUpdate\" or \"entries\" is missing, or not a number, date, array");
      }
      return new MetadataPayload(serial, nextUpdate, List.copyOf(entries), List.copyOf(warnings));
    }

    /** The next name of the object that the parser is in, the parser then being at its value; null at the end. */
    private @Nullable String next() throws IOException {
      String name = parser.nextFieldName();
      if (name != null) {
        parser.nextToken();
      }
      return name;
    }

    private FormatException wrong(String what) {
      return new FormatException(
          place + what, (int) parser.currentTokenLocation().getByteOffset());
    }

    private @Nullable Long whole() throws IOException {
      boolean fits = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
          && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
          && parser.getLongValue() >= 0;
      return fits ? parser.getLongValue() : null;
    }

    private static @Nullable LocalDate date(@Nullable String text) {
      try { // years of more than four digits have no business here
        return text == null || text.length() != DATE_LENGTH ? null : LocalDate.parse(text);
      } catch (DateTimeException e) {
        return null;
      }
    }

    /** A string; null for null. */
    private @Nullable String string(String name) throws IOException {
      return switch (parser.currentToken()) {
        case VALUE_STRING -> parser.getText();
        case VALUE_NULL -> null;
        default -> throw wrong("\"" + name + "\" is not a string");
      };
    }

    private interface Element<T> {
      T read() throws IOException;
    }

    /** An array whose elements begin with this token; empty for null. */
    private <T> List<T> array(String name, JsonToken start, Element<T> element) throws IOException {
      List<T> list = new ArrayList<>();
      if (parser.currentToken() == JsonToken.VALUE_NULL) {
        return list;
      }
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw wrong("\"" + name + "\" is not an array");
      }
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        if (token != start) {
          throw wrong("\"" + name + "\" holds something that it should not");
        }
        list.add(element.read());
      }
      return list;
    }

    private List<MetadataEntry> entries() throws IOException {
      List<MetadataEntry> entries = new ArrayList<>();
      array("entries", JsonToken.START_OBJECT, () -> {
        place = "entries[" + entries.size() + "]: ";
        return entries.add(entry());
      });
      place = "";
      return entries;
    }

    private MetadataEntry entry() throws IOException {
      String aaid = null;
      Bytes aaguid = null;
      List<String> keyIdentifiers = List.of();
      List<MetadataEntry.Report> reports = null;
      Statement statement = new Statement(null, null, List.of(), null);
      for (String name = next(); name != null; name = next()) {
        switch (name) {
          case "aaid" -> aaid = string(name);
          case "aaguid" -> aaguid = aaguid(string(name));
          case "attestationCertificateKeyIdentifiers" ->
            keyIdentifiers = array(
                name, JsonToken.VALUE_STRING, () -> parser.getText().toLowerCase(Locale.ROOT));
          case "statusReports" -> reports = array(name, JsonToken.START_OBJECT, this::report);
          case "metadataStatement" -> statement = statement();
          default -> parser.skipChildren();
        }
      }
      if (reports == null) {
        throw wrong("\"statusReports\" is missing");
      }
      return new MetadataEntry(
          statement.description,
          statement.protocolFamily,
          aaid,
          aaguid,
          keyIdentifiers,
          reports,
          statement.roots,
          statement.icon);
    }

    private @Nullable Bytes aaguid(@Nullable String text) throws FormatException {
      if (text == null) {
        return null;
      }
      if (!UUID.matcher(text).matches()) {
        throw wrong("\"aaguid\" is not an AAGUID");
      }
      return Bytes.fromHex(text.replace("-", ""));
    }

    private record Statement(
        @Nullable String description,
        @Nullable String protocolFamily,
        List<AttestationCertificate> roots,
        @Nullable String icon) {}

    private Statement statement() throws IOException {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw wrong("\"metadataStatement\" is not an object");
      }
      String description = null;
      String protocolFamily = null;
      List<AttestationCertificate> roots = List.of();
      String icon = null;
      for (String name = next(); name != null; name = next()) {
        switch (name) {
          case "description" -> description = string(name);
          case "protocolFamily" -> protocolFamily = string(name);
          case "icon" -> icon = string(name);
          case "attestationRootCertificates" -> roots = roots(name);
          default -> parser.skipChildren();
        }
      }
      return new Statement(description, protocolFamily, roots, icon);
    }

    private List<AttestationCertificate> roots(String name) throws IOException {
      List<AttestationCertificate> roots = new ArrayList<>();
      array(name, JsonToken.VALUE_STRING, () -> {
        AttestationCertificate root = certificate(name, parser.getText());
        return root != null && roots.add(root);
      });
      return roots;
    }

    private MetadataEntry.Report report() throws IOException {
      String status = null;
      LocalDate effectiveDate = null;
      List<AttestationCertificate> named = new ArrayList<>();
      boolean unreadable = false;
      for (String name = next(); name != null; name = next()) {
        switch (name) {
          case "status" -> status = string(name);
          case "effectiveDate" -> {
            String text = string(name);
            effectiveDate = date(text);
            if (text != null && effectiveDate == null) {
              warnings.add(place + "\"effectiveDate\" is not a date and was left out");
            }
          }
          case "certificate", "batchCertificate" -> {
            String text = string(name);
            AttestationCertificate certificate = text == null ? null : certificate(name, text);
            if (certificate != null) {
              named.add(certificate);
            }
            unreadable |= text != null && certificate == null;
          }
          default -> parser.skipChildren();
        }
      }
      if (status == null) {
        throw wrong("\"status\" is missing");
      }
      // A report about a certificate that cannot be read is taken to be about all.
      return new MetadataEntry.Report(status, effectiveDate, unreadable ? List.of() : named);
    }

    private @Nullable AttestationCertificate certificate(String name, String base64) {
      AttestationCertificate known = certificates.get(base64);
      if (known != null) {
        return known;
      }
      try {
        byte[] der = Base64.getMimeDecoder().decode(base64); // some hold line breaks
        AttestationCertificate certificate = AttestationCertificate.decode(Bytes.of(der));
        certificates.put(base64, certificate);
        return certificate;
      } catch (IllegalArgumentException | FormatException e) {
        warnings.add(place + "a certificate in \"" + name + "\" was left out: " + e.getMessage());
        return null;
      }
    }
  }
}
