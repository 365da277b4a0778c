package org.u2f4j.examples;

import org.jspecify.annotations.Nullable;

/** The end of a run that did not go well, in one sentence for the person. */
final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  final Exit exit;

  Failure(Exit exit, String sentence) {
    this(exit, sentence, null);
  }

  Failure(Exit exit, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.exit = exit;
  }
}
