package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

class RootFilesFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    String pem = RootFilesTest.pem(TestCertificate.root());
    String shortPem = "-----BEGIN CERTIFICATE-----MAA=-----END CERTIFICATE-----";
    return Stream.concat(
        Stream.of(pem, pem + "x\n" + pem, shortPem + shortPem)
            .map(text -> text.getBytes(StandardCharsets.ISO_8859_1)),
        Stream.of(TestCertificate.root().der().toArray()));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    try {
      assertFalse(RootFiles.decode(Bytes.of(input)).isEmpty());
    } catch (FormatException e) {
      // the only way to refuse
    }
  }
}
