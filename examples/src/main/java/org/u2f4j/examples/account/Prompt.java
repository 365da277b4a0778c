package org.u2f4j.examples.account;

import java.time.Instant;

/**
 * A key is to be asked.
 *
 * @param ceremony what to hand to finish with the answer; works once
 * @param requestJson what to ask the key
 * @param expiresAt until when the answer counts
 */
public record Prompt(String ceremony, String requestJson, Instant expiresAt) {
  @Override
  public String toString() {
    return "prompt until " + expiresAt;
  }
}
