package org.u2f4j.verifier;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.KeyHandle;
import org.u2f4j.UserPublicKey;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;
import org.u2f4j.verifier.webauthn.WebAuthnRelyingParty;

/**
 * This library. It checks all that a relying party does, any attestation certificate will do. The store is a map, filled
 * beforehand, that compares and never sets: the messages come again.
 */
final class Ours implements Candidate {
  private static final String ACCOUNT = "user";
  private static final AppId RP_ID = new AppId(Message.RP_ID);
  private final Instant expiresAt = Instant.now().plusSeconds(86_400);

  private final Store store = new Store();
  private final RelyingParty relyingParty;
  private final WebAuthnRelyingParty browsers;
  private final From from;

  /** What of a message it begins with. */
  private enum From {
    U2F_JSON,
    U2F_PARSED,
    WEBAUTHN_JSON
  }

  private Ours(EcdsaEngine engine, From from) {
    RelyingParty.Builder builder =
        RelyingParty.builder(Message.APP_ID, store, AttestationTrust.acceptAny());
    this.relyingParty = (engine == null ? builder : builder.engine(engine)).build();
    this.browsers = WebAuthnRelyingParty.builder(relyingParty, Message.RP_ID).build();
    this.from = from;
  }

  static Ours outOfTheBox() {
    return new Ours(null, From.U2F_JSON);
  }

  static Ours with(EcdsaEngine engine) {
    return new Ours(engine, From.U2F_JSON);
  }

  /** From the same JSON as the libraries for WebAuthn; an engine of {@code null} is the one out of the box. */
  static Ours webAuthn(EcdsaEngine engine) {
    return new Ours(engine, From.WEBAUTHN_JSON);
  }

  /** Everything but the signature, from the JSON on or from its parts. */
  static Ours withoutEcdsa(boolean parsed) {
    return new Ours(new NoEngine(), parsed ? From.U2F_PARSED : From.U2F_JSON);
  }

  static Ours webAuthnWithoutEcdsa() {
    return webAuthn(new NoEngine());
  }

  @Override
  public Check authentication(List<Message> messages) throws Exception {
    List<PendingAuthentication> pendings = new ArrayList<>();
    List<SignResponse> responses = new ArrayList<>();
    for (Message message : messages) {
      store.registrations.computeIfAbsent(message.keyHandle(), handle -> registration(message));
      RegisteredKey key = from == From.WEBAUTHN_JSON
          ? new RegisteredKey(RegisteredKey.WEBAUTHN, message.keyHandle(), RP_ID, null, List.of())
          : new RegisteredKey(message.keyHandle());
      SignRequest request = new SignRequest(Message.APP_ID, message.challenge(), List.of(key));
      pendings.add(new PendingAuthentication(ACCOUNT, request, expiresAt));
      if (from == From.U2F_PARSED) {
        responses.add(SignResponse.decode(message.u2fResponse()));
      }
    }
    return switch (from) {
      case U2F_JSON ->
        index -> relyingParty.finishAuthentication(
            pendings.get(index), messages.get(index).u2fResponse());
      case U2F_PARSED ->
        index -> relyingParty.finishAuthentication(pendings.get(index), responses.get(index));
      case WEBAUTHN_JSON ->
        index -> browsers.finishAuthentication(
            pendings.get(index), messages.get(index).webauthnResponse());
    };
  }

  private Registration registration(Message message) {
    return new Registration(
        ACCOUNT,
        message.keyHandle(),
        message.publicKey(),
        from == From.WEBAUTHN_JSON ? RP_ID : Message.APP_ID,
        message.counter() - 1,
        Bytes.EMPTY,
        List.of("usb"),
        Instant.EPOCH,
        null,
        null);
  }

  @Override
  public Check registration(List<Message> messages) throws Exception {
    List<PendingRegistration> pendings = new ArrayList<>();
    List<RegisterResponse> responses = new ArrayList<>();
    for (Message message : messages) {
      RegisterRequest request = new RegisterRequest(Message.APP_ID, message.challenge(), List.of());
      pendings.add(new PendingRegistration(ACCOUNT, request, expiresAt));
      if (from == From.U2F_PARSED) {
        responses.add(RegisterResponse.decode(message.u2fResponse()));
      }
    }
    return switch (from) {
      case U2F_JSON ->
        index -> relyingParty.finishRegistration(
            pendings.get(index), messages.get(index).u2fResponse());
      case U2F_PARSED ->
        index -> relyingParty.finishRegistration(pendings.get(index), responses.get(index));
      case WEBAUTHN_JSON ->
        index -> browsers.finishRegistration(
            pendings.get(index), messages.get(index).webauthnResponse());
    };
  }

  private static final class NoEngine implements EcdsaEngine {
    @Override
    public boolean verify(UserPublicKey key, Bytes message, Bytes signature) {
      return true;
    }

    @Override
    public String description() {
      return "none";
    }
  }

  private static final class Store implements RegistrationStore {
    private final Map<KeyHandle, Registration> registrations = new HashMap<>();

    @Override
    public List<Registration> registrations(String account) {
      return List.of(); // there is always room
    }

    @Override
    public Optional<Registration> find(KeyHandle keyHandle) {
      return Optional.ofNullable(registrations.get(keyHandle));
    }

    @Override
    public boolean add(Registration registration) {
      return !registrations.containsKey(registration.keyHandle());
    }

    @Override
    public boolean advance(Registration seen, long counter, Instant at) {
      Registration stored = registrations.get(seen.keyHandle());
      return stored != null && Objects.equals(stored.counter(), seen.counter());
    }

    @Override
    public void mark(KeyHandle keyHandle, Anomaly anomaly) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean clear(String account, KeyHandle keyHandle, boolean restartCounter) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean remove(String account, KeyHandle keyHandle) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void keep(String challenge, String pending, Instant expiresAt) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> consume(String challenge) {
      throw new UnsupportedOperationException();
    }
  }
}
