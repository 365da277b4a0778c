package org.u2f4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.FormatException;
import org.u2f4j.Fuzzing;

class RequestJsonFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return Shapes.requests().map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) throws FormatException, ErrorCodeException {
    count();
    String text = new String(input, StandardCharsets.UTF_8);
    RegisterRequest register = null;
    SignRequest sign = null;
    try {
      register = RegisterRequest.decode(text);
    } catch (FormatException e) {
      // the only way to refuse
    }
    try {
      sign = SignRequest.decode(text);
    } catch (FormatException e) {
      // the only way to refuse
    }
    CreationOptions creation = null;
    RequestOptions request = null;
    try {
      creation = CreationOptions.decode(text);
    } catch (FormatException | ErrorCodeException e) {
      // the only ways to refuse
    }
    try {
      request = RequestOptions.decode(text);
    } catch (FormatException | ErrorCodeException e) {
      // the only ways to refuse
    }
    if (creation != null) {
      assertEquals(creation, CreationOptions.decode(creation.toJson()));
    }
    if (request != null) {
      assertEquals(request, RequestOptions.decode(request.toJson()));
    }
    if (register != null) {
      assertEquals(register, RegisterRequest.decode(register.toJson()));
      assertEquals(register, RegisterRequest.decode(register.toJson10()));
    }
    if (sign != null) {
      assertEquals(sign, SignRequest.decode(sign.toJson()));
      assertSameIn10(sign);
    }
  }

  /** Version 1.0 has nothing that belongs to the whole request, but each key keeps what is its. */
  private static void assertSameIn10(SignRequest sign) throws FormatException {
    if (sign.registeredKeys().isEmpty()) {
      return;
    }
    SignRequest again = SignRequest.decode(sign.toJson10());
    assertEquals(sign.registeredKeys().size(), again.registeredKeys().size());
    for (int i = 0; i < sign.registeredKeys().size(); i++) {
      RegisteredKey key = sign.registeredKeys().get(i);
      RegisteredKey keyAgain = again.registeredKeys().get(i);
      assertEquals(key.keyHandle(), keyAgain.keyHandle());
      assertEquals(sign.appIdOf(key), again.appIdOf(keyAgain));
      assertEquals(sign.challengeOf(key), again.challengeOf(keyAgain));
    }
  }
}
