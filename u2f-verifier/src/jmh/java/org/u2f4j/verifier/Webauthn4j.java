package org.u2f4j.verifier;

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
import com.webauthn4j.verifier.attestation.statement.u2f.FIDOU2FAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.certpath.NullCertPathTrustworthinessVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.self.NullSelfAttestationTrustworthinessVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * webauthn4j-core. It parses the WebAuthn JSON and checks type, challenge, origin, RP ID, user presence, signature and
 * counter, of a registration the fido-u2f statement's signature too; any attestation certificate will do. A stored
 * record is what verification changes, so each check gets a new one around the key as decoded beforehand.
 */
final class Webauthn4j implements Candidate {
  private static final Origin ORIGIN = new Origin(Message.ORIGIN);

  private final WebAuthnManager manager = new WebAuthnManager(
      List.of(new FIDOU2FAttestationStatementVerifier()),
      new NullCertPathTrustworthinessVerifier(),
      new NullSelfAttestationTrustworthinessVerifier());

  private static ServerProperty server(Message message) {
    return ServerProperty.builder()
        .origin(ORIGIN)
        .rpId(Message.RP_ID)
        .challenge(new DefaultChallenge(message.challenge()))
        .build();
  }

  @Override
  public Check authentication(List<Message> messages) {
    record Pending(
        ServerProperty server, AttestedCredentialData credential, List<byte[]> allowed) {}
    List<Pending> pendings = new ArrayList<>();
    for (Message message : messages) {
      byte[] id = message.keyHandle().bytes().toArray();
      EC2COSEKey key =
          EC2COSEKey.createFromUncompressedECCKey(message.publicKey().bytes().toArray());
      pendings.add(new Pending(
          server(message), new AttestedCredentialData(AAGUID.ZERO, id, key), List.of(id)));
    }
    return index -> {
      Message message = messages.get(index);
      Pending pending = pendings.get(index);
      CredentialRecordImpl stored = new CredentialRecordImpl(
          new NoneAttestationStatement(),
          false,
          false,
          false,
          message.counter() - 1,
          pending.credential(),
          null,
          null,
          null,
          Set.of());
      manager.verify(
          manager.parseAuthenticationResponseJSON(message.webauthnResponse()),
          new AuthenticationParameters(pending.server(), stored, pending.allowed(), false, true));
    };
  }

  @Override
  public Check registration(List<Message> messages) {
    List<PublicKeyCredentialParameters> algorithms = List.of(new PublicKeyCredentialParameters(
        PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.ES256));
    List<RegistrationParameters> parameters = new ArrayList<>();
    for (Message message : messages) {
      parameters.add(new RegistrationParameters(server(message), algorithms, false, true));
    }
    return index -> manager.verify(
        manager.parseRegistrationResponseJSON(messages.get(index).webauthnResponse()),
        parameters.get(index));
  }
}
