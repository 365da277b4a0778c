import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.SignRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.verifier.AttestationCertificate;
import org.u2f4j.verifier.AttestationTrust;
import org.u2f4j.verifier.PendingAuthentication;
import org.u2f4j.verifier.PendingRegistration;
import org.u2f4j.verifier.Reason;
import org.u2f4j.verifier.Registration;
import org.u2f4j.verifier.RegistrationStore;
import org.u2f4j.verifier.RelyingParty;
import org.u2f4j.verifier.VerificationException;

/** Lets the relying party judge the messages on standard input, as they are and with one thing altered. */
class Verify {
  private static final String OTHER = "https://other.example";
  private static final String OTHER_CHALLENGE = Bytes.of(new byte[32]).base64Url();
  private static final KeyHandle HANDLE = new KeyHandle(Bytes.of(new byte[64]));
  private static final Instant NOW = Instant.now();

  private static int refused = 0;

  /** What comes in, and what the relying party knows of it; each is replaced to see it refused. */
  private record Case(
      AppId appId,
      AppId asked,
      String origin,
      String challenge,
      Bytes clientData,
      Bytes message,
      KeyHandle keyHandle,
      UserPublicKey key,
      Long counter,
      Instant expiry,
      AttestationTrust trust) {
    Case origin(String other) {
      return new Case(
          appId,
          asked,
          other,
          challenge,
          clientData,
          message,
          keyHandle,
          key,
          counter,
          expiry,
          trust);
    }

    Case appId(String other, String otherAsked) {
      return new Case(
          new AppId(other),
          new AppId(otherAsked),
          origin,
          challenge,
          clientData,
          message,
          keyHandle,
          key,
          counter,
          expiry,
          trust);
    }

    Case challenge(String other) {
      return new Case(
          appId, asked, origin, other, clientData, message, keyHandle, key, counter, expiry, trust);
    }

    Case clientData(String part, String other) {
      String text = new String(clientData.toArray(), StandardCharsets.UTF_8);
      if (!text.contains(part)) {
        throw new IllegalStateException(text);
      }
      return new Case(
          appId,
          asked,
          origin,
          challenge,
          Bytes.utf8(text.replace(part, other)),
          message,
          keyHandle,
          key,
          counter,
          expiry,
          trust);
    }

    Case flipped(int index) {
      byte[] altered = message.toArray();
      altered[index] ^= 1;
      return new Case(
          appId,
          asked,
          origin,
          challenge,
          clientData,
          Bytes.of(altered),
          keyHandle,
          key,
          counter,
          expiry,
          trust);
    }

    Case keyHandle(KeyHandle other) {
      return new Case(
          appId, asked, origin, challenge, clientData, message, other, key, counter, expiry, trust);
    }

    Case counter(Long other) {
      return new Case(
          appId,
          asked,
          origin,
          challenge,
          clientData,
          message,
          keyHandle,
          key,
          other,
          expiry,
          trust);
    }

    Case expiry(Instant other) {
      return new Case(
          appId,
          asked,
          origin,
          challenge,
          clientData,
          message,
          keyHandle,
          key,
          counter,
          other,
          trust);
    }

    Case trust(AttestationTrust other) {
      return new Case(
          appId,
          asked,
          origin,
          challenge,
          clientData,
          message,
          keyHandle,
          key,
          counter,
          expiry,
          other);
    }

    private RelyingParty party(RegistrationStore store) {
      return RelyingParty.builder(appId, store, trust)
          .facets(origin)
          .clock(() -> NOW)
          .build();
    }

    void register(RegistrationStore store) throws VerificationException {
      RegisterRequest request = new RegisterRequest(asked, challenge, List.of(), null, null);
      String response = "{\"registrationData\": \"%s\", \"clientData\": \"%s\"}"
          .formatted(message.base64Url(), clientData.base64Url());
      party(store).finishRegistration(new PendingRegistration("alice", request, expiry), response);
    }

    void authenticate() throws VerificationException {
      RegistrationStore store = RegistrationStore.inMemory();
      Registration registration = new Registration(
          "alice", HANDLE, key, appId, counter, Bytes.EMPTY, List.of(), NOW, null, null);
      store.add(registration);
      SignRequest request =
          new SignRequest(asked, challenge, List.of(registration.registeredKey()), null, null);
      String response = "{\"keyHandle\": \"%s\", \"signatureData\": \"%s\", \"clientData\": \"%s\"}"
          .formatted(keyHandle.base64Url(), message.base64Url(), clientData.base64Url());
      party(store)
          .finishAuthentication(new PendingAuthentication("alice", request, expiry), response);
    }
  }

  public static void main(String[] args) throws Exception {
    int registrations = 0;
    int authentications = 0;
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] fields = line.split(" ");
      try {
        Bytes clientData = Bytes.fromHex(fields[2]);
        ClientData read = ClientData.decode(clientData);
        boolean registers = fields[0].equals("registration");
        Case right = new Case(
            new AppId(fields[1]),
            new AppId(fields[1]),
            read.origin(),
            read.challenge(),
            clientData,
            Bytes.fromHex(fields[3]),
            HANDLE,
            registers ? null : UserPublicKey.decode(Bytes.fromHex(fields[4])),
            null,
            NOW.plusSeconds(1),
            AttestationTrust.acceptAny());
        if (registers) {
          registration(right);
          registrations++;
        } else {
          authentication(right);
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

  private static void registration(Case right) throws Exception {
    RegistrationStore store = RegistrationStore.inMemory();
    RegistrationResponse raw = RegistrationResponse.decode(right.message);
    AttestationCertificate certificate = AttestationCertificate.decode(raw.certificate());
    right.trust(AttestationTrust.roots(List.of(certificate)).allowExpired()).register(store);
    refused(Reason.KEY_HANDLE_KNOWN, () -> right.register(store));
    for (Altered altered : altered(right, ClientData.REGISTER, ClientData.SIGN)) {
      refused(altered.reason, () -> altered.with.register(RegistrationStore.inMemory()));
    }
    Case untrusted = right.trust(AttestationTrust.roots(List.of()));
    refused(Reason.UNTRUSTED_ATTESTATION, () -> untrusted.register(RegistrationStore.inMemory()));
    Case otherPoint = right.flipped(65);
    refused(Reason.MALFORMED, () -> otherPoint.register(RegistrationStore.inMemory()));
    Case otherHandle = right.flipped(67);
    refused(Reason.WRONG_SIGNATURE, () -> otherHandle.register(RegistrationStore.inMemory()));
  }

  private static void authentication(Case right) throws Exception {
    right.authenticate();
    for (Altered altered : altered(right, ClientData.SIGN, ClientData.REGISTER)) {
      refused(altered.reason, altered.with::authenticate);
    }
    long counter = AuthenticationResponse.decode(right.message).counter();
    right.counter(counter - 1).authenticate();
    refused(Reason.COUNTER_REFUSED, right.counter(counter)::authenticate);
    refused(Reason.USER_NOT_PRESENT, right.flipped(0)::authenticate);
    refused(Reason.WRONG_SIGNATURE, right.flipped(4)::authenticate);
    KeyHandle other = new KeyHandle(Bytes.of(new byte[63]));
    refused(Reason.UNKNOWN_KEY_HANDLE, right.keyHandle(other)::authenticate);
  }

  private record Altered(Reason reason, Case with) {}

  private static List<Altered> altered(Case right, String type, String otherType) {
    return List.of(
        new Altered(Reason.WRONG_APP_ID, right.appId(right.appId.value(), OTHER)),
        new Altered(Reason.WRONG_SIGNATURE, right.appId(OTHER, OTHER)),
        new Altered(Reason.EXPIRED, right.expiry(NOW)),
        new Altered(Reason.WRONG_TYPE, right.clientData(type, otherType)),
        new Altered(Reason.WRONG_CHALLENGE, right.challenge(OTHER_CHALLENGE)),
        new Altered(Reason.WRONG_ORIGIN, right.origin(OTHER)),
        new Altered(Reason.WRONG_SIGNATURE, right.clientData("}", " }")),
        new Altered(Reason.WRONG_SIGNATURE, right.flipped(right.message.length() - 1)));
  }

  private interface Finish {
    void finish() throws VerificationException;
  }

  private static void refused(Reason expected, Finish finish) {
    try {
      finish.finish();
    } catch (VerificationException e) {
      if (e.reason() == expected) {
        refused++;
        return;
      }
      throw new IllegalStateException("expected " + expected, e);
    }
    throw new IllegalStateException("accepted in spite of " + expected);
  }
}
