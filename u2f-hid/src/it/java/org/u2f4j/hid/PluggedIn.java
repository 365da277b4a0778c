package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.u2f4j.apdu.Deadline;

/** The key that the tests are to use. */
final class PluggedIn {
  private PluggedIn() {}

  /**
   * The one that the property u2f4j.key names by its path, else the first one. Without any, the test
   * is skipped, or fails where the property u2f4j.key.required says that there is one.
   */
  static HidKey key() throws IOException, InterruptedException {
    List<HidKey> keys = HidKeys.USB.list(seconds(2));
    String path = System.getProperty("u2f4j.key", "");
    for (HidKey key : keys) {
      if (path.isEmpty() || path.equals(key.path())) {
        return key;
      }
    }
    if (!path.isEmpty() || Boolean.getBoolean("u2f4j.key.required")) {
      assertNotEquals(List.of(), keys, "a key " + path);
      throw new AssertionError("there is no key " + path + " among " + keys);
    }
    System.err.println("SKIPPED: no security key is plugged in");
    return abort("no security key is plugged in");
  }

  static CtapHidDevice open(HidKey key) throws IOException, InterruptedException {
    return CtapHidDevice.open(HidKeys.USB.open(key, seconds(2)), CtapHidDevice.SILENT, seconds(10));
  }

  static Deadline seconds(int seconds) {
    return Deadline.after(Duration.ofSeconds(seconds));
  }
}
