package org.u2f4j.examples.account;

/** How somebody proved who they are, besides the password. */
public enum Factor {
  /** A security key. */
  KEY,
  /** A code of the authenticator app. */
  APP,
  /** A recovery code. */
  RECOVERY_CODE,
  /** The device is remembered, since a second factor was given on it before. */
  REMEMBERED_DEVICE,
  /** Nothing else: two-factor authentication is off. */
  NONE
}
