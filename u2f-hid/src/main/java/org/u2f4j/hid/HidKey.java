package org.u2f4j.hid;

/**
 * A key that is plugged in, as the system describes it. The texts are the maker's; control
 * characters in them are shown as question marks.
 *
 * @param path what the system calls it, such as {@code /dev/hidraw3}; after it was unplugged the
 *     system may give the same path to another device
 * @param vendorId 0 to 65,535
 * @param productId 0 to 65,535
 * @param release version of the device, in binary coded decimal, 0 to 65,535
 * @param manufacturer who made it, or empty
 * @param product what it is called, or empty
 * @param serialNumber its serial number, or empty, as most keys have it
 * @param arrival what tells this key from one that gets the same path later, were it the same key
 *     plugged in again: on Linux where the kernel shows it in {@code /sys}, elsewhere empty
 */
public record HidKey(
    String path,
    int vendorId,
    int productId,
    int release,
    String manufacturer,
    String product,
    String serialNumber,
    String arrival) {
  /**
   * What to call it.
   *
   * @return what its maker calls it, or its vendor and product, and the path
   */
  public String name() {
    String name = product.isEmpty() ? "%04x:%04x".formatted(vendorId, productId) : product;
    return "%s (%s)".formatted(name, path);
  }
}
