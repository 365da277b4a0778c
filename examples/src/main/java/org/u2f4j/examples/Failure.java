package org.u2f4j.examples;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of a run that did not go well, in one sentence for the person. */
final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  final Exit exit;

  /** Said below the sentence, each on a line of its own. */
  final transient List<String> details; // nobody serialises it

  Failure(Exit exit, String sentence) {
    this(exit, sentence, List.of());
  }

  Failure(Exit exit, String sentence, @Nullable Throwable cause) {
    this(exit, sentence, List.of(), cause);
  }

  Failure(Exit exit, String sentence, List<String> details) {
    this(exit, sentence, details, null);
  }

  Failure(Exit exit, String sentence, List<String> details, @Nullable Throwable cause) {
    super(sentence, cause);
    this.exit = exit;
    this.details = List.copyOf(details);
  }
}
