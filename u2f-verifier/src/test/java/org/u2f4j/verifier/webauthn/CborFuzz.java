package org.u2f4j.verifier.webauthn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.UserPublicKey;
import org.u2f4j.verifier.Fuzzing;
import org.u2f4j.verifier.TestKey;

class CborFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return Stream.of(
            TestKey.create(1).publicKey().toCose(),
            Cbor.map(
                List.of("a", List.of(1, List.of(-2, true)), 3, new Cbor.Raw(Cbor.map(List.of())))))
        .map(Bytes::toArray);
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    Bytes bytes = Bytes.of(input);
    try {
      CborReader.decode(bytes);
    } catch (FormatException e) {
      // the only way to refuse
    }
    try {
      UserPublicKey key = CoseKey.decode(bytes);
      assertEquals(key, CoseKey.decode(key.toCose()));
    } catch (FormatException e) {
      // the only way to refuse
    }
  }
}
