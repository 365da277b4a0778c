import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import org.u2f4j.AppId;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.ClientData;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;

/** Decodes the messages on standard input, encodes them again, and verifies them with the JDK. */
class Verify {
  private static int refused = 0;

  public static void main(String[] args) throws Exception {
    int registrations = 0;
    int authentications = 0;
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] fields = line.split(" ");
      boolean registers = fields[0].equals("registration");
      try {
        ApplicationParameter application = new AppId(fields[1]).applicationParameter();
        ClientData clientData = ClientData.decode(Bytes.fromHex(fields[2]));
        same(Bytes.fromHex(fields[2]), clientData.bytes());
        same(registers ? ClientData.REGISTER : ClientData.SIGN, clientData.type());
        Bytes message = Bytes.fromHex(fields[3]);
        if (registers) {
          registration(message, application, clientData.challengeParameter());
          registrations++;
        } else {
          UserPublicKey key = UserPublicKey.decode(Bytes.fromHex(fields[4]));
          authentication(message, application, clientData.challengeParameter(), key);
          authentications++;
        }
      } catch (Exception e) {
        throw new Exception("message " + (registrations + authentications + 1) + ": " + line, e);
      }
    }
    System.out.printf(
        "%d registrations and %d authentications verified, %d altered ones refused%n",
        registrations, authentications, refused);
  }

  private static void registration(
      Bytes message, ApplicationParameter application, ChallengeParameter challenge)
      throws Exception {
    RegistrationResponse response = RegistrationResponse.decode(message);
    same(message, response.encode());
    byte[] certificate = response.certificate().toArray();
    PublicKey key = CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(certificate))
        .getPublicKey();
    verify(key, response.signedBytes(application, challenge), response.signature());
  }

  private static void authentication(
      Bytes message,
      ApplicationParameter application,
      ChallengeParameter challenge,
      UserPublicKey key)
      throws Exception {
    AuthenticationResponse response = AuthenticationResponse.decode(message);
    same(message, response.encode());
    same(true, response.userPresent());
    Bytes signed = response.signedBytes(application, challenge);
    verify(key.toPublicKey(), signed, response.signature());
  }

  private static void verify(PublicKey key, Bytes signed, Bytes signature) throws Exception {
    same(true, verifies(key, signed.toArray(), signature));
    for (int index : new int[] {1, 33, signed.length() - 1}) {
      byte[] altered = signed.toArray();
      altered[index] ^= 1;
      same(false, verifies(key, altered, signature));
      refused++;
    }
  }

  private static boolean verifies(PublicKey key, byte[] signed, Bytes signature) throws Exception {
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initVerify(key);
    ecdsa.update(signed);
    return ecdsa.verify(signature.toArray());
  }

  private static void same(Object expected, Object got) {
    if (!expected.equals(got)) {
      throw new IllegalStateException("expected " + expected + ", got " + got);
    }
  }
}
