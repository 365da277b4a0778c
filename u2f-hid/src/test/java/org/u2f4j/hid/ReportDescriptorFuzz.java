package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;

class ReportDescriptorFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return Stream.of(
            ReportDescriptor.USUAL.encode(),
            new ReportDescriptor(8, 33).encode(),
            Samples.hex("0600ff 0b0100d0f1 a101 7508 9540 8102 9102 c0"),
            Samples.hex("fe03aa 010203 06d0f1 7508 9540 a4 9501 b4 0901 a101 8102 9102 c0"))
        .map(Bytes::toArray);
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    try {
      ReportDescriptor sizes = ReportDescriptor.decode(Bytes.of(input));
      assertEquals(sizes, ReportDescriptor.decode(sizes.encode()));
    } catch (FormatException e) {
      // the only way to refuse
    }
  }
}
