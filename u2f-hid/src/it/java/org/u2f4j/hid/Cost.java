package org.u2f4j.hid;

import static org.u2f4j.hid.PluggedIn.seconds;

import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.U2fClient;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;

/**
 * Signs with a key, and says how long that took: after as many signatures as the other programs make
 * first, and again when Java has had the time to compile what it runs. Arguments: its path, how many
 * times.
 */
final class Cost {
  private static final String ORIGIN = "https://example.com";
  private static final AppId APP_ID = new AppId(ORIGIN);
  private static final int WARM_UP = 10;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final U2fClient client =
      new U2fClient(FacetRule.trustedProgram(), new TouchPolling(TouchPolling.SILENT));
  private final CtapHidDevice device;

  private Cost(CtapHidDevice device) {
    this.device = device;
  }

  public static void main(String[] args) throws Exception {
    System.setProperty("u2f4j.key", args[0]);
    int count = Integer.parseInt(args[1]);
    try (CtapHidDevice device = PluggedIn.open(PluggedIn.key())) {
      Cost cost = new Cost(device);
      KeyHandle keyHandle = cost.register();
      cost.sign(keyHandle, count);
      cost.measure(keyHandle, count, "u2f4j");
      cost.sign(keyHandle, WARM_UP * count);
      cost.measure(keyHandle, count, "u2f4j, compiled");
    }
  }

  private void measure(KeyHandle keyHandle, int count, String what) throws Exception {
    long start = System.nanoTime();
    sign(keyHandle, count);
    double millis = (System.nanoTime() - start) / 1e6 / count;
    System.out.printf(Locale.ROOT, "%s %.3f ms%n", what, millis);
  }

  private static String challenge() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Bytes.of(bytes).base64Url();
  }

  private KeyHandle register() throws Exception {
    RegisterRequest request = new RegisterRequest(APP_ID, challenge(), List.of());
    return client.register(request, ORIGIN, device, seconds(60)).registration().keyHandle();
  }

  private void sign(KeyHandle keyHandle, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      client.sign(
          new SignRequest(APP_ID, challenge(), List.of(new RegisteredKey(keyHandle))),
          ORIGIN,
          device,
          seconds(60));
    }
  }
}
