package org.u2f4j.examples;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How long messages took, in milliseconds. */
final class Latencies {
  private static final double NANOS = 1e6;

  private final long[] sorted;

  /**
   * Sorts them.
   *
   * @param nanos one at least, not kept
   */
  Latencies(long... nanos) {
    sorted = nanos.clone();
    Arrays.sort(sorted);
  }

  int count() {
    return sorted.length;
  }

  /** Names and values, the smallest first. */
  Map<String, Double> percentiles() {
    Map<String, Double> named = new LinkedHashMap<>();
    named.put("min", sorted[0] / NANOS);
    for (int percent : new int[] {50, 90, 99}) {
      named.put("p" + percent, within(percent));
    }
    named.put("max", sorted[sorted.length - 1] / NANOS);
    return named;
  }

  /** The smallest value that so many percent are not above. */
  private double within(int percent) {
    int rank = (int) (((long) sorted.length * percent + 99) / 100);
    return sorted[rank - 1] / NANOS;
  }

  /**
   * How many there are in each range; each range is twice as wide as the one before. Those between the
   * first and the last are all there.
   *
   * @return numbers by the end of their range, a power of two
   */
  SortedMap<Double, Integer> histogram() {
    SortedMap<Double, Integer> ranges = new TreeMap<>();
    int last = exponent(sorted[sorted.length - 1]);
    for (int exponent = exponent(sorted[0]); exponent <= last; exponent++) {
      ranges.put(Math.scalb(1.0, exponent), 0);
    }
    for (long nanos : sorted) {
      ranges.merge(Math.scalb(1.0, exponent(nanos)), 1, Integer::sum);
    }
    return ranges;
  }

  /** Of the first power of two, in milliseconds, that is above a time. */
  private static int exponent(long nanos) {
    return Math.getExponent(Math.max(nanos, 1) / NANOS) + 1;
  }
}
