package org.u2f4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void percentilesAreTheValuesThatSoManyPercentAreNotAbove() {
    Latencies hundred = new Latencies(
        LongStream.rangeClosed(1, 100).map(i -> (101 - i) * 1_000_000).toArray());
    assertEquals(
        Map.of("min", 1.0, "p50", 50.0, "p90", 90.0, "p99", 99.0, "max", 100.0),
        hundred.percentiles());
    assertEquals(
        Map.of("min", 7.0, "p50", 7.0, "p90", 7.0, "p99", 7.0, "max", 7.0),
        new Latencies(7_000_000).percentiles());
    assertEquals(
        2.0, new Latencies(1_000_000, 2_000_000, 3_000_000).percentiles().get("p50"));
  }

  @Test
  void theHistogramHasAllRangesFromTheFirstToTheLast() {
    Latencies latencies = new Latencies(900_000, 1_000_000, 1_999_999, 2_000_000, 9_000_000, 0);
    assertEquals(
        Map.of(1.0, 1, 2.0, 2, 4.0, 1, 8.0, 0, 16.0, 1),
        Map.copyOf(latencies.histogram().tailMap(1.0)));
  }
}
