package org.u2f4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.FormatException;
import org.u2f4j.Fuzzing;

class ResponseJsonFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return Shapes.responses().map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) throws ErrorCodeException {
    count();
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      RegisterResponse response = RegisterResponse.decode(text);
      assertEquals(response, RegisterResponse.decode(response.toJson()));
    } catch (FormatException e) {
      // the only way to refuse
    } catch (ErrorCodeException e) {
      assertThrows(ErrorCodeException.class, () -> RegisterResponse.decode(e.toJson()));
    }
    try {
      SignResponse response = SignResponse.decode(text);
      assertEquals(response, SignResponse.decode(response.toJson()));
    } catch (FormatException e) {
      // the only way to refuse
    } catch (ErrorCodeException e) {
      assertThrows(ErrorCodeException.class, () -> SignResponse.decode(e.toJson()));
    }
    try {
      AttestationResponse response = AttestationResponse.decode(text);
      assertEquals(response, AttestationResponse.decode(response.toJson()));
    } catch (FormatException e) {
      // the only way to refuse
    }
    try {
      AssertionResponse response = AssertionResponse.decode(text);
      assertEquals(response, AssertionResponse.decode(response.toJson()));
    } catch (FormatException e) {
      // the only way to refuse
    }
  }
}
