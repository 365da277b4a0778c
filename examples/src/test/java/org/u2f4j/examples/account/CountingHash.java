package org.u2f4j.examples.account;

import java.util.concurrent.atomic.AtomicInteger;

/** Argon2id that costs next to nothing, and counts how often it is computed. */
final class CountingHash implements PasswordHash {
  static final Argon2PasswordHash.Cost CHEAP = new Argon2PasswordHash.Cost(8, 1);

  final AtomicInteger computed = new AtomicInteger();
  private final PasswordHash hash = new Argon2PasswordHash(CHEAP);

  @Override
  public String hash(char[] password) {
    computed.incrementAndGet();
    return hash.hash(password);
  }

  @Override
  public String nobody() {
    return hash.nobody();
  }

  @Override
  public boolean matches(char[] password, String kept) {
    computed.incrementAndGet();
    return hash.matches(password, kept);
  }

  @Override
  public boolean outdated(String kept) {
    return hash.outdated(kept);
  }
}
