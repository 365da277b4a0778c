package org.u2f4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Vectors.Vector;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.CommandApdu.Form;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.json.ClientData;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.message.Request;
import org.u2f4j.message.VersionRequest;

/** The published examples, byte for byte in both directions. */
class VectorTest {
  @ParameterizedTest
  @MethodSource("org.u2f4j.Vectors#registrations")
  void registrationRequest(Vector vector) throws FormatException {
    RegistrationRequest request =
        new RegistrationRequest(challengeParameter(vector), applicationParameter(vector));

    assertEquals(vector.hex("requestData"), request.encode());
    assertEquals(request, RegistrationRequest.decode(vector.hex("requestData")));
    assertCommands(vector, request);

    CommandApdu withP1 = CommandApdu.decode(vector.hex("commandP1Is03"));
    assertEquals(3, withP1.p1());
    assertEquals(request, Request.decode(withP1));
    assertEquals(vector.hex("commandP1Is03"), withP1.encode());
  }

  @ParameterizedTest
  @MethodSource("org.u2f4j.Vectors#authentications")
  void authenticationRequest(Vector vector) throws FormatException {
    AuthenticationRequest request = new AuthenticationRequest(
        Control.ENFORCE_USER_PRESENCE_AND_SIGN,
        challengeParameter(vector),
        applicationParameter(vector),
        keyHandle(vector));

    assertEquals(vector.hex("control").at(0), request.control().value());
    assertEquals(vector.hex("requestData"), request.encode());
    assertEquals(
        request, AuthenticationRequest.decode(request.control().value(), request.encode()));
    assertCommands(vector, request);
    if (vector.has("draftRequestData")) {
      assertEquals(request, AuthenticationRequest.decodeDraft(vector.hex("draftRequestData")));
    }
  }

  private static void assertCommands(Vector vector, Request request) throws FormatException {
    Bytes extended = vector.hex("commandExtended");
    assertEquals(extended, request.toCommand().encode());
    assertEquals(request.toCommand(), CommandApdu.decode(extended));
    assertEquals(request, Request.decode(CommandApdu.decode(extended)));

    Bytes shortForm = vector.hex("commandShort");
    assertEquals(shortForm, request.toCommand().withForm(Form.SHORT).encode());
    assertEquals(shortForm, CommandApdu.decode(shortForm).encode());
    assertEquals(request, Request.decode(CommandApdu.decode(shortForm)));
  }

  @ParameterizedTest
  @MethodSource("org.u2f4j.Vectors#registrations")
  void registrationResponse(Vector vector) throws FormatException {
    Bytes data = responseData(vector);
    RegistrationResponse registration = RegistrationResponse.decode(data);
    int certificateAt = (int) vector.number("certificateOffset");
    int signatureAt = (int) vector.number("signatureOffset");

    assertEquals(vector.hex("userPublicKey"), registration.userPublicKey().bytes());
    assertEquals(keyHandle(vector), registration.keyHandle());
    assertEquals(vector.text("keyHandleBase64"), registration.keyHandle().base64Url());
    assertEquals(vector.hex("certificate"), registration.certificate());
    assertEquals(vector.hex("signature"), registration.signature());
    assertEquals(data.slice(1, 66), registration.userPublicKey().bytes());
    assertEquals(data.at(66), registration.keyHandle().bytes().length());
    assertEquals(data.slice(67, certificateAt), registration.keyHandle().bytes());
    assertEquals(data.slice(certificateAt, signatureAt), registration.certificate());
    assertEquals(data.slice(signatureAt), registration.signature());
    assertEquals(data, registration.encode());
    assertEquals(
        registration,
        new RegistrationResponse(
            UserPublicKey.decode(vector.hex("userPublicKey")),
            keyHandle(vector),
            vector.hex("certificate"),
            vector.hex("signature")));
  }

  @ParameterizedTest
  @MethodSource("org.u2f4j.Vectors#authentications")
  void authenticationResponse(Vector vector) throws FormatException {
    Bytes data = responseData(vector);
    AuthenticationResponse authentication = AuthenticationResponse.decode(data);

    assertEquals(vector.hex("presence").at(0), authentication.presence());
    assertEquals(vector.number("counter"), authentication.counter());
    assertEquals(vector.hex("signature"), authentication.signature());
    assertEquals(data.slice((int) vector.number("signatureOffset")), authentication.signature());
    assertEquals(!vector.text("expected").equals("reject: presence"), authentication.userPresent());
    assertEquals(data, authentication.encode());
    assertEquals(
        authentication,
        new AuthenticationResponse(
            vector.hex("presence").at(0), vector.number("counter"), vector.hex("signature")));
  }

  /** The data of the answer, after checking that the answer itself goes both ways. */
  private static Bytes responseData(Vector vector) throws FormatException {
    ResponseApdu response = ResponseApdu.decode(vector.hex("response"));
    assertEquals(StatusWord.NO_ERROR, response.status());
    assertEquals(vector.hex("response"), response.encode());

    Bytes data = response.data();
    assertEquals(Bytes.of(Base64.getUrlDecoder().decode(vector.text("responseData"))), data);
    assertEquals(data, Bytes.fromBase64Url(vector.text("responseData")));
    assertEquals(vector.text("responseData"), data.base64Url());
    return data;
  }

  @ParameterizedTest
  @MethodSource("org.u2f4j.Vectors#registrations")
  void theAttestationKeySignedTheSignedBytesOfRegistrations(Vector vector) throws Exception {
    RegistrationResponse registration = RegistrationResponse.decode(responseData(vector));
    Bytes signed =
        registration.signedBytes(applicationParameter(vector), challengeParameter(vector));
    PublicKey attestationKey = CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(registration.certificate().toArray()))
        .getPublicKey();

    assertEquals(vector.hex("signedBytes"), signed);
    assertEquals(
        vector.flag("signatureValid"), verifies(attestationKey, signed, registration.signature()));
    assertEquals(
        !vector.text("expected").equals("reject: signature"), vector.flag("signatureValid"));
  }

  @ParameterizedTest
  @MethodSource("org.u2f4j.Vectors#authentications")
  void theUserKeySignedTheSignedBytesOfAuthentications(Vector vector) throws Exception {
    AuthenticationResponse authentication = AuthenticationResponse.decode(responseData(vector));
    Bytes signed =
        authentication.signedBytes(applicationParameter(vector), challengeParameter(vector));
    PublicKey userKey = UserPublicKey.decode(vector.hex("userPublicKey")).toPublicKey();

    assertEquals(vector.hex("signedBytes"), signed);
    assertEquals(
        vector.flag("signatureValid"), verifies(userKey, signed, authentication.signature()));
  }

  private static boolean verifies(PublicKey key, Bytes signed, Bytes signature)
      throws GeneralSecurityException {
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initVerify(key);
    ecdsa.update(signed.toBuffer());
    return ecdsa.verify(signature.toArray());
  }

  @ParameterizedTest
  @MethodSource("org.u2f4j.Vectors#withClientData")
  void clientDataAndTheTwoParameters(Vector vector) throws FormatException {
    Bytes bytes = Bytes.fromBase64Url(vector.text("clientData"));
    ClientData clientData = ClientData.decode(bytes);

    assertEquals(
        vector.text("clientDataText"), new String(bytes.toArray(), StandardCharsets.UTF_8));
    assertEquals(bytes, clientData.bytes());
    assertEquals(vector.text("type"), clientData.type());
    assertEquals(vector.text("challenge"), clientData.challenge());
    assertEquals(vector.text("origin"), clientData.origin());
    assertEquals(challengeParameter(vector), clientData.challengeParameter());
    assertEquals(
        applicationParameter(vector), new AppId(vector.text("appId")).applicationParameter());

    String type =
        vector.text("kind").equals("registration") ? ClientData.REGISTER : ClientData.SIGN;
    if (vector.text("expected").equals("reject: type")) {
      assertNotEquals(type, clientData.type());
    } else {
      assertEquals(type, clientData.type());
    }
  }

  @Test
  void versionInEveryForm() throws FormatException {
    Vector version = Vectors.version();
    CommandApdu command = new VersionRequest().toCommand();
    assertEquals(version.hex("commandExtended"), command.encode());
    assertEquals(
        version.hex("commandDraft"), command.withForm(Form.EXTENDED_EMPTY_LC).encode());
    assertEquals(version.hex("commandShort"), command.withForm(Form.SHORT).encode());
    for (String form : new String[] {"commandExtended", "commandDraft", "commandShort"}) {
      CommandApdu decoded = CommandApdu.decode(version.hex(form));
      assertInstanceOf(VersionRequest.class, Request.decode(decoded));
      assertEquals(version.hex(form), decoded.encode());
    }
    assertEquals(
        new ResponseApdu(VersionRequest.U2F_V2, StatusWord.NO_ERROR),
        ResponseApdu.decode(version.hex("response")));
  }

  private static ChallengeParameter challengeParameter(Vector vector) {
    return new ChallengeParameter(vector.hex("challengeParameter"));
  }

  private static ApplicationParameter applicationParameter(Vector vector) {
    return new ApplicationParameter(vector.hex("applicationParameter"));
  }

  private static KeyHandle keyHandle(Vector vector) {
    return new KeyHandle(vector.hex("keyHandle"));
  }
}
