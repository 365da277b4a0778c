package org.u2f4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.KeyHandle;
import org.u2f4j.Samples;
import org.u2f4j.Vectors;
import org.u2f4j.Vectors.Vector;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;

/** What is made writes and reads to itself; what is broken gives the declared exceptions. */
class JsonPropertyTest {
  private static final int RUNS = 2_000;

  @Test
  void registerRequests() throws FormatException {
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      RegisterRequest request = new RegisterRequest(
          maybe(random, new AppId(text(random))),
          challenge(random),
          keys(random),
          maybe(random, random.nextInt()),
          maybe(random, random.nextInt()));
      assertEquals(request, RegisterRequest.decode(request.toJson()), "seed " + seed);
      assertEquals(request, RegisterRequest.decode(request.toJson10()), "seed " + seed);
    }
  }

  @Test
  void signRequests() throws FormatException {
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      SignRequest request = new SignRequest(
          new AppId(text(random)),
          challenge(random),
          keys(random),
          maybe(random, random.nextInt()),
          maybe(random, random.nextInt()));
      assertEquals(request, SignRequest.decode(request.toJson()), "seed " + seed);
      if (!request.registeredKeys().isEmpty()) {
        SignRequest again = SignRequest.decode(request.toJson10());
        assertEquals(bindings(request), bindings(again), "seed " + seed);
      }
    }
  }

  /** What each key is to sign: in version 1.0 the request itself has no AppID and no challenge. */
  private static List<List<Object>> bindings(SignRequest request) {
    return request.registeredKeys().stream()
        .map(key -> List.<Object>of(
            key.keyHandle(), request.appIdOf(key), request.challengeOf(key), key.transports()))
        .toList();
  }

  @Test
  void answersAndClientData() throws Exception {
    List<RegistrationResponse> registrations = new ArrayList<>();
    for (Vector vector : Vectors.registrations().toList()) {
      Bytes data = Bytes.fromBase64Url(vector.text("responseData"));
      registrations.add(RegistrationResponse.decode(data));
    }
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      ClientData clientData = ClientData.of(text(random), text(random), text(random));
      ClientData decoded = ClientData.decode(clientData.bytes());
      assertEquals(clientData, decoded, "seed " + seed);
      assertEquals(clientData.type(), decoded.type(), "seed " + seed);
      assertEquals(clientData.challenge(), decoded.challenge(), "seed " + seed);
      assertEquals(clientData.origin(), decoded.origin(), "seed " + seed);

      RegisterResponse register =
          new RegisterResponse(registrations.get(random.nextInt(registrations.size())), clientData);
      assertEquals(register, RegisterResponse.decode(register.toJson()), "seed " + seed);
      RegisterRequest registerRequest =
          new RegisterRequest(new AppId("a"), "AAAA", List.of(), null, random.nextInt());
      assertEquals(register, RegisterResponse.decode(registerRequest.reply(register)));

      SignResponse sign = new SignResponse(
          new KeyHandle(Samples.random(random, random.nextInt(1_024))),
          new AuthenticationResponse(
              random.nextInt(256),
              random.nextInt() & 0xFFFFFFFFL,
              registrations.get(random.nextInt(registrations.size())).signature()),
          clientData);
      assertEquals(sign, SignResponse.decode(sign.toJson()), "seed " + seed);
      SignRequest signRequest =
          new SignRequest(new AppId("a"), "AAAA", List.of(), null, random.nextInt());
      assertEquals(sign, SignResponse.decode(signRequest.reply(sign)), "seed " + seed);
    }
  }

  @Test
  void mutatedJsonGivesNoOtherException() throws ErrorCodeException {
    List<String> texts = Stream.of(Shapes.requests(), Shapes.responses(), Shapes.facetLists())
        .flatMap(shapes -> shapes)
        .toList();
    int refused = 0;
    for (int seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      String text = mutated(random, texts.get(random.nextInt(texts.size())));
      refused += refusals(text);
    }
    Samples.assertBetween(9_000, 17_700, refused);
  }

  private static int refusals(String text) throws ErrorCodeException {
    int refused = 0;
    try {
      RegisterRequest request = RegisterRequest.decode(text);
      assertEquals(request, RegisterRequest.decode(request.toJson()), text);
    } catch (FormatException e) {
      refused++;
    }
    try {
      SignRequest request = SignRequest.decode(text);
      assertEquals(request, SignRequest.decode(request.toJson()), text);
    } catch (FormatException e) {
      refused++;
    }
    try {
      RegisterResponse response = RegisterResponse.decode(text);
      assertEquals(response, RegisterResponse.decode(response.toJson()), text);
    } catch (FormatException | ErrorCodeException e) {
      refused++;
    }
    try {
      SignResponse response = SignResponse.decode(text);
      assertEquals(response, SignResponse.decode(response.toJson()), text);
    } catch (FormatException | ErrorCodeException e) {
      refused++;
    }
    try {
      TrustedFacetList.decode(Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
    } catch (FormatException e) {
      refused++;
    }
    try {
      ClientData.decode(Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
    } catch (FormatException e) {
      refused++;
    }
    return refused;
  }

  private static String mutated(Random random, String text) {
    StringBuilder changed = new StringBuilder(text);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(changed.length());
      switch (random.nextInt(4)) {
        case 0 -> changed.setLength(at + 1);
        case 1 -> changed.insert(at, text(random));
        case 2 -> changed.insert(at, Samples.pick(random, "\"", "{", "]", ",", ":", "null", "0"));
        default -> changed.setCharAt(at, (char) random.nextInt(0x10000));
      }
    }
    return changed.toString();
  }

  private static <T> T maybe(Random random, T value) {
    return random.nextBoolean() ? value : null;
  }

  private static String challenge(Random random) {
    return Samples.random(random, 1 + random.nextInt(64)).base64Url();
  }

  private static List<RegisteredKey> keys(Random random) {
    List<RegisteredKey> keys = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      keys.add(new RegisteredKey(
          random.nextBoolean() ? "U2F_V2" : text(random),
          new KeyHandle(Samples.random(random, random.nextInt(300))),
          maybe(random, new AppId(text(random))),
          maybe(random, challenge(random)),
          random.nextBoolean() ? List.of() : List.of(text(random), text(random))));
    }
    return keys;
  }

  /** Up to twenty characters of Unicode, those with a meaning in JSON often among them. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      int codePoint = switch (random.nextInt(4)) {
        case 0 -> "\"\\/\b\n\u0000\u001f\u007f\u2028{}[],:".codePointAt(random.nextInt(15));
        case 1 -> 'a' + random.nextInt(26);
        case 2 -> 0xE000 + random.nextInt(0x110000 - 0xE000);
        default -> random.nextInt(0xD800);
      };
      text.appendCodePoint(codePoint);
    }
    return text.toString();
  }
}
