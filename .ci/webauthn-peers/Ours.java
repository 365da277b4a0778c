import java.time.Instant;
import java.util.List;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
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
import org.u2f4j.verifier.webauthn.WebAuthnRelyingParty;

/** This library; it refuses with the name of its reason. */
final class Ours implements Case.Judge {
  private static final String ACCOUNT = "user";
  private static final AppId APP_ID = new AppId(Case.APP_ID);
  private static final EcdsaEngine ENGINE = EcdsaEngine.best();

  @Override
  public String refusal(Case response) {
    Instant now = Instant.now();
    RegistrationStore store = RegistrationStore.inMemory();
    RelyingParty site = RelyingParty.builder(APP_ID, store, AttestationTrust.acceptAny())
        .engine(ENGINE)
        .facets(response.origins().toArray(new String[0]))
        .build();
    WebAuthnRelyingParty party =
        WebAuthnRelyingParty.builder(site, response.rpId()).build();
    try {
      if (response.creates()) {
        RegisterRequest asked = new RegisterRequest(APP_ID, response.challenge(), List.of());
        party.finishRegistration(
            new PendingRegistration(ACCOUNT, asked, now.plusSeconds(60)), response.json());
      } else {
        authenticate(party, store, response, now);
      }
      return null;
    } catch (VerificationException e) {
      return e.reason() + ": " + e.getMessage();
    }
  }

  private static void authenticate(
      WebAuthnRelyingParty party, RegistrationStore store, Case response, Instant now)
      throws VerificationException {
    KeyHandle id = new KeyHandle(Bytes.of(response.id()));
    UserPublicKey key;
    try {
      key = UserPublicKey.decode(Bytes.of(response.key()));
    } catch (org.u2f4j.FormatException e) {
      throw new IllegalStateException(e);
    }
    AppId scope = response.boundToAppId() ? APP_ID : new AppId(response.rpId());
    store.add(new Registration(
        ACCOUNT,
        id,
        key,
        scope,
        response.storedCounter(),
        Bytes.EMPTY,
        List.of(),
        now,
        null,
        null));
    RegisteredKey known = new RegisteredKey(
        RegisteredKey.U2F_V2, id, response.boundToAppId() ? null : scope, null, List.of());
    SignRequest asked = new SignRequest(APP_ID, response.challenge(), List.of(known));
    party.finishAuthentication(
        new PendingAuthentication(ACCOUNT, asked, now.plusSeconds(60)), response.json());
  }
}
