package org.u2f4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.Fuzzing;
import org.u2f4j.Vectors;

class ClientDataFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return Vectors.withClientData()
        .map(vector -> vector.text("clientDataText").getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    Bytes bytes = Bytes.of(input);
    try {
      ClientData clientData = ClientData.decode(bytes);
      assertEquals(bytes, clientData.bytes());
      ClientData again = ClientData.decode(
          ClientData.of(clientData.type(), clientData.challenge(), clientData.origin())
              .bytes());
      assertEquals(clientData.type(), again.type());
      assertEquals(clientData.challenge(), again.challenge());
      assertEquals(clientData.origin(), again.origin());
    } catch (FormatException e) {
      // the only way to refuse
    }
  }
}
