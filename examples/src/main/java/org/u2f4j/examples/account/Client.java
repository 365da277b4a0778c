package org.u2f4j.examples.account;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who is calling, for the history and the rate limits.
 *
 * @param address where from: an IP address, or "this computer"
 * @param device what people would call the browser or program, such as "Firefox on Linux"
 */
public record Client(String address, String device) {
  private static final int MAX = 100;
  private static final Pattern IPV6 =
      Pattern.compile("((?:[0-9a-f]{1,4}:){4})(?:[0-9a-f]{1,4}:){3}[0-9a-f]{1,4}");

  /**
   * Shortens both, and shows what is invisible in them as a question mark: they are a stranger's words.
   *
   * @param address where from
   * @param device what people would call it
   */
  public Client {
    address = shown(address);
    device = shown(device);
  }

  /**
   * What is counted together: of an IPv6 address, as InetAddress writes it, the first 64 bits, since
   * whoever has one has all with these.
   */
  String network() {
    Matcher ipv6 = IPV6.matcher(address);
    return ipv6.matches() ? ipv6.group(1) + ":/64" : address;
  }

  private static String shown(String text) {
    String visible = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    return visible.length() <= MAX ? visible : visible.substring(0, MAX);
  }
}
