package org.u2f4j.hid;

import org.u2f4j.Bytes;

/**
 * A CTAPHID channel id (CTAP 2.1, section 11.2.3): four bytes that a key gave out, with no meaning.
 *
 * @param bits the four bytes, the first one highest; not a number to count with
 */
public record Channel(int bits) {
  /** Bytes of a channel id. */
  public static final int LENGTH = 4;

  /** ffffffff: where a program that has no channel asks for one. */
  public static final Channel BROADCAST = new Channel(0xFFFF_FFFF);

  /** 00000000: never given out. */
  public static final Channel RESERVED = new Channel(0);

  /**
   * Reads a channel id.
   *
   * @param bytes what holds it, 4 bytes at least from the index on
   * @param index where its first byte is
   * @return the channel
   * @throws IndexOutOfBoundsException if there are no four bytes there
   */
  public static Channel at(Bytes bytes, int index) {
    return new Channel((int) bytes.uint32(index));
  }

  /**
   * The channel id as it is sent.
   *
   * @return 4 bytes
   */
  public Bytes bytes() {
    return Bytes.of((byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits);
  }

  /** Eight digits. */
  @Override
  public String toString() {
    return "%08x".formatted(bits);
  }
}
