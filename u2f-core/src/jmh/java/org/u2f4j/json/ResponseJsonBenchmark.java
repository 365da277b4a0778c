package org.u2f4j.json;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.u2f4j.Bytes;
import org.u2f4j.UserPublicKey;
import org.u2f4j.Vectors;
import org.u2f4j.Vectors.Vector;

/** What a relying party spends on reading a browser's answer, and on the dearest parts of that. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ResponseJsonBenchmark {
  private static final Vector REGISTRATION = Vectors.named("ctap2-u2f-interop-registration");
  private static final Vector AUTHENTICATION = Vectors.named("spec-authentication-example");

  private String registerJson = """
      {"registrationData":"%s","version":"U2F_V2","challenge":"%s","clientData":"%s"}""".formatted(
          REGISTRATION.text("responseData"),
          Shapes.CHALLENGE,
          clientData(ClientData.REGISTER).base64Url());

  private String signJson = """
      {"clientData":"%s","keyHandle":"%s","signatureData":"%s"}""".formatted(
          clientData(ClientData.SIGN).base64Url(),
          AUTHENTICATION.text("keyHandleBase64"),
          AUTHENTICATION.text("responseData"));

  private Bytes clientData = clientData(ClientData.SIGN);
  private String base64 = REGISTRATION.text("responseData");
  private Bytes point = REGISTRATION.hex("userPublicKey");

  /** As Chrome writes it. */
  private static Bytes clientData(String type) {
    return Bytes.utf8("""
        {"typ":"%s","challenge":"%s","origin":"https://login.example.com","cid_pubkey":"unused"}""".formatted(type, Shapes.CHALLENGE));
  }

  @Benchmark
  public Object register() throws Exception {
    return RegisterResponse.decode(registerJson);
  }

  @Benchmark
  public Object sign() throws Exception {
    return SignResponse.decode(signJson);
  }

  @Benchmark
  public Object clientData() throws Exception {
    return ClientData.decode(clientData);
  }

  @Benchmark
  public Object base64() throws Exception {
    return Bytes.fromBase64Url(base64);
  }

  @Benchmark
  public Object point() throws Exception {
    return UserPublicKey.decode(point);
  }

  @Benchmark
  public Object sha256() {
    return clientData.sha256();
  }
}
