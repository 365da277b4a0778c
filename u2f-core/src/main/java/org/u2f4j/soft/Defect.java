package org.u2f4j.soft;

/** What can be wrong with a {@link SoftwareKey} on purpose, so that a program can be tested. */
public enum Defect {
  /** Every signature carries the same counter, as that of a copied key would. */
  STALE_COUNTER,
  /** One bit of each signature is wrong; it still parses. */
  BAD_SIGNATURE,
  /** Signatures are made with another key than the registration's. */
  WRONG_KEY,
  /** Signs without a touch, and says so in the presence byte. */
  NO_PRESENCE,
  /** Never answers. */
  MUTE,
  /** Answers a second late. */
  SLOW,
  /** Answers everything with 6F00, a status that U2F does not know. */
  WRONG_STATUS
}
