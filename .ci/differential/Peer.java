import com.yubico.u2f.U2fPrimitives;
import com.yubico.u2f.data.DeviceRegistration;
import com.yubico.u2f.data.messages.RegisterRequest;
import com.yubico.u2f.data.messages.RegisterResponse;
import com.yubico.u2f.data.messages.SignRequest;
import com.yubico.u2f.data.messages.SignResponse;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/** Judges the lines that Mutants prints with u2flib-server-core. */
class Peer {
  public static void main(String[] args) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] field = line.split("\t", -1);
      String verdict;
      try {
        judge(field);
        verdict = "accept\t";
      } catch (Exception | AssertionError e) {
        verdict = "reject\t" + e.getClass().getSimpleName() + " "
            + String.valueOf(e.getMessage()).replaceAll("\\s", " ");
      }
      System.out.println(field[0] + "\t" + verdict);
    }
  }

  static void judge(String[] field) throws Exception {
    U2fPrimitives u2f = new U2fPrimitives();
    Set<String> facets = Set.of(field[4]);
    if (field[1].equals("registration")) {
      u2f.finishRegistration(
          new RegisterRequest(field[2], field[3]), RegisterResponse.fromJson(field[7]), facets);
    } else {
      String key =
          Base64.getUrlEncoder().withoutPadding().encodeToString(HexFormat.of().parseHex(field[6]));
      SignRequest request = SignRequest.builder()
          .challenge(field[2])
          .appId(field[3])
          .keyHandle(field[5])
          .build();
      SignResponse response = SignResponse.fromJson(field[7]);
      if (!response.getKeyHandle().equals(field[5])) {
        throw new IllegalArgumentException("key handle"); // U2F, one level up, looks it up by this
      }
      u2f.finishSignature(
          request,
          response,
          new DeviceRegistration(field[5], key, (String) null, -1, false),
          facets);
    }
  }
}
