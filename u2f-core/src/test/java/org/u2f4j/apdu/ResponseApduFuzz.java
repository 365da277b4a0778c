package org.u2f4j.apdu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.Fuzzing;
import org.u2f4j.Vectors;

class ResponseApduFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return Stream.concat(Stream.of(Vectors.version()), Vectors.authentications())
        .map(vector -> vector.hex("response").toArray());
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    Bytes bytes = Bytes.of(input);
    try {
      ResponseApdu response = ResponseApdu.decode(bytes);
      assertEquals(bytes, response.encode());
      assertEquals("%04X".formatted(bytes.uint16(input.length - 2)), status(response));
    } catch (FormatException e) {
      // the only way to refuse
    }
  }

  private static String status(ResponseApdu response) {
    return response.status().toString().substring(0, 4);
  }
}
