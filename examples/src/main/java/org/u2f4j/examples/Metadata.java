package org.u2f4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.VerificationException;
import org.u2f4j.verifier.metadata.MetadataBlob;
import org.u2f4j.verifier.metadata.MetadataRules;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A metadata blob, and the options that say what it has to be. */
final class Metadata {
  private Metadata() {}

  /** The options; the name of that for a root is not to be mistaken for another one's. */
  static void addOptions(CommandSpec spec, String rootOption) {
    spec.addOption(Command.option(
            Path.class,
            "FILE",
            "Let the certificates in FILE vouch for the blob's signer, too.",
            rootOption)
        .build());
    spec.addOption(Command.option(
            String.class,
            "NAME",
            "The blob's signer, a DNS name. Default: mds.fidoalliance.org.",
            "--signer")
        .build());
    spec.addOption(Command.flag(
            "Take a blob whose next update is overdue: what was reported since is not in it.",
            "--allow-stale-metadata")
        .build());
    spec.addOption(Command.flag(
            "Take a blob whose signing certificates have expired.", "--allow-expired-signer")
        .build());
  }

  static MetadataBlob verified(ParseResult options, Path file, String rootOption, Instant at)
      throws Failure {
    MetadataRules rules = MetadataRules.STRICT;
    try {
      @Nullable Path root = options.matchedOptionValue(rootOption, null);
      if (root != null) {
        rules = rules.addRoots(root);
      }
      rules = rules.withSignerName(options.matchedOptionValue("--signer", rules.signerName()));
      if (Command.has(options, "--allow-stale-metadata")) {
        rules = rules.allowStale();
      }
      if (Command.has(options, "--allow-expired-signer")) {
        rules = rules.allowExpiredSigner();
      }
      return MetadataBlob.verify(file, rules, at);
    } catch (IOException e) {
      throw new Failure(Exit.BROKEN, "cannot read metadata: " + Terminal.reason(e), e);
    } catch (VerificationException e) {
      throw refused(file, rootOption, e);
    }
  }

  private static Failure refused(Path file, String rootOption, VerificationException e) {
    String cure = switch (e.reason()) {
      case STALE_METADATA -> "; or take it as it is with --allow-stale-metadata";
      case EXPIRED_METADATA_SIGNER ->
        String.valueOf(e.getMessage()).contains("only from")
            ? ""
            : "; or take it as it is with --allow-expired-signer";
      case UNTRUSTED_METADATA ->
        "; " + rootOption + " FILE names another root, --signer NAME another signer";
      default -> "";
    };
    boolean broken = e.reason() == Reason.MALFORMED_METADATA;
    return new Failure(
        broken ? Exit.BROKEN : Exit.REFUSED,
        "%s: %s (%s)%s".formatted(file, e.getMessage(), e.reason(), cure),
        e);
  }
}
