package org.u2f4j.hid.token;

import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.Set;
import org.u2f4j.hid.Channel;

/** The channels that a token has given out. Like a real key it remembers few. */
final class Channels {
  static final int MOST = 16;

  /** The one that was used last comes last. */
  private final Set<Channel> known = new LinkedHashSet<>();

  private int last;

  Channels() {
    this(new SecureRandom().nextInt());
  }

  /** The first channel is the one behind it. */
  Channels(int last) {
    this.last = last;
  }

  /** A channel that is unknown so far. */
  Channel open() {
    Channel channel;
    do {
      channel = new Channel(++last);
    } while (channel.equals(Channel.RESERVED)
        || channel.equals(Channel.BROADCAST)
        || known.contains(channel));
    use(channel);
    return channel;
  }

  /** Remembers a channel; the one that was longest out of use may be forgotten for it. */
  void use(Channel channel) {
    known.remove(channel);
    if (known.size() == MOST) {
      known.remove(known.iterator().next());
    }
    known.add(channel);
  }

  boolean knows(Channel channel) {
    return known.contains(channel);
  }

  void forgetAll() {
    known.clear();
  }
}
