package org.u2f4j.verifier.webauthn;

import java.util.EnumSet;
import java.util.Set;

/**
 * The bits of the flags in authenticator data (Web Authentication, section 6.1). U2F has the first
 * one alone, in the same place.
 */
public enum Flag {
  /** Bit 0: the person touched the key. */
  USER_PRESENT(0x01),
  /** Bit 2: the key knows the person, by a PIN or a finger. */
  USER_VERIFIED(0x04),
  /** Bit 3: the credential may be copied to other devices. */
  BACKUP_ELIGIBLE(0x08),
  /** Bit 4: the credential is copied somewhere. */
  BACKED_UP(0x10),
  /** Bit 6: a new credential follows. */
  CREDENTIAL(0x40),
  /** Bit 7: extensions follow. */
  EXTENSIONS(0x80);

  private final int mask;

  Flag(int mask) {
    this.mask = mask;
  }

  /**
   * Whether this bit is set.
   *
   * @param flags the byte
   * @return true if it is
   */
  public boolean in(int flags) {
    return (flags & mask) != 0;
  }

  /**
   * The names of the bits that are set.
   *
   * @param flags the byte
   * @return the flags; bits 1 and 5 have no name
   */
  public static Set<Flag> of(int flags) {
    Set<Flag> set = EnumSet.noneOf(Flag.class);
    for (Flag flag : values()) {
      if (flag.in(flags)) {
        set.add(flag);
      }
    }
    return set;
  }
}
