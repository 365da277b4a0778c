package org.u2f4j.hid;

/** Why a key cannot be used, and what to do about it. */
public enum AccessProblem {
  /** The key does not serve U2F. */
  U2F_OFF("U2F is turned off on this key", "turn it on with the maker's tool"),
  /** The key was there and is not any more. */
  UNPLUGGED("the key is gone", "plug it in again"),
  /** The system does not let this program open the key. */
  CANNOT_OPEN(
      "the system does not let this program open the key",
      "allow this user to read and write the device"),
  /** What speaks to USB devices could not be loaded. */
  NO_NATIVE_LIBRARY(
      "the native library for USB devices cannot be loaded",
      "on Linux it needs glibc 2.33, libudev1 and a temporary directory that may hold programs"
          + " (-Djna.tmpdir names another)");

  private final String sentence;
  private final String cure;

  AccessProblem(String sentence, String cure) {
    this.sentence = sentence;
    this.cure = cure;
  }

  /**
   * What is wrong.
   *
   * @return a sentence without its full stop
   */
  public String sentence() {
    return sentence;
  }

  /**
   * What helps.
   *
   * @return a sentence in the imperative, without its full stop
   */
  public String cure() {
    return cure;
  }
}
