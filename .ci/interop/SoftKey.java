import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.soft.SoftwareKey;

/** A software key on standard input and output: a command APDU in hex a line, its response a line. */
class SoftKey {
  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    try (SoftwareKey key = SoftwareKey.create()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        CommandApdu command = CommandApdu.decode(Bytes.fromHex(line));
        System.out.println(key.exchange(command, Deadline.after(Duration.ofSeconds(5)))
            .encode()
            .hex());
      }
    }
  }
}
