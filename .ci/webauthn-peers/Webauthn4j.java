import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.EC2COSEKey;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.attestation.statement.none.NoneAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.packed.PackedAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.u2f.FIDOU2FAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.certpath.NullCertPathTrustworthinessVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.self.NullSelfAttestationTrustworthinessVerifier;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** webauthn4j-core: any attestation will do, as with the others. */
final class Webauthn4j implements Case.Judge {
  private static final List<PublicKeyCredentialParameters> ALGORITHMS =
      List.of(new PublicKeyCredentialParameters(
          PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.ES256));

  private final WebAuthnManager manager = new WebAuthnManager(
      List.of(
          new FIDOU2FAttestationStatementVerifier(),
          new PackedAttestationStatementVerifier(),
          new NoneAttestationStatementVerifier()),
      new NullCertPathTrustworthinessVerifier(),
      new NullSelfAttestationTrustworthinessVerifier());

  @Override
  public String refusal(Case response) {
    Set<Origin> origins = response.origins().stream().map(Origin::new).collect(Collectors.toSet());
    ServerProperty server = ServerProperty.builder()
        .origins(origins)
        .rpId(response.rpId())
        .challenge(new DefaultChallenge(response.challenge()))
        .build();
    try {
      if (response.creates()) {
        manager.verify(
            manager.parseRegistrationResponseJSON(response.json()),
            new RegistrationParameters(server, ALGORITHMS, false, true));
      } else {
        AttestedCredentialData credential = new AttestedCredentialData(
            AAGUID.ZERO, response.id(), EC2COSEKey.createFromUncompressedECCKey(response.key()));
        CredentialRecordImpl stored = new CredentialRecordImpl(
            new NoneAttestationStatement(),
            false,
            false,
            false,
            response.storedCounter(),
            credential,
            null,
            null,
            null,
            Set.of());
        manager.verify(
            manager.parseAuthenticationResponseJSON(response.json()),
            new AuthenticationParameters(server, stored, List.of(response.id()), false, true));
      }
      return null;
    } catch (RuntimeException e) {
      return e.toString();
    }
  }
}
