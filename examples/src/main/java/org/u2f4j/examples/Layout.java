package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.examples.Field.Section;
import org.u2f4j.examples.Field.Walk;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.message.Request;
import org.u2f4j.message.VersionRequest;

/** Where the parts of a message lie and what they mean. */
final class Layout {
  /** FIDO U2F Authenticator Transports Extension. */
  private static final String TRANSPORTS_OID = "1.3.6.1.4.1.45724.2.1.1";

  private static final List<String> TRANSPORTS =
      List.of("Bluetooth classic", "Bluetooth low energy", "USB", "NFC", "USB inside the device");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
          "uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);

  private Layout() {}

  /** A command, and in its data a request of U2F if it is one. */
  static Section command(Bytes bytes) throws FormatException {
    CommandApdu command = CommandApdu.decode(bytes);
    Walk walk = new Walk(bytes, 0);
    walk.next(1, "CLA", "class");
    walk.next(1, "INS", "instruction: " + instruction(command.ins()));
    walk.next(1, "P1", p1(command));
    walk.next(1, "P2", null);
    int width = command.form() == CommandApdu.Form.SHORT ? 1 : 2;
    boolean lcWritten =
        command.data().length() > 0 || command.form() == CommandApdu.Form.EXTENDED_EMPTY_LC;
    if (width == 2 && bytes.length() > 4) {
      walk.next(1, "extended", "lengths have two bytes each");
    }
    if (lcWritten) {
      walk.next(width, "Lc", Listing.bytes(command.data().length()) + " of data");
      data(walk, command);
    }
    if (command.le() > 0) {
      walk.next(width, "Le", "an answer of at most " + Listing.bytes(command.le()));
    }
    return new Section("command APDU", walk.fields);
  }

  private static String instruction(int ins) {
    return switch (ins) {
      case RegistrationRequest.INS -> "REGISTER";
      case AuthenticationRequest.INS -> "AUTHENTICATE";
      case VersionRequest.INS -> "VERSION";
      default -> "none of U2F's";
    };
  }

  private static @Nullable String p1(CommandApdu command) {
    if (command.ins() == AuthenticationRequest.INS) {
      for (Control control : Control.values()) {
        if (control.value() == command.p1()) {
          return "control: " + control.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
      }
      return "control: none that U2F knows";
    }
    return null;
  }

  private static void data(Walk walk, CommandApdu command) {
    Bytes data = command.data();
    try {
      Request request = Request.decode(command);
      if (request instanceof VersionRequest) {
        return; // no data, though their length is written
      }
      walk.next(32, "challenge parameter", null);
      walk.next(32, "application parameter", null);
      if (request instanceof AuthenticationRequest) {
        walk.next(1, "L", Listing.bytes(data.length() - 65) + " of key handle");
        walk.next(data.length() - 65, "key handle", null);
      }
    } catch (FormatException e) {
      walk.next(data.length(), "data", null);
      walk.fields.add(Field.fact("no U2F request", String.valueOf(e.getMessage())));
    }
  }

  /** An answer; what its data are is seen from the data themselves. */
  static List<Section> response(Bytes bytes) throws FormatException {
    ResponseApdu response = ResponseApdu.decode(bytes);
    List<Section> sections = new ArrayList<>();
    Walk walk = new Walk(bytes, 0);
    Bytes data = response.data();
    if (data.length() > 0) {
      if (data.equals(VersionRequest.U2F_V2)) {
        walk.next(data.length(), "version", "U2F_V2 in ASCII");
      } else if (decodes(data, RegistrationResponse::decode)) {
        sections.addAll(registration(data));
        walk.next(data.length(), "data", "a registration, shown below");
      } else if (decodes(data, AuthenticationResponse::decode)) {
        sections.add(authentication(data));
        walk.next(data.length(), "data", "an authentication, shown below");
      } else {
        walk.next(data.length(), "data", null);
      }
    }
    walk.next(2, "status word", response.status().name());
    sections.add(0, new Section("response APDU", walk.fields));
    return sections;
  }

  interface Decoder {
    Object decode(Bytes bytes) throws FormatException;
  }

  static boolean decodes(Bytes bytes, Decoder decoder) {
    try {
      decoder.decode(bytes);
      return true;
    } catch (FormatException e) {
      return false;
    }
  }

  /** A registration and its certificate. */
  static List<Section> registration(Bytes bytes) throws FormatException {
    RegistrationResponse registration = RegistrationResponse.decode(bytes);
    int handle = registration.keyHandle().bytes().length();
    Walk walk = new Walk(bytes, 0);
    walk.next(1, "reserved", null);
    walk.next(65, "user public key", null);
    walk.next(1, "L", Listing.bytes(handle) + " of key handle");
    walk.next(handle, "key handle", null);
    walk.fields.add(Field.fact(
        "key handle, for a sign request", registration.keyHandle().bytes().base64Url()));
    walk.next(registration.certificate().length(), "certificate", "X.509, shown below");
    walk.next(registration.signature().length(), "signature", null);
    return List.of(
        new Section("registration", walk.fields), certificateWithin(registration.certificate()));
  }

  private static Section certificateWithin(Bytes der) {
    try {
      return certificate(der);
    } catch (FormatException e) {
      return new Section(
          "attestation certificate",
          List.of(
              new Field(0, der.length(), "certificate", der.hex(), null),
              Field.fact("not read", String.valueOf(e.getMessage()))));
    }
  }

  /** An authentication. */
  static Section authentication(Bytes bytes) throws FormatException {
    AuthenticationResponse authentication = AuthenticationResponse.decode(bytes);
    Walk walk = new Walk(bytes, 0);
    walk.next(1, "user presence", authentication.userPresent() ? "touched" : "not touched");
    walk.next(4, "counter", Long.toString(authentication.counter()));
    walk.next(authentication.signature().length(), "signature", null);
    return new Section("authentication", walk.fields);
  }

  /** A certificate, as the JDK reads it. */
  static Section certificate(Bytes der) throws FormatException {
    if (der.length() == 0 || der.at(0) != 0x30) {
      throw new FormatException("a certificate in DER begins with 30", 0);
    }
    X509Certificate certificate;
    ByteArrayInputStream in = new ByteArrayInputStream(der.toArray());
    try {
      certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (CertificateException e) {
      throw new FormatException("the JDK reads no certificate there: " + e.getMessage());
    }
    if (in.available() > 0) {
      throw new FormatException(
          Listing.bytes(in.available()) + " behind the certificate", der.length() - in.available());
    }
    List<Field> fields = new ArrayList<>();
    fields.add(new Field(
        0, der.length(), "certificate", der.hex(), "X.509 version " + certificate.getVersion()));
    fields.add(Field.fact("subject", certificate.getSubjectX500Principal().toString()));
    fields.add(Field.fact("issuer", certificate.getIssuerX500Principal().toString()));
    fields.add(Field.fact("serial number", certificate.getSerialNumber().toString(16)));
    fields.add(Field.fact("valid from", TIME.format(certificate.getNotBefore().toInstant())));
    fields.add(Field.fact("valid to", TIME.format(certificate.getNotAfter().toInstant())));
    fields.add(Field.fact("public key", publicKey(certificate)));
    fields.add(Field.fact("signed with", certificate.getSigAlgName()));
    fields.add(Field.fact("U2F transports", transports(certificate)));
    return new Section("attestation certificate", fields);
  }

  private static String publicKey(X509Certificate certificate) {
    if (certificate.getPublicKey() instanceof ECPublicKey key) {
      Bytes encoded = Bytes.of(key.getEncoded());
      int fieldBytes = (key.getParams().getCurve().getField().getFieldSize() + 7) / 8;
      return "EC %s bits, %s"
          .formatted(
              key.getParams().getCurve().getField().getFieldSize(),
              encoded.slice(encoded.length() - 1 - 2 * fieldBytes).hex());
    }
    return certificate.getPublicKey().getAlgorithm();
  }

  /** The extension is a bit string: 03, its length, the number of unused bits, the bits. */
  private static String transports(X509Certificate certificate) {
    byte @Nullable [] extension = certificate.getExtensionValue(TRANSPORTS_OID);
    if (extension == null) {
      return "no extension says";
    }
    if (extension.length != 6 || extension[2] != 0x03 || extension[3] != 0x02) {
      return "not understood: " + Bytes.of(extension).hex();
    }
    List<String> named = new ArrayList<>();
    for (int bit = 0; bit < TRANSPORTS.size(); bit++) {
      if ((extension[5] & 0x80 >> bit) != 0) {
        named.add(TRANSPORTS.get(bit));
      }
    }
    return named.isEmpty() ? "none" : String.join(", ", named);
  }

  /** The members of a JSON object, wherever they are nested. */
  static Section json(String title, Bytes utf8) throws FormatException {
    List<Field> fields = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(utf8.toArray())) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isScalarValue()) {
          String text = parser.getText();
          int start = (int) parser.currentTokenLocation().getByteOffset();
          int end = (int) parser.currentLocation().getByteOffset();
          String path = parser.getParsingContext().pathAsPointer().toString();
          fields.add(
              new Field(start, end - start, path.substring(1).replace('/', '.'), text, null));
        }
      }
    } catch (JsonProcessingException e) {
      throw new FormatException("not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new FormatException("not JSON: " + e.getMessage());
    }
    return new Section(title, fields);
  }
}
