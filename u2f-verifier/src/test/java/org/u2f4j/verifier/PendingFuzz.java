package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.FormatException;

class PendingFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return Stream.of(PendingTest.REGISTRATION.toJson(), PendingTest.AUTHENTICATION.toJson())
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) throws FormatException {
    count();
    String text = new String(input, StandardCharsets.UTF_8);
    PendingRegistration registration = null;
    try {
      registration = PendingRegistration.fromJson(text);
    } catch (FormatException e) {
      // the only way to refuse
    }
    if (registration != null) {
      assertEquals(registration, PendingRegistration.fromJson(registration.toJson()));
    }
    PendingAuthentication authentication = null;
    try {
      authentication = PendingAuthentication.fromJson(text);
    } catch (FormatException e) {
      // the only way to refuse
    }
    if (authentication != null) {
      assertEquals(authentication, PendingAuthentication.fromJson(authentication.toJson()));
    }
  }
}
