package org.u2f4j.hid;

import org.u2f4j.Bytes;

/**
 * What a key says of itself when it gives out a channel (CTAP 2.1, section 11.2.9.1.3).
 *
 * @param protocolVersion 2 for every key so far
 * @param major version of the key, as its maker counts, 0 to 255
 * @param minor version of the key, 0 to 255
 * @param build version of the key, 0 to 255
 * @param capabilities flags, 0 to 255; only hints: keys are known to set some that they do not serve
 */
public record DeviceInfo(int protocolVersion, int major, int minor, int build, int capabilities) {
  /** 01: WINK is served. */
  public static final int WINK = 0x01;

  /** 02: LOCK is served. */
  public static final int LOCK = 0x02;

  /** 04: CBOR, and with it CTAP2, is served. */
  public static final int CBOR = 0x04;

  /** 08: MSG, and with it U2F, is not served. */
  public static final int NO_MSG = 0x08;

  static final int LENGTH = 5;

  /**
   * Checks the ranges.
   *
   * @param protocolVersion 0 to 255
   * @param major 0 to 255
   * @param minor 0 to 255
   * @param build 0 to 255
   * @param capabilities 0 to 255
   * @throws IllegalArgumentException if a value does not fit a byte
   */
  public DeviceInfo {
    if ((protocolVersion | major | minor | build | capabilities) >>> 8 != 0) {
      throw new IllegalArgumentException("a value of the device info is outside 0 to 255");
    }
  }

  static DeviceInfo at(Bytes bytes, int index) {
    return new DeviceInfo(
        bytes.at(index),
        bytes.at(index + 1),
        bytes.at(index + 2),
        bytes.at(index + 3),
        bytes.at(index + 4));
  }

  Bytes bytes() {
    return Bytes.of(
        (byte) protocolVersion, (byte) major, (byte) minor, (byte) build, (byte) capabilities);
  }

  /**
   * Whether the key shows itself when asked.
   *
   * @return true if it says so
   */
  public boolean winks() {
    return (capabilities & WINK) != 0;
  }

  /**
   * Whether the key can be kept for one channel.
   *
   * @return true if it says so
   */
  public boolean locks() {
    return (capabilities & LOCK) != 0;
  }

  /**
   * Whether the key speaks CTAP2.
   *
   * @return true if it says so
   */
  public boolean speaksCtap2() {
    return (capabilities & CBOR) != 0;
  }

  /**
   * Whether the key speaks U2F.
   *
   * @return false if it says that it does not, or that U2F is turned off
   */
  public boolean speaksU2f() {
    return (capabilities & NO_MSG) == 0;
  }

  /** Such as "protocol 2, version 5.4.3, WINK, CBOR, MSG". */
  @Override
  public String toString() {
    return "protocol %s, version %s.%s.%s%s%s%s%s"
        .formatted(
            protocolVersion,
            major,
            minor,
            build,
            winks() ? ", WINK" : "",
            locks() ? ", LOCK" : "",
            speaksCtap2() ? ", CBOR" : "",
            speaksU2f() ? ", MSG" : "");
  }
}
