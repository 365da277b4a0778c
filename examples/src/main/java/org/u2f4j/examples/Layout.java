package org.u2f4j.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
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
      return CertificateLayout.of(der);
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
