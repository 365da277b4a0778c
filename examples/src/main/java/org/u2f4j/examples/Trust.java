package org.u2f4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.metadata.MetadataBlob;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Whom a command is to trust with attestation. */
final class Trust {
  private static final String METADATA_ROOT = "--metadata-root";
  private static final List<String> METADATA_OPTIONS =
      List.of(METADATA_ROOT, "--signer", "--allow-stale-metadata", "--allow-expired-signer");
  private static final int WARNINGS_SAID = 3;

  private Trust() {}

  static void addOptions(CommandSpec spec) {
    spec.addOption(Command.option(
            Path.class,
            "PATH",
            "Trust the attestation roots in PATH: a file of PEM or DER, or a folder of such.",
            "--roots")
        .build());
    spec.addOption(Command.option(
            Path.class,
            "BLOB",
            "Trust the attestation roots in BLOB, which has the form of the FIDO Metadata Service;"
                + " \"u2f metadata BLOB\" shows it.",
            "--metadata")
        .build());
    spec.addOption(Command.flag(
            "Refuse keys that no root vouches for; without it trust is only reported.",
            "--require-trust")
        .build());
    spec.addOption(
        Command.flag("Trust certificates, too, whose time is over.", "--allow-expired-attestation")
            .build());
    Metadata.addOptions(spec, METADATA_ROOT);
  }

  /** Whether anything was said that {@link #of} looks at. */
  static boolean isSaid(ParseResult options) {
    return METADATA_OPTIONS.stream().anyMatch(options::hasMatchedOption)
        || Stream.of("--roots", "--metadata", "--require-trust", "--allow-expired-attestation")
            .anyMatch(options::hasMatchedOption);
  }

  static AttestationTrust of(ParseResult options, Terminal terminal) throws Failure {
    @Nullable Path roots = options.matchedOptionValue("--roots", null);
    @Nullable Path metadata = options.matchedOptionValue("--metadata", null);
    boolean required = Command.has(options, "--require-trust");
    if (metadata == null && METADATA_OPTIONS.stream().anyMatch(options::hasMatchedOption)) {
      throw new Failure(Exit.USAGE, "there are options for metadata: add --metadata BLOB");
    }
    if (roots == null && metadata == null) {
      if (required) {
        throw new Failure(
            Exit.USAGE,
            "--require-trust needs somebody to trust: add --roots PATH or --metadata BLOB");
      }
      return AttestationTrust.acceptAny();
    }
    AttestationTrust trust = metadata == null
        ? AttestationTrust.roots(List.of())
        : metadata(options, metadata, terminal);
    if (roots != null) {
      trust = trust.or(roots(roots));
    }
    if (Command.has(options, "--allow-expired-attestation")) {
      trust = trust.allowExpired();
    }
    return required ? trust : trust.recordOnly();
  }

  private static AttestationTrust roots(Path path) throws Failure {
    try {
      return AttestationTrust.rootsIn(path);
    } catch (IOException e) {
      throw new Failure(Exit.BROKEN, "the roots cannot be read: " + Terminal.reason(e), e);
    }
  }

  private static AttestationTrust metadata(ParseResult options, Path file, Terminal terminal)
      throws Failure {
    MetadataBlob blob = Metadata.verified(options, file, METADATA_ROOT, Instant.now());
    List<String> warnings = blob.warnings();
    warnings.stream().limit(WARNINGS_SAID).forEach(terminal::say);
    if (warnings.size() > WARNINGS_SAID) {
      int more = warnings.size() - WARNINGS_SAID;
      terminal.say("and " + more + " more of such; \"u2f metadata " + file + "\" shows them");
    }
    return blob;
  }
}
