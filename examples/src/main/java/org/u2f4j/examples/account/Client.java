package org.u2f4j.examples.account;

/**
 * Who is calling, for the history and the rate limits.
 *
 * @param address where from: an IP address, or "this computer"
 * @param device what people would call the browser or program, such as "Firefox on Linux"
 */
public record Client(String address, String device) {
  private static final int MAX = 100;

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

  private static String shown(String text) {
    String visible = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    return visible.length() <= MAX ? visible : visible.substring(0, MAX);
  }
}
