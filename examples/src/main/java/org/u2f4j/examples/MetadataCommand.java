package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.u2f4j.strictjson.JsonWriter;
import org.u2f4j.verifier.metadata.MetadataBlob;
import org.u2f4j.verifier.metadata.MetadataEntry;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code u2f metadata}: verifies a metadata blob and says what is in it. */
final class MetadataCommand implements Command {
  private static final String ROOT = "--root";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Command.spec(
        "metadata",
        "Verifies FIDO metadata and summarises them",
        "Verifies a blob of the FIDO Metadata Service, version 3, as \"u2f verify --metadata\" does,"
            + " and shows who signed it, until when it is good, and the keys of U2F in it. Nothing"
            + " is fetched; this does it:%n%n"
            + "  curl -Lo blob.jwt https://mds3.fidoalliance.org",
        "%nExamples:",
        "  u2f metadata blob.jwt",
        "  u2f metadata blob.jwt --json",
        "  u2f metadata blob.jwt --at 2026-01-31");
    spec.addPositional(PositionalParamSpec.builder()
        .index("0")
        .arity("1")
        .required(true)
        .type(Path.class)
        .paramLabel("BLOB")
        .description("The file of the blob, as it was downloaded.")
        .build());
    spec.addOption(Command.option(
            String.class, "DATE", "Verify it as of DATE, like 2026-01-31. Default: now.", "--at")
        .build());
    Metadata.addOptions(spec, ROOT);
    spec.addOption(
        Command.flag("Print one JSON object, with all entries.", "--json").build());
    spec.addOption(Command.flag("Show where a failure came from.", "--debug").build());
    return spec;
  }

  @Override
  public Exit run(ParseResult options, Terminal terminal) throws Failure {
    Path file = options.matchedPositionalValue(0, Path.of(""));
    MetadataBlob blob = Metadata.verified(options, file, ROOT, at(options));
    if (Command.has(options, "--json")) {
      terminal.json(JsonWriter.object(json -> write(blob, json)));
    } else {
      print(blob, terminal);
    }
    return Exit.DONE;
  }

  private static Instant at(ParseResult options) throws Failure {
    @Nullable String given = options.matchedOptionValue("--at", null);
    try {
      return given == null
          ? Instant.now()
          : LocalDate.parse(given).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw new Failure(Exit.USAGE, "--at is a date like 2026-01-31, not \"" + given + "\"", e);
    }
  }

  private static Map<String, Long> families(MetadataBlob blob) {
    return blob.entries().stream()
        .collect(
            Collectors.groupingBy(MetadataCommand::family, TreeMap::new, Collectors.counting()));
  }

  private static String family(MetadataEntry entry) {
    return entry.protocolFamily() == null ? "unknown" : entry.protocolFamily();
  }

  private static String signer(MetadataBlob blob) {
    return blob.signerPath().get(0).getSubjectX500Principal().getName();
  }

  private static String root(MetadataBlob blob) {
    return blob.signerPath()
        .get(blob.signerPath().size() - 1)
        .getSubjectX500Principal()
        .getName();
  }

  private static void print(MetadataBlob blob, Terminal terminal) {
    String families = families(blob).entrySet().stream()
        .map(family -> family.getValue() + " " + family.getKey())
        .collect(Collectors.joining(", "));
    line(terminal, "serial number", Long.toString(blob.serial()));
    line(terminal, "next update", blob.nextUpdate().toString());
    line(terminal, "signer", signer(blob));
    line(terminal, "vouched for by", root(blob));
    line(terminal, "certificates until", blob.signerValidUntil().toString());
    line(terminal, "entries", blob.entries().size() + " (" + families + ")");
    blob.warnings().forEach(warning -> line(terminal, "warning", warning));
    terminal.out().println();
    terminal.out().println(terminal.heading("Keys of U2F, with the last report"));
    for (MetadataEntry entry : blob.entries()) {
      if (!entry.keyIdentifiers().isEmpty()) {
        terminal.out().println("  " + Terminal.printable(entry.name() + last(entry)));
      }
    }
  }

  private static void line(Terminal terminal, String name, String value) {
    terminal.out().println("%-18s  %s".formatted(name, Terminal.printable(value)));
  }

  private static String last(MetadataEntry entry) {
    int reports = entry.reports().size();
    return reports == 0 ? "" : ": " + entry.reports().get(reports - 1);
  }

  private static void write(MetadataBlob blob, JsonGenerator json) throws IOException {
    json.writeNumberField("serial", blob.serial());
    json.writeStringField("nextUpdate", blob.nextUpdate().toString());
    Learnt.optional(json, "validUntil", blob.validUntil());
    json.writeStringField("signer", signer(blob));
    json.writeStringField("root", root(blob));
    json.writeStringField("signerValidUntil", blob.signerValidUntil().toString());
    Learnt.strings(json, "warnings", blob.warnings());
    json.writeArrayFieldStart("entries");
    for (MetadataEntry entry : blob.entries()) {
      json.writeStartObject();
      Learnt.optional(json, "description", entry.description());
      json.writeStringField("protocolFamily", family(entry));
      Learnt.optional(json, "aaid", entry.aaid());
      Learnt.optional(
          json, "aaguid", entry.aaguid() == null ? null : entry.aaguid().hex());
      Learnt.strings(json, "keyIdentifiers", entry.keyIdentifiers());
      Learnt.strings(
          json,
          "statuses",
          entry.reports().stream().map(MetadataEntry.Report::toString).toList());
      json.writeNumberField("roots", entry.roots().size());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
