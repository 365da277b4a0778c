package org.u2f4j.hid;

import java.util.Random;
import org.u2f4j.Bytes;

/** A second program on the same key: says that it is ready, waits for the end of its input, pings. */
final class OtherProgram {
  private OtherProgram() {}

  public static void main(String[] args) throws Exception {
    try (CtapHidDevice device = PluggedIn.open(PluggedIn.key())) {
      System.out.println("ready");
      System.in.readAllBytes();
      Random random = new Random(2);
      for (int i = 0; i < 100; i++) {
        byte[] bytes = new byte[random.nextInt(1000)];
        random.nextBytes(bytes);
        device.ping(Bytes.of(bytes), PluggedIn.seconds(60));
      }
      System.out.println("100 pings came back");
    }
  }
}
