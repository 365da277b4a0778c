package org.u2f4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class BytesFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return Stream.of("", "00", "0aF9", "Zg", "Zm8=", "Zm9vYg==", "-_8", "____")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      Bytes bytes = Bytes.fromBase64Url(text);
      assertEquals(text.replace("=", ""), bytes.base64Url());
      assertEquals(Bytes.of(Base64.getUrlDecoder().decode(text)), bytes);
    } catch (FormatException e) {
      // the only way to refuse
    }
    try {
      assertEquals(text.toLowerCase(Locale.ROOT), Bytes.fromHex(text).hex());
    } catch (FormatException e) {
      // the only way to refuse
    }
    assertEquals(Bytes.of(input).hex(), Samples.hex(Bytes.of(input).hex()).hex());
  }
}
