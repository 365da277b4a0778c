package org.u2f4j.apdu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.Fuzzing;
import org.u2f4j.Vectors;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.Request;

class CommandApduFuzz extends Fuzzing {
  static Stream<byte[]> seeds() {
    return Stream.concat(Stream.of(Vectors.version()), Vectors.all())
        .flatMap(vector -> Stream.of(vector.hex("commandExtended"), vector.hex("commandShort")))
        .map(Bytes::toArray);
  }

  @MethodSource("seeds")
  @FuzzTest(maxExecutions = INPUTS)
  void fuzz(byte[] input) {
    count();
    Bytes bytes = Bytes.of(input);
    try {
      CommandApdu command = CommandApdu.decode(bytes);
      assertEquals(bytes, command.encode());
      Request request = Request.decode(command);
      assertEquals(command.data(), request.toCommand().data());
      assertEquals(request, Request.decode(request.toCommand()));
    } catch (FormatException e) {
      // the only way to refuse
    }
    try {
      AuthenticationRequest request = AuthenticationRequest.decodeDraft(bytes);
      Bytes control = Bytes.of((byte) request.control().value());
      assertEquals(bytes, Bytes.concat(control, request.encode()));
    } catch (FormatException e) {
      // the only way to refuse
    }
  }
}
