package org.u2f4j.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.Samples;
import org.u2f4j.UserPublicKey;
import org.u2f4j.Vectors;
import org.u2f4j.Vectors.Vector;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.CommandApdu.Form;
import org.u2f4j.apdu.ResponseApdu;

/** What is made encodes and decodes to itself; what is broken gives the one exception. */
class MessagePropertyTest {
  private static final int RUNS = 2_000;
  private static final List<Bytes> POINTS =
      Vectors.all().map(vector -> vector.hex("userPublicKey")).distinct().toList();

  @Test
  void requestsInEveryForm() throws FormatException {
    for (int seed = 0; seed < RUNS; seed++) {
      Request request = request(new Random(seed));
      for (Form form : Form.values()) {
        CommandApdu command = request.toCommand();
        int length = command.data().length();
        if (form == Form.SHORT ? length > 255 : form == Form.EXTENDED_EMPTY_LC && length > 0) {
          continue;
        }
        Bytes bytes = command.withForm(form).encode();
        assertEquals(request, Request.decode(CommandApdu.decode(bytes)), "seed " + seed);
        assertEquals(bytes, CommandApdu.decode(bytes).encode(), "seed " + seed);
      }
    }
  }

  private static Request request(Random random) {
    ChallengeParameter challenge = new ChallengeParameter(Samples.random(random, 32));
    ApplicationParameter application = new ApplicationParameter(Samples.random(random, 32));
    return switch (random.nextInt(3)) {
      case 0 -> new VersionRequest();
      case 1 -> new RegistrationRequest(challenge, application);
      default ->
        new AuthenticationRequest(
            Samples.pick(random, Control.values()),
            challenge,
            application,
            new KeyHandle(Samples.random(random, random.nextInt(256))));
    };
  }

  @Test
  void authenticationRequestsOfDrafts() throws FormatException {
    for (int seed = 0; seed < RUNS; seed++) {
      if (request(new Random(seed)) instanceof AuthenticationRequest request) {
        Bytes control = Bytes.of((byte) request.control().value());
        assertEquals(
            request,
            AuthenticationRequest.decodeDraft(Bytes.concat(control, request.encode())),
            "seed " + seed);
      }
    }
  }

  @Test
  void registrations() throws FormatException {
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      RegistrationResponse registration = new RegistrationResponse(
          UserPublicKey.decode(POINTS.get(random.nextInt(POINTS.size()))),
          new KeyHandle(Samples.random(random, random.nextInt(256))),
          sequence(random, 2_000),
          sequence(random, 72));
      Bytes data = registration.encode();
      assertEquals(registration, RegistrationResponse.decode(data), "seed " + seed);
      assertEquals(data, RegistrationResponse.decode(data).encode(), "seed " + seed);
    }
  }

  @Test
  void authentications() throws FormatException {
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      AuthenticationResponse authentication = new AuthenticationResponse(
          random.nextInt(256), random.nextInt() & 0xFFFFFFFFL, sequence(random, 72));
      Bytes data = authentication.encode();
      assertEquals(authentication, AuthenticationResponse.decode(data), "seed " + seed);
      assertEquals(data, AuthenticationResponse.decode(data).encode(), "seed " + seed);
    }
  }

  private static Bytes sequence(Random random, int maxLength) {
    int length = 1 + random.nextInt(maxLength);
    String header = length < 0x80 ? "30%02x" : length < 0x100 ? "3081%02x" : "3082%04x";
    return Bytes.concat(Samples.hex(header.formatted(length)), Samples.random(random, length));
  }

  @Test
  void mutatedVectorsGiveNoOtherException() {
    int refused = 0;
    List<Vector> vectors = Vectors.all().toList();
    for (int seed = 0; seed < 10_000; seed++) {
      Random random = new Random(seed);
      Vector vector = vectors.get(random.nextInt(vectors.size()));
      boolean isRegistration = vector.text("kind").equals("registration");
      Bytes response = mutated(random, vector.hex("response"));
      Bytes command = mutated(random, vector.hex("commandExtended"));
      try {
        Bytes data = ResponseApdu.decode(response).data();
        Bytes again = isRegistration
            ? RegistrationResponse.decode(data).encode()
            : AuthenticationResponse.decode(data).encode();
        assertEquals(data, again, "seed " + seed);
      } catch (FormatException e) {
        refused++;
      }
      try {
        CommandApdu decoded = CommandApdu.decode(command);
        assertEquals(command, decoded.encode(), "seed " + seed);
        assertEquals(decoded.data(), Request.decode(decoded).toCommand().data(), "seed " + seed);
      } catch (FormatException e) {
        refused++;
      }
    }
    Samples.assertBetween(5_000, 19_000, refused);
  }

  /** One to three bytes changed, some bytes cut off, or some put in. */
  private static Bytes mutated(Random random, Bytes bytes) {
    Bytes changed = bytes;
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(changed.length());
      int shown = Math.min(at, 80); // mostly where the lengths are
      changed = switch (random.nextInt(4)) {
        case 0 -> changed.slice(0, at + 1);
        case 1 -> Bytes.concat(changed.slice(0, at), Samples.random(random, 2), changed.slice(at));
        default -> Samples.with(changed, shown, random.nextInt(256));
      };
    }
    return changed;
  }
}
