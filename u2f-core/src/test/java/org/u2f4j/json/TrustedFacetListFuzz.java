package org.u2f4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.Fuzzing;
import org.u2f4j.strictjson.JsonWriter;

class TrustedFacetListFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return Shapes.facetLists().map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    try {
      TrustedFacetList list = TrustedFacetList.decode(Bytes.of(input));
      String written = JsonWriter.object(json -> {
        json.writeArrayFieldStart("ids");
        for (String id : list.ids()) {
          json.writeString(id);
        }
        json.writeEndArray();
      });
      Bytes array = Bytes.utf8(written.substring(written.indexOf('['), written.length() - 1));
      assertEquals(list, TrustedFacetList.decode(array));
    } catch (FormatException e) {
      // the only way to refuse
    }
  }
}
