package org.u2f4j.examples.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The address that a request comes from. */
final class Sender {
  private static final String PORT = "(?::[0-9]{1,5})?";
  private static final Pattern BRACKETS = Pattern.compile("\\[([^\\]]*)\\]" + PORT);
  private static final Pattern IPV4_PORT = Pattern.compile("([0-9.]*)" + PORT);

  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  /** Nothing else is handed to InetAddress: it would ask the name servers for it. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:" + BYTE + "\\.){3}" + BYTE + "|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*");

  private Sender() {}

  /**
   * The address in the one way that Java writes it.
   *
   * @param peer who has sent the request
   * @param forwarded the lines X-Forwarded-For if the peer is a server of ours in front of this one;
   *     null otherwise. The last value of the last line is that server's word, all others a stranger's
   */
  static String address(InetAddress peer, @Nullable List<String> forwarded) {
    if (forwarded == null || forwarded.isEmpty()) {
      return text(peer);
    }
    String line = forwarded.get(forwarded.size() - 1);
    @Nullable InetAddress last = parse(line.substring(line.lastIndexOf(',') + 1).strip());
    return text(last == null ? peer : last);
  }

  private static @Nullable InetAddress parse(String text) {
    String bare = BRACKETS.matcher(text).replaceFirst("$1");
    bare = IPV4_PORT.matcher(bare).matches() ? bare.replaceFirst(":.*", "") : bare;
    try {
      return ADDRESS.matcher(bare).matches() ? InetAddress.getByName(bare) : null;
    } catch (UnknownHostException e) {
      return null; // colons, and no address
    }
  }

  /** Without the zone, which is a network card of this machine. */
  private static String text(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress()).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
