import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.EcdsaEngine;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;

/** Judges the lines that Mutants prints with this library. */
class Ours {
  public static void main(String[] args) throws Exception {
    EcdsaEngine engine = EcdsaEngine.bouncyCastle();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] field = line.split("\t", -1);
      System.out.println(field[0] + "\t" + verdict(field, engine));
    }
  }

  static String verdict(String[] field, EcdsaEngine engine) {
    AppId appId = new AppId(field[3]);
    RegistrationStore store = RegistrationStore.inMemory();
    RelyingParty relyingParty = RelyingParty.builder(appId, store, AttestationTrust.acceptAny())
        .facets(field[4])
        .engine(engine)
        .build();
    Instant later = Instant.now().plusSeconds(300);
    try {
      if (field[1].equals("registration")) {
        RegisterRequest request = new RegisterRequest(appId, field[2], List.of());
        relyingParty.finishRegistration(
            new PendingRegistration("someone", request, later), field[7]);
      } else {
        KeyHandle keyHandle = KeyHandle.fromBase64Url(field[5]);
        UserPublicKey key = UserPublicKey.decode(Bytes.fromHex(field[6]));
        store.add(new Registration(
            "someone",
            keyHandle,
            key,
            appId,
            null,
            Bytes.EMPTY,
            List.of(),
            Instant.now(),
            null,
            null));
        SignRequest request =
            new SignRequest(appId, field[2], List.of(new RegisteredKey(keyHandle)));
        relyingParty.finishAuthentication(
            new PendingAuthentication("someone", request, later), field[7]);
      }
      return "accept\t";
    } catch (VerificationException e) {
      return "reject\t" + e.reason();
    } catch (FormatException e) {
      return "reject\t" + e.getMessage();
    }
  }
}
