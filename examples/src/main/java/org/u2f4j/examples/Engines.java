package org.u2f4j.examples;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.MessageVerifier;

/**
 * What verifies the signatures of a run. The Java platform's own engine starts at once; a faster one
 * costs some tenths of a second, which a long input gives back.
 */
final class Engines {
  static final String NAMES = "auto, jdk, bouncy-castle, best";

  /** About here the faster engine has paid for its start, on Java 17. */
  static final long FIRST_STAGE_LINES = 300;

  private final List<Supplier<EcdsaEngine>> stages;
  private final List<EcdsaEngine> engines = new ArrayList<>();
  private final List<MessageVerifier> verifiers = new ArrayList<>();

  private Engines(List<Supplier<EcdsaEngine>> stages) {
    this.stages = stages;
  }

  static Engines named(String name) throws Failure {
    return switch (name) {
      case "auto" -> new Engines(List.of(EcdsaEngine::jdk, EcdsaEngine::best));
      case "jdk" -> new Engines(List.of(EcdsaEngine::jdk));
      case "bouncy-castle" -> new Engines(List.of(EcdsaEngine::bouncyCastle));
      case "best" -> new Engines(List.of(EcdsaEngine::best));
      default ->
        throw new Failure(Exit.USAGE, "there is no engine \"" + name + "\"; there are " + NAMES);
    };
  }

  /** The engine for a line. */
  synchronized EcdsaEngine at(long line) {
    int stage = line <= FIRST_STAGE_LINES ? 0 : stages.size() - 1;
    while (engines.size() <= stage) {
      engines.add(stages.get(engines.size()).get());
    }
    return engines.get(stage);
  }

  /** The verifier of raw messages for a line; it keeps the certificates that it has met. */
  synchronized MessageVerifier messages(long line, AttestationTrust trust) {
    EcdsaEngine engine = at(line);
    for (MessageVerifier verifier : verifiers) {
      if (verifier.engine().equals(engine)) {
        return verifier;
      }
    }
    MessageVerifier verifier = new MessageVerifier(engine, trust, InstantSource.system());
    verifiers.add(verifier);
    return verifier;
  }

  /** The engine that the last lines were verified with, and why, to who has typed the command. */
  synchronized String description() {
    String chosen = stages.size() == 1 ? "chosen by --engine" : "the one that starts fastest";
    return engines.isEmpty()
        ? "not needed"
        : engines
            .get(engines.size() - 1)
            .description()
            .replace("chosen by the application", chosen);
  }
}
