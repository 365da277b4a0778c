package org.u2f4j.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.Fuzzing;
import org.u2f4j.Vectors;

class RegistrationResponseFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return Vectors.registrations()
        .map(vector -> vector.hex("response"))
        .map(response -> response.slice(0, response.length() - 2).toArray());
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    Bytes bytes = Bytes.of(input);
    try {
      RegistrationResponse registration = RegistrationResponse.decode(bytes);
      assertEquals(bytes, registration.encode());
      assertEquals(registration, RegistrationResponse.decode(registration.encode()));
    } catch (FormatException e) {
      // the only way to refuse
    }
  }
}
