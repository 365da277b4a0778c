import java.util.List;
import java.util.Random;

/**
 * One response, and what the relying party knows of it.
 *
 * @param key the registered key, 65 bytes; null in a registration
 * @param boundToAppId whether the key was registered with U2F
 */
record Case(
    String name,
    String kind,
    boolean creates,
    String rpId,
    List<String> origins,
    String challenge,
    byte[] id,
    byte[] key,
    long storedCounter,
    boolean boundToAppId,
    String json) {
  static final String RP_ID = "example.com";
  static final String ORIGIN = "https://example.com";
  static final String APP_ID = "https://example.com/app-id.json";

  /** What one library says: null for yes, or why not. */
  interface Judge {
    String refusal(Case response);
  }

  static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  static byte[] flip(Random random, byte[] bytes) {
    byte[] flipped = bytes.clone();
    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }
}
