package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * What every fuzz target shares: it counts the inputs that it was given. The build states the least
 * number in the property fuzz.inputs, and a target that was skipped, or was only given its seeds
 * again, fails.
 */
public abstract class Fuzzing {
  /** How many inputs a target takes in each build. */
  public static final long INPUTS = 10_000;

  private static long count;
  private static long start;

  /** Says that an input is about to be tried. */
  protected static void count() {
    if (count++ == 0) {
      start = System.nanoTime();
    }
  }

  @BeforeAll
  static void startAtZero() {
    count = 0; // another target may have run in this JVM
  }

  @AfterAll
  static void enoughInputsWereTried() {
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("fuzzed with %d inputs, %.0f a second%n", count, count / seconds);
    assertTrue(count >= Long.getLong("fuzz.inputs", 0), () -> "only " + count + " inputs tried");
  }
}
