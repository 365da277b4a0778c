package org.u2f4j.examples;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.examples.Field.Section;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.ErrorCodeException;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.message.Request;
import org.u2f4j.message.VersionRequest;

/** What {@code u2f inspect} can be given, in the order in which it is tried. */
enum Kind {
  COMMAND("a command APDU", "^00") {
    @Override
    List<Section> read(Bytes bytes) throws FormatException {
      return List.of(Layout.command(bytes));
    }

    @Override
    void recognise(Bytes bytes) throws FormatException {
      Request.decode(CommandApdu.decode(bytes));
    }
  },
  REGISTRATION("the data of a registration", "^05") {
    @Override
    List<Section> read(Bytes bytes) throws FormatException {
      return Layout.registration(bytes);
    }
  },
  AUTHENTICATION("the data of an authentication", "^0[01]") {
    @Override
    List<Section> read(Bytes bytes) throws FormatException {
      return List.of(Layout.authentication(bytes));
    }
  },
  CERTIFICATE("a certificate", "^30") {
    @Override
    List<Section> read(Bytes bytes) throws FormatException {
      return List.of(CertificateLayout.of(bytes));
    }
  },
  RESPONSE("a response APDU", "^....$|9000$") {
    @Override
    List<Section> read(Bytes bytes) throws FormatException {
      return Layout.response(bytes);
    }

    /** Any two bytes or more are an answer; it counts if its status and data are ones of U2F. */
    @Override
    void recognise(Bytes bytes) throws FormatException {
      ResponseApdu response = ResponseApdu.decode(bytes);
      Bytes data = response.data();
      if (response.status().name().equals("unknown")) {
        throw new FormatException(
            "its end is no status word of U2F: %04x".formatted(response.status().value()),
            data.length());
      }
      if (data.length() == 0 || data.equals(VersionRequest.U2F_V2)) {
        return;
      }
      if (data.at(0) == 0x05) {
        RegistrationResponse.decode(data);
      } else {
        AuthenticationResponse.decode(data);
      }
    }
  },
  CLIENT_DATA("client data", "\"typ\"") {
    @Override
    List<Section> read(Bytes bytes) throws FormatException {
      ClientData clientData = ClientData.decode(bytes);
      List<Section> sections = json("client data", bytes);
      sections.add(new Section(
          "hash",
          List.of(Field.fact(
              "challenge parameter", clientData.challengeParameter().bytes().hex()))));
      return sections;
    }
  },
  REGISTER_RESPONSE("a register response of the U2F JavaScript API", "\"registrationData\"") {
    @Override
    List<Section> read(Bytes bytes) throws FormatException {
      RegisterResponse response = responseOf(() -> RegisterResponse.decode(bytes));
      List<Section> sections = json("register response", bytes);
      sections.addAll(Layout.registration(response.registration().encode()));
      sections.addAll(CLIENT_DATA.read(response.clientData().bytes()));
      return sections;
    }
  },
  SIGN_RESPONSE("a sign response of the U2F JavaScript API", "\"signatureData\"") {
    @Override
    List<Section> read(Bytes bytes) throws FormatException {
      SignResponse response = responseOf(() -> SignResponse.decode(bytes));
      List<Section> sections = json("sign response", bytes);
      sections.add(keyHandle(response.keyHandle().bytes()));
      sections.add(Layout.authentication(response.authentication().encode()));
      sections.addAll(CLIENT_DATA.read(response.clientData().bytes()));
      return sections;
    }
  },
  REGISTER_REQUEST(
      "a register request of the U2F JavaScript API",
      "\"(registerRequests|challenge)\"(?s:(?!.*\"typ\"))") {
    @Override
    List<Section> read(Bytes bytes) throws FormatException {
      RegisterRequest.decode(bytes);
      return json("register request", bytes);
    }
  },
  SIGN_REQUEST(
      "a sign request of the U2F JavaScript API",
      "\"(keyHandle|signRequests|registeredKeys)\"(?s:(?!.*\"signatureData\"))") {
    @Override
    List<Section> read(Bytes bytes) throws FormatException {
      SignRequest.decode(bytes);
      return json("sign request", bytes);
    }
  },
  ERROR("an error of the U2F JavaScript API", "\"errorCode\"") {
    @Override
    List<Section> read(Bytes bytes) throws FormatException {
      try {
        SignResponse.decode(bytes);
      } catch (ErrorCodeException e) {
        List<Section> sections = json("error", bytes);
        sections.add(
            new Section("meaning", List.of(Field.fact("errorCode", e.code().name()))));
        return sections;
      }
      throw new FormatException("it has no errorCode other than 0");
    }
  };

  /** The marks of JSON look ahead from wherever they are found: the square of this is work enough. */
  private static final int SEEN = 8_192;

  final String description;

  private final Pattern mark;

  /**
   * A kind.
   *
   * @param mark what shows at first sight: found in the JSON, or in the hex of anything else
   */
  Kind(String description, String mark) {
    this.description = description;
    this.mark = Pattern.compile(mark);
  }

  /** The name at the command line. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The input as this kind, field by field. */
  abstract List<Section> read(Bytes bytes) throws FormatException;

  /** Throws unless the input is plainly of this kind, when nobody has said so. */
  void recognise(Bytes bytes) throws FormatException {
    read(bytes);
  }

  /** Whether the input looks like this kind, even if it cannot be read. */
  boolean near(Bytes bytes) {
    if (isJson() != isObject(bytes)) {
      return false;
    }
    Bytes seen = isJson() ? bytes.slice(0, Math.min(SEEN, bytes.length())) : bytes;
    String text = isJson() ? new String(seen.toArray(), StandardCharsets.ISO_8859_1) : seen.hex();
    return mark.matcher(text).find();
  }

  /** Whether the input is to be JSON. */
  static boolean isObject(Bytes bytes) {
    return bytes.length() > 0 && bytes.at(0) == '{';
  }

  /** Whether this kind is written as a JSON object. */
  boolean isJson() {
    return compareTo(CLIENT_DATA) >= 0;
  }

  private interface Response<T> {
    T decode() throws FormatException, ErrorCodeException;
  }

  private static <T> T responseOf(Response<T> response) throws FormatException {
    try {
      return response.decode();
    } catch (ErrorCodeException e) {
      throw new FormatException(String.valueOf(e.getMessage()));
    }
  }

  private static List<Section> json(String title, Bytes bytes) throws FormatException {
    List<Section> sections = new ArrayList<>();
    sections.add(Layout.json(title, bytes));
    return sections;
  }

  private static Section keyHandle(Bytes bytes) {
    return new Section(
        "key handle", List.of(new Field(0, bytes.length(), "key handle", bytes.hex(), null)));
  }
}
