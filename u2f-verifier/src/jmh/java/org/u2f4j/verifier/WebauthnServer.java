package org.u2f4j.verifier;

import com.yubico.webauthn.AssertionRequest;
import com.yubico.webauthn.AssertionResult;
import com.yubico.webauthn.CredentialRepository;
import com.yubico.webauthn.FinishAssertionOptions;
import com.yubico.webauthn.FinishRegistrationOptions;
import com.yubico.webauthn.RegisteredCredential;
import com.yubico.webauthn.RegistrationResult;
import com.yubico.webauthn.RelyingParty;
import com.yubico.webauthn.data.AttestationConveyancePreference;
import com.yubico.webauthn.data.AttestationType;
import com.yubico.webauthn.data.ByteArray;
import com.yubico.webauthn.data.PublicKeyCredential;
import com.yubico.webauthn.data.PublicKeyCredentialCreationOptions;
import com.yubico.webauthn.data.PublicKeyCredentialDescriptor;
import com.yubico.webauthn.data.PublicKeyCredentialParameters;
import com.yubico.webauthn.data.PublicKeyCredentialRequestOptions;
import com.yubico.webauthn.data.RelyingPartyIdentity;
import com.yubico.webauthn.data.UserIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * webauthn-server-core. It parses the WebAuthn JSON and checks type, challenge, origin, RP ID, user presence, signature
 * and counter, of a registration the fido-u2f statement's signature too; with no trust source any attestation will do.
 * The store is a map, filled beforehand.
 */
final class WebauthnServer implements Candidate {
  private static final String USER = "user";
  private static final ByteArray USER_HANDLE = new ByteArray(new byte[] {1});
  private static final RelyingPartyIdentity IDENTITY =
      RelyingPartyIdentity.builder().id(Message.RP_ID).name("example").build();

  private final Map<ByteArray, RegisteredCredential> stored = new HashMap<>();
  private final RelyingParty relyingParty = RelyingParty.builder()
      .identity(IDENTITY)
      .credentialRepository(new Repository())
      .origins(Set.of(Message.ORIGIN))
      .attestationConveyancePreference(AttestationConveyancePreference.DIRECT)
      .build();

  @Override
  public Check authentication(List<Message> messages) throws Exception {
    List<AssertionRequest> requests = new ArrayList<>();
    for (Message message : messages) {
      ByteArray id = new ByteArray(message.keyHandle().bytes().toArray());
      stored.computeIfAbsent(
          id,
          absent -> RegisteredCredential.builder()
              .credentialId(id)
              .userHandle(USER_HANDLE)
              .publicKeyEs256Raw(new ByteArray(message.publicKey().bytes().toArray()))
              .signatureCount(message.counter() - 1)
              .build());
      PublicKeyCredentialDescriptor allowed =
          PublicKeyCredentialDescriptor.builder().id(id).build();
      requests.add(AssertionRequest.builder()
          .publicKeyCredentialRequestOptions(PublicKeyCredentialRequestOptions.builder()
              .challenge(ByteArray.fromBase64Url(message.challenge()))
              .rpId(Message.RP_ID)
              .allowCredentials(List.of(allowed))
              .build())
          .username(USER)
          .build());
    }
    return index -> {
      AssertionResult result = relyingParty.finishAssertion(FinishAssertionOptions.builder()
          .request(requests.get(index))
          .response(PublicKeyCredential.parseAssertionResponseJson(
              messages.get(index).webauthnResponse()))
          .build());
      if (!result.isSuccess() || !result.isSignatureCounterValid()) {
        throw new IllegalStateException(result.toString());
      }
    };
  }

  @Override
  public Check registration(List<Message> messages) throws Exception {
    List<PublicKeyCredentialCreationOptions> requests = new ArrayList<>();
    for (Message message : messages) {
      requests.add(PublicKeyCredentialCreationOptions.builder()
          .rp(IDENTITY)
          .user(UserIdentity.builder()
              .name(USER)
              .displayName(USER)
              .id(USER_HANDLE)
              .build())
          .challenge(ByteArray.fromBase64Url(message.challenge()))
          .pubKeyCredParams(List.of(PublicKeyCredentialParameters.ES256))
          .attestation(AttestationConveyancePreference.DIRECT)
          .build());
    }
    return index -> {
      RegistrationResult result =
          relyingParty.finishRegistration(FinishRegistrationOptions.builder()
              .request(requests.get(index))
              .response(PublicKeyCredential.parseRegistrationResponseJson(
                  messages.get(index).webauthnResponse()))
              .build());
      if (result.getAttestationType() != AttestationType.BASIC) {
        throw new IllegalStateException(result.toString());
      }
    };
  }

  private final class Repository implements CredentialRepository {
    @Override
    public Set<PublicKeyCredentialDescriptor> getCredentialIdsForUsername(String username) {
      return Set.of();
    }

    @Override
    public Optional<ByteArray> getUserHandleForUsername(String username) {
      return Optional.of(USER_HANDLE);
    }

    @Override
    public Optional<String> getUsernameForUserHandle(ByteArray userHandle) {
      return Optional.of(USER);
    }

    @Override
    public Optional<RegisteredCredential> lookup(ByteArray credentialId, ByteArray userHandle) {
      return Optional.ofNullable(stored.get(credentialId));
    }

    @Override
    public Set<RegisteredCredential> lookupAll(ByteArray credentialId) {
      RegisteredCredential credential = stored.get(credentialId);
      return credential == null ? Set.of() : Set.of(credential);
    }
  }
}
