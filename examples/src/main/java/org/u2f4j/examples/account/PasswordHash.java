package org.u2f4j.examples.account;

/** How passwords are kept. */
interface PasswordHash {
  /** The form to keep, with parameters and a new salt. */
  String hash(char[] password);

  /** Whether it is the password that was kept; takes as long whatever the answer is. */
  boolean matches(char[] password, String kept);

  /** A form that is no password's, and costs as much to compare with. */
  String nobody();

  /** Whether it was kept with other parameters than a new one would be. */
  boolean outdated(String kept);
}
