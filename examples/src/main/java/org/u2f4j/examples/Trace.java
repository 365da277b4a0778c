package org.u2f4j.examples;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.FormatException;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.ResponseApdu;
import org.u2f4j.apdu.StatusWord;
import org.u2f4j.apdu.TraceTransport;
import org.u2f4j.apdu.Transport;
import org.u2f4j.hid.CtapHidCommand;
import org.u2f4j.hid.Message;
import org.u2f4j.hid.PacketTrace;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.message.Request;

/** One line for each command and each answer, without what others could use: no handle, no challenge. */
final class Trace implements TraceTransport.Listener {
  private final Consumer<String> out;
  private @Nullable CommandApdu repeated;

  private Trace(Consumer<String> out) {
    this.out = out;
  }

  static Transport of(Transport key, Consumer<String> out) {
    return new TraceTransport(key, new Trace(out));
  }

  /** The same of the messages that carry them; without its command an answer is told by its status. */
  static PacketTrace.Formatter formatter() {
    return new PacketTrace.Formatter() {
      private @Nullable CommandApdu asked;

      @Override
      public String format(Message message, boolean fromKey) {
        if (!message.command().equals(CtapHidCommand.MSG)) {
          return "";
        }
        try {
          if (fromKey) {
            return response(asked, ResponseApdu.decode(message.payload()));
          }
          asked = CommandApdu.decode(message.payload());
          return command(asked);
        } catch (FormatException e) {
          return String.valueOf(e.getMessage());
        }
      }
    };
  }

  /** A question that is only asked again until the person touches the key is told once. */
  @Override
  public void sent(CommandApdu command) {
    if (!command.equals(repeated)) {
      out.accept("> " + command(command));
    }
  }

  @Override
  public void received(CommandApdu command, ResponseApdu response) {
    boolean waiting = response.status().equals(StatusWord.CONDITIONS_NOT_SATISFIED);
    if (!waiting || !command.equals(repeated)) {
      out.accept("< " + response(command, response));
    }
    repeated = waiting ? command : null;
  }

  @Override
  public void failed(CommandApdu command, Exception failure) {
    out.accept("! " + failure);
    repeated = null;
  }

  private static String command(CommandApdu command) {
    String header =
        "%02x %02x %02x %02x ".formatted(command.cla(), command.ins(), command.p1(), command.p2());
    try {
      Request request = Request.decode(command);
      if (request instanceof RegistrationRequest registration) {
        return header + "REGISTER challenge (32 bytes) application "
            + shown(registration.application());
      }
      if (request instanceof AuthenticationRequest authentication) {
        return header
            + "AUTHENTICATE %s challenge (32 bytes) application %s key handle (%s bytes)"
                .formatted(
                    authentication.control(),
                    shown(authentication.application()),
                    authentication.keyHandle().bytes().length());
      }
      return header + "VERSION";
    } catch (FormatException e) {
      return header + "data (" + command.data().length() + " bytes)";
    }
  }

  static String shown(ApplicationParameter application) {
    return application.bytes().slice(0, 4).hex() + "...";
  }

  private static String response(@Nullable CommandApdu command, ResponseApdu response) {
    String status = response.status().toString();
    if (!response.status().equals(StatusWord.NO_ERROR)) {
      return status;
    }
    int ins = command == null ? -1 : command.ins();
    try {
      if (ins == RegistrationRequest.INS) {
        RegistrationResponse registration = RegistrationResponse.decode(response.data());
        return status
            + " public key (65 bytes) key handle (%s bytes) certificate (%s bytes) signature (%s bytes)"
                .formatted(
                    registration.keyHandle().bytes().length(),
                    registration.certificate().length(),
                    registration.signature().length());
      }
      if (ins == AuthenticationRequest.INS) {
        AuthenticationResponse authentication = AuthenticationResponse.decode(response.data());
        return status
            + " presence %02x counter %s signature (%s bytes)"
                .formatted(
                    authentication.presence(),
                    authentication.counter(),
                    authentication.signature().length());
      }
    } catch (FormatException e) {
      return status + " data (" + response.data().length() + " bytes): " + e.getMessage();
    }
    return status + " data (" + response.data().length() + " bytes)";
  }
}
