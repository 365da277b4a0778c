package org.u2f4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.u2f4j.verifier.AttestationTrust;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Whom a command is to trust with attestation. */
final class Trust {
  private Trust() {}

  static void addOptions(CommandSpec spec) {
    spec.addOption(Command.option(
            Path.class,
            "PATH",
            "Trust the attestation roots in PATH: a file of PEM or DER, or a folder of such.",
            "--roots")
        .build());
    spec.addOption(Command.flag(
            "Refuse keys that no root vouches for; without it trust is only reported.",
            "--require-trust")
        .build());
  }

  static AttestationTrust of(ParseResult options) throws Failure {
    @Nullable Path roots = options.matchedOptionValue("--roots", null);
    boolean required = Command.has(options, "--require-trust");
    if (roots == null) {
      if (required) {
        throw new Failure(Exit.USAGE, "--require-trust needs somebody to trust: add --roots PATH");
      }
      return AttestationTrust.acceptAny();
    }
    AttestationTrust trust = roots(roots);
    return required ? trust : trust.recordOnly();
  }

  private static AttestationTrust roots(Path path) throws Failure {
    try {
      return AttestationTrust.rootsIn(path);
    } catch (IOException e) {
      throw new Failure(Exit.BROKEN, "the roots cannot be read: " + Terminal.reason(e), e);
    }
  }
}
