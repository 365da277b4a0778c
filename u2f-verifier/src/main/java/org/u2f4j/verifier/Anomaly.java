package org.u2f4j.verifier;

import java.time.Instant;

/**
 * The mark on a registration whose counter was suspicious or was refused.
 *
 * @param at when
 * @param verdict what the counter said
 */
public record Anomaly(Instant at, CounterVerdict verdict) {}
