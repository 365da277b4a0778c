package org.u2f4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.Samples.hex;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.CommandApdu.Form;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.json.ClientData;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.message.Request;

/** Messages collected from elsewhere, in the folder that the property u2f4j.corpus names. */
@EnabledIfSystemProperty(
    named = CorpusTest.PROPERTY,
    matches = ".+",
    disabledReason = "no folder is named by -D" + CorpusTest.PROPERTY)
class CorpusTest {
  static final String PROPERTY = "u2f4j.corpus";

  private interface LineTest {
    void test(Map<String, Object> line) throws Exception;
  }

  private static void eachLine(String file, LineTest test) throws Exception {
    List<String> lines = lines(Path.of(System.getProperty(PROPERTY), file));
    assertFalse(lines.isEmpty(), file);
    int number = 0;
    for (String line : lines) {
      number++;
      try {
        test.test(Json.object(line));
      } catch (Exception | AssertionError e) {
        throw new AssertionError(file + " line " + number, e);
      }
    }
    System.out.println(file + ": " + lines.size() + " lines");
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
  }

  @Test
  void commandsAndAnswers() throws Exception {
    eachLine("apdus.jsonl", line -> {
      Bytes bytes = hex((String) Json.asObject(line.get("inputs")).get("apdu"));
      Map<String, Object> decoded = Json.asObject(line.get("decoded"));
      assertEquals("parse-ok", line.get("expected"));
      if (line.get("kind").equals("apdu")) {
        assertCommand(CommandApdu.decode(bytes), decoded);
        assertEquals(bytes, CommandApdu.decode(bytes).encode());
      } else {
        assertEquals("apdu-response", line.get("kind"));
        ResponseApdu response = ResponseApdu.decode(bytes);
        assertEquals(decoded, Map.of("data", response.data().hex(), "sw", (long)
            response.status().value()));
        assertEquals(bytes, response.encode());
      }
    });
  }

  private static void assertCommand(CommandApdu command, Map<String, Object> decoded)
      throws FormatException {
    for (Map.Entry<String, Object> field : decoded.entrySet()) {
      Object actual = switch (field.getKey()) {
        case "cla" -> (long) command.cla();
        case "ins" -> (long) command.ins();
        case "p1" -> (long) command.p1();
        case "p2" -> (long) command.p2();
        case "lc" -> (long) command.data().length();
        case "le" -> (long) command.le();
        case "data" -> command.data().hex();
        case "encoding" -> encoding(command);
        case "challenge" ->
          Request.decode(command) instanceof RegistrationRequest registration
              ? registration.challenge().bytes().hex()
              : authentication(command).challenge().bytes().hex();
        case "application" ->
          Request.decode(command) instanceof RegistrationRequest registration
              ? registration.application().bytes().hex()
              : authentication(command).application().bytes().hex();
        case "keyHandle" -> authentication(command).keyHandle().bytes().hex();
        default -> "a field that this test does not know";
      };
      assertEquals(field.getValue(), actual, field.getKey());
    }
  }

  private static AuthenticationRequest authentication(CommandApdu command) throws FormatException {
    return (AuthenticationRequest) Request.decode(command);
  }

  private static String encoding(CommandApdu command) {
    if (command.form() == Form.EXTENDED_EMPTY_LC) {
      return "extended with Lc 000000 written out";
    }
    if (command.form() == Form.SHORT) {
      return "short";
    }
    return command.data().length() == 0 ? "extended case 2" : "extended";
  }

  @Test
  void registrations() throws Exception {
    eachLine("u2f-registrations.jsonl", line -> {
      Map<String, Object> inputs = Json.asObject(line.get("inputs"));
      Map<String, Object> parsed = Json.asObject(line.get("parsed"));
      Bytes trailing = hex((String) parsed.remove("trailing")); // was there, but is cut off
      Bytes data = Bytes.fromBase64Url((String) inputs.get("registrationData"));
      RegistrationResponse registration = RegistrationResponse.decode(data);
      assertEquals(
          parsed,
          Map.of(
              "publicKey", registration.userPublicKey().bytes().hex(),
              "keyHandle", registration.keyHandle().bytes().hex(),
              "certificate", registration.certificate().hex(),
              "signature", registration.signature().hex()));
      assertEquals(data, registration.encode());
      if (trailing.length() > 0) {
        Samples.assertRefused(
            data.length(), () -> RegistrationResponse.decode(Bytes.concat(data, trailing)));
      }
      if (inputs.containsKey("clientData")) {
        PublicKey key = CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(registration.certificate().toArray()))
            .getPublicKey();
        Bytes signed = registration.signedBytes(application(inputs), challenge(inputs));
        assertVerifies(line, key, signed, registration.signature());
      }
    });
  }

  @Test
  void authentications() throws Exception {
    eachLine("u2f-authentications.jsonl", line -> {
      Map<String, Object> inputs = Json.asObject(line.get("inputs"));
      Bytes data = Bytes.fromBase64Url((String) inputs.get("signatureData"));
      AuthenticationResponse authentication = AuthenticationResponse.decode(data);
      assertEquals(line.get("flags"), (long) authentication.presence());
      assertEquals(line.get("counter"), authentication.counter());
      assertEquals(data, authentication.encode());
      PublicKey key =
          UserPublicKey.decode(hex((String) inputs.get("publicKey"))).toPublicKey();
      Bytes signed = authentication.signedBytes(application(inputs), challenge(inputs));
      assertVerifies(line, key, signed, authentication.signature());
    });
  }

  private static ApplicationParameter application(Map<String, Object> inputs) {
    ApplicationParameter application =
        new AppId((String) inputs.get("appId")).applicationParameter();
    assertEquals(inputs.get("applicationParameter"), application.bytes().hex());
    return application;
  }

  private static ChallengeParameter challenge(Map<String, Object> inputs) throws FormatException {
    ClientData clientData =
        ClientData.decode(Bytes.fromBase64Url((String) inputs.get("clientData")));
    assertEquals(inputs.get("challenge"), clientData.challenge());
    assertEquals(
        inputs.get("challengeParameter"),
        clientData.challengeParameter().bytes().hex());
    return clientData.challengeParameter();
  }

  private static void assertVerifies(
      Map<String, Object> line, PublicKey key, Bytes signed, Bytes signature) throws Exception {
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initVerify(key);
    ecdsa.update(signed.toBuffer());
    assertTrue((Boolean) line.get("signatureVerified"));
    assertTrue(ecdsa.verify(signature.toArray()));
  }
}
