package org.u2f4j.examples.account;

/** What an authenticator app shows. */
public final class Codes {
  private Codes() {}

  /** The code of a step of 30 seconds, counted from 1970. */
  public static String of(String secret, long step) {
    return Totp.code(Base32.decode(secret), step);
  }
}
