package org.u2f4j.verifier;

import org.jspecify.annotations.Nullable;

/**
 * What a signature's counter says beside the stored one (FIDO U2F Raw Message Formats, section 5.1;
 * both are unsigned 32-bit values).
 *
 * @param kind the verdict
 * @param stored the stored counter, 0 to 4,294,967,295; null if no signature was seen before
 * @param received the signature's counter, 0 to 4,294,967,295
 */
public record CounterVerdict(Kind kind, @Nullable Long stored, long received) {
  /** The verdicts. */
  public enum Kind {
    /** The first signature that is seen of this registration; any counter will do. */
    FIRST,
    /** Greater than the stored one. */
    ADVANCED,
    /** Greater than the stored one, or the first, and among the last 65,536 values that there are. */
    NEAR_END,
    /** The stored one again, and it is not zero: a copy of the key, or a copied response. */
    REPEATED,
    /** Less than the stored one: a copy of the key, or a key that was restored or ran over. */
    GONE_BACK,
    /** Zero after zero: a key without a counter. WebAuthn allows that, U2F does not. */
    CONSTANT_ZERO
  }

  private static final long MAX = 0xFFFF_FFFFL;
  private static final long NEAR_END_FROM = MAX - 0xFFFF;

  /**
   * Compares.
   *
   * @param stored the stored counter; null if no signature was seen before
   * @param received the signature's counter
   * @return the verdict
   * @throws IllegalArgumentException if one of them does not fit 32 bits
   */
  public static CounterVerdict of(@Nullable Long stored, long received) {
    if (received >>> 32 != 0 || (stored != null && stored >>> 32 != 0)) {
      throw new IllegalArgumentException("a counter has 32 bits: " + stored + ", " + received);
    }
    return new CounterVerdict(kind(stored, received), stored, received);
  }

  private static Kind kind(@Nullable Long stored, long received) {
    if (stored == null || received > stored) {
      return received >= NEAR_END_FROM
          ? Kind.NEAR_END
          : stored == null ? Kind.FIRST : Kind.ADVANCED;
    }
    if (received < stored) {
      return Kind.GONE_BACK;
    }
    return received == 0 ? Kind.CONSTANT_ZERO : Kind.REPEATED;
  }

  /**
   * How far the counter moved.
   *
   * @return received minus stored: negative if it has gone back; 0 for the first signature
   */
  public long by() {
    return stored == null ? 0 : received - stored;
  }

  /** Whether the key may have been copied: the counter did not grow, and had been in use. */
  boolean suspicious() {
    return kind == Kind.REPEATED || kind == Kind.GONE_BACK;
  }

  /** In words, such as "gone back by 3, from 10 to 7". */
  @Override
  public String toString() {
    return switch (kind) {
      case FIRST -> "first, " + received;
      case ADVANCED -> "advanced by " + by() + ", from " + stored + " to " + received;
      case NEAR_END -> "close to the end of its range, " + received + " of " + MAX;
      case REPEATED -> "repeated, " + received;
      case GONE_BACK -> "gone back by " + -by() + ", from " + stored + " to " + received;
      case CONSTANT_ZERO -> "constantly zero";
    };
  }
}
