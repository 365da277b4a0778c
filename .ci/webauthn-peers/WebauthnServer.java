import com.yubico.webauthn.AssertionRequest;
import com.yubico.webauthn.CredentialRepository;
import com.yubico.webauthn.FinishAssertionOptions;
import com.yubico.webauthn.FinishRegistrationOptions;
import com.yubico.webauthn.RegisteredCredential;
import com.yubico.webauthn.RelyingParty;
import com.yubico.webauthn.data.AssertionExtensionInputs;
import com.yubico.webauthn.data.AttestationConveyancePreference;
import com.yubico.webauthn.data.ByteArray;
import com.yubico.webauthn.data.PublicKeyCredential;
import com.yubico.webauthn.data.PublicKeyCredentialCreationOptions;
import com.yubico.webauthn.data.PublicKeyCredentialDescriptor;
import com.yubico.webauthn.data.PublicKeyCredentialParameters;
import com.yubico.webauthn.data.PublicKeyCredentialRequestOptions;
import com.yubico.webauthn.data.RelyingPartyIdentity;
import com.yubico.webauthn.data.UserIdentity;
import com.yubico.webauthn.extension.appid.AppId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** webauthn-server-core: any attestation will do, as with the others. */
final class WebauthnServer implements Case.Judge {
  private static final String USER = "user";
  private static final ByteArray USER_HANDLE = new ByteArray(new byte[] {1});

  @Override
  public String refusal(Case response) {
    RelyingPartyIdentity identity =
        RelyingPartyIdentity.builder().id(response.rpId()).name("example").build();
    RelyingParty party = RelyingParty.builder()
        .identity(identity)
        .credentialRepository(new Repository(response))
        .origins(Set.copyOf(response.origins()))
        .attestationConveyancePreference(AttestationConveyancePreference.DIRECT)
        .build();
    try {
      if (response.creates()) {
        party.finishRegistration(FinishRegistrationOptions.builder()
            .request(creation(response, identity))
            .response(PublicKeyCredential.parseRegistrationResponseJson(response.json()))
            .build());
      } else {
        party.finishAssertion(FinishAssertionOptions.builder()
            .request(AssertionRequest.builder()
                .publicKeyCredentialRequestOptions(request(response))
                .username(USER)
                .build())
            .response(PublicKeyCredential.parseAssertionResponseJson(response.json()))
            .build());
      }
      return null;
    } catch (Exception e) {
      return e.toString();
    }
  }

  private static PublicKeyCredentialCreationOptions creation(
      Case response, RelyingPartyIdentity identity) throws Exception {
    UserIdentity user =
        UserIdentity.builder().name(USER).displayName(USER).id(USER_HANDLE).build();
    return PublicKeyCredentialCreationOptions.builder()
        .rp(identity)
        .user(user)
        .challenge(ByteArray.fromBase64Url(response.challenge()))
        .pubKeyCredParams(List.of(PublicKeyCredentialParameters.ES256))
        .attestation(AttestationConveyancePreference.DIRECT)
        .build();
  }

  private static PublicKeyCredentialRequestOptions request(Case response) throws Exception {
    PublicKeyCredentialDescriptor allowed =
        PublicKeyCredentialDescriptor.builder().id(new ByteArray(response.id())).build();
    AssertionExtensionInputs extensions = response.boundToAppId()
        ? AssertionExtensionInputs.builder().appid(new AppId(Case.APP_ID)).build()
        : AssertionExtensionInputs.builder().build();
    return PublicKeyCredentialRequestOptions.builder()
        .challenge(ByteArray.fromBase64Url(response.challenge()))
        .rpId(response.rpId())
        .allowCredentials(List.of(allowed))
        .extensions(extensions)
        .build();
  }

  private record Repository(Case response) implements CredentialRepository {
    private Optional<RegisteredCredential> find(ByteArray id) {
      if (response.creates() || !id.equals(new ByteArray(response.id()))) {
        return Optional.empty();
      }
      return Optional.of(RegisteredCredential.builder()
          .credentialId(id)
          .userHandle(USER_HANDLE)
          .publicKeyEs256Raw(new ByteArray(response.key()))
          .signatureCount(response.storedCounter())
          .build());
    }

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
    public Optional<RegisteredCredential> lookup(ByteArray id, ByteArray userHandle) {
      return find(id);
    }

    @Override
    public Set<RegisteredCredential> lookupAll(ByteArray id) {
      return find(id).map(Set::of).orElse(Set.of());
    }
  }
}
