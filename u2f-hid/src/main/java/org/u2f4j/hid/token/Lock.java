package org.u2f4j.hid.token;

import java.time.Duration;
import org.u2f4j.hid.Channel;

/** The channel that has the token for itself (CTAP 2.1, section 11.2.9.2.2). */
final class Lock {
  private Channel holder = Channel.RESERVED;
  private long length;
  private long until;

  void hold(Channel channel, Duration time, long now) {
    holder = time.isZero() ? Channel.RESERVED : channel;
    length = time.toNanos();
    until = now + length;
  }

  /** Its time begins anew with each message of the channel. */
  void renew(Channel channel, long now) {
    if (isHeldBy(channel, now)) {
      until = now + length;
    }
  }

  boolean isHeldBy(Channel channel, long now) {
    return holder.equals(channel) && until - now > 0;
  }

  boolean keepsOut(Channel channel, long now) {
    return !holder.equals(Channel.RESERVED) && !holder.equals(channel) && until - now > 0;
  }
}
