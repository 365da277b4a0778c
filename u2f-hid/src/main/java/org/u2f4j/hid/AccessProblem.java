package org.u2f4j.hid;

/**
 * Why a key cannot be used, and what a person can do about it.
 *
 * @param name for programs
 * @param sentence what is wrong: a sentence without its full stop
 * @param cure what helps: one or more sentences or commands, on lines of their own
 */
public record AccessProblem(Name name, String sentence, String cure) {
  /** U2F is turned off on the key, or the key never had it. */
  public static final AccessProblem U2F_OFF = new AccessProblem(
      Name.U2F_OFF, "U2F is turned off on this key", "turn it on with the maker's tool");

  /** The key was there and is not any more. */
  public static final AccessProblem UNPLUGGED =
      new AccessProblem(Name.UNPLUGGED, "the key is gone", "plug it in again");

  /** A native call of another thread, for whichever key, has not come back. */
  public static final AccessProblem SYSTEM_BUSY = new AccessProblem(
      Name.SYSTEM_BUSY,
      "another thread of this program still looks for keys, or opens or closes one",
      "try again; if it stays so, take the keys out, and start the program again with one that works");

  /**
   * The names, which stay the same.
   *
   * <p>Seen on real Linux systems: {@code UNPLUGGED} and {@code NO_PERMISSION} with virtual keys, {@code
   * NATIVE_ACCESS_OFF}, and {@code NO_NATIVE_LIBRARY} for want of a directory that may hold programs or
   * of a library for the machine. {@code U2F_OFF} and {@code SYSTEM_BUSY} were seen in memory. How all
   * others are found out, and a glibc that is too old, comes from what users and makers of other
   * programs report: nothing here has run on Windows, on macOS, in WSL, Flatpak or Snap.
   */
  public enum Name {
    /** U2F is turned off on the key. */
    U2F_OFF,
    /** The key was pulled out. */
    UNPLUGGED,
    /** Linux does not let this user use the device: a udev rule is missing. */
    NO_PERMISSION,
    /** This Linux kernel, or what is visible of it, has no raw access to HID devices. */
    NO_HIDRAW,
    /** A container or sandbox shows the key and hides its device. */
    SANDBOX,
    /** Windows shows security keys to programs with administrator's rights alone. */
    NOT_ELEVATED,
    /** Another program has the key for itself. */
    HELD_BY_ANOTHER_PROGRAM,
    /** The native library does not load. */
    NO_NATIVE_LIBRARY,
    /** Java was told to refuse native code. */
    NATIVE_ACCESS_OFF,
    /** Another thread of this program has not come back from the native library in time. */
    SYSTEM_BUSY,
    /** The system does not say why. */
    CANNOT_OPEN
  }
}
