package org.u2f4j.examples;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.SignResponse;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;

/**
 * What the demo checks of the answers, with the JDK alone. A relying party has to check more: whom
 * to trust with attestation, which request an answer belongs to, and what is kept.
 */
final class Checks {
  record Check(String what, boolean good) {}

  private final List<Check> done = new ArrayList<>();

  List<Check> all() {
    return List.copyOf(done);
  }

  boolean allGood() {
    return done.stream().allMatch(Check::good);
  }

  private void check(String what, boolean good) {
    done.add(new Check(what, good));
  }

  void registration(String challenge, AppId appId, RegisterResponse response) {
    clientData("registration", response.clientData(), ClientData.REGISTER, challenge, appId);
    RegistrationResponse registration = response.registration();
    Bytes signed = registration.signedBytes(
        appId.applicationParameter(), response.clientData().challengeParameter());
    check(
        "registration: the signature fits the key in the attestation certificate",
        attested(registration.certificate(), signed, registration.signature()));
  }

  void authentication(
      String challenge,
      AppId appId,
      RegistrationResponse registration,
      SignResponse response,
      long lastCounter) {
    clientData("sign-in", response.clientData(), ClientData.SIGN, challenge, appId);
    AuthenticationResponse authentication = response.authentication();
    Bytes signed = authentication.signedBytes(
        appId.applicationParameter(), response.clientData().challengeParameter());
    check(
        "sign-in: the signature fits the registered key",
        verifies(registration.userPublicKey().toPublicKey(), signed, authentication.signature()));
    check("sign-in: the key was touched", authentication.userPresent());
    check(
        "sign-in: the counter went up, from %s to %s"
            .formatted(lastCounter, authentication.counter()),
        authentication.counter() > lastCounter);
  }

  private void clientData(
      String step, ClientData clientData, String type, String challenge, AppId appId) {
    check(step + ": the type is " + type, clientData.type().equals(type));
    check(step + ": the challenge is the one sent", clientData.challenge().equals(challenge));
    check(step + ": the origin is " + appId, clientData.origin().equals(appId.value()));
  }

  private static boolean attested(Bytes certificate, Bytes signed, Bytes signature) {
    try {
      PublicKey key = CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(certificate.toArray()))
          .getPublicKey();
      return verifies(key, signed, signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean verifies(PublicKey key, Bytes signed, Bytes signature) {
    try {
      Signature ecdsa = Signature.getInstance("SHA256withECDSA");
      ecdsa.initVerify(key);
      ecdsa.update(signed.toBuffer());
      return ecdsa.verify(signature.toArray());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
