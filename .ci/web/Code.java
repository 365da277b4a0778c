import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/** The authenticator app on somebody's phone. */
final class Code {
  private static final long STEP = 30;

  private final SecretKeySpec secret;

  /** The step of the first code: that of now, which must not end before all codes are used. */
  private final long first;

  private int used;

  Code(String base32) throws InterruptedException {
    BigInteger bits = BigInteger.ONE; // keeps zeros at the front
    for (char c : base32.replace(" ", "").toCharArray()) {
      bits =
          bits.shiftLeft(5).add(BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c)));
    }
    byte[] bytes = bits.toByteArray();
    secret = new SecretKeySpec(Arrays.copyOfRange(bytes, 1, bytes.length), "HmacSHA1");
    first = Instant.now().getEpochSecond() / STEP - 1;
  }

  /** A code that was not used yet: of the last step, this one, or the next one, if time has not gone on. */
  String next() throws Exception {
    long step = Math.max(first + used, Instant.now().getEpochSecond() / STEP - 1);
    used = (int) (step - first) + 1;
    return new TimeBasedOneTimePasswordGenerator(Duration.ofSeconds(STEP))
        .generateOneTimePasswordString(secret, Instant.ofEpochSecond(step * STEP));
  }
}
