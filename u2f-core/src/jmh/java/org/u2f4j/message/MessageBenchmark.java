package org.u2f4j.message;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.u2f4j.AppId;
import org.u2f4j.Bytes;
import org.u2f4j.apdu.CommandApdu;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.client.FacetRule;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.U2fClient;
import org.u2f4j.json.ClientData;
import org.u2f4j.json.RegisterRequest;
import org.u2f4j.json.RegisterResponse;
import org.u2f4j.json.RegisteredKey;
import org.u2f4j.json.SignRequest;
import org.u2f4j.json.SignResponse;
import org.u2f4j.soft.SoftwareKey;

/** Decoding and encoding each message, beside copying the same bytes in the same run. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MessageBenchmark {
  /** One message, three ways. */
  private record Case(Callable<?> copy, Callable<?> decode, Callable<?> encode) {
    static Case of(Bytes bytes, Callable<?> decode, Callable<?> encode) {
      byte[] array = bytes.toArray();
      return new Case(array::clone, decode, encode);
    }
  }

  @Param({
    "registration request",
    "authentication request",
    "registration response",
    "authentication response",
    "client data",
    "register response JSON",
    "sign response JSON"
  })
  public String message;

  private Case subject;

  @Setup
  public void exchangeOnce() throws Exception {
    String origin = "https://example.com";
    String challenge = "vqrS6WXDe1JUs5_c3i4-LkKIHRr-3XVb3azuA5TifHo";
    U2fClient client = new U2fClient(FacetRule.sameHost(), new TouchPolling(TouchPolling.SILENT));
    SoftwareKey key = SoftwareKey.create();
    Deadline deadline = Deadline.after(Duration.ofMinutes(1));
    RegisterResponse registered = client.register(
        new RegisterRequest(new AppId(origin), challenge, List.of()), origin, key, deadline);
    RegisteredKey known = new RegisteredKey(registered.registration().keyHandle());
    SignResponse signed = client.sign(
        new SignRequest(new AppId(origin), challenge, List.of(known)), origin, key, deadline);
    RegistrationRequest registration = new RegistrationRequest(
        registered.clientData().challengeParameter(), new AppId(origin).applicationParameter());
    AuthenticationRequest authentication = new AuthenticationRequest(
        Control.ENFORCE_USER_PRESENCE_AND_SIGN,
        signed.clientData().challengeParameter(),
        new AppId(origin).applicationParameter(),
        known.keyHandle());
    subject = switch (message) {
      case "registration request" -> request(registration);
      case "authentication request" -> request(authentication);
      case "registration response" -> registration(registered.registration());
      case "authentication response" -> authentication(signed.authentication());
      case "client data" -> clientData(signed.clientData(), challenge, origin);
      case "register response JSON" -> registerJson(registered);
      default -> signJson(signed);
    };
  }

  private static Case request(Request request) {
    Bytes bytes = request.toCommand().encode();
    return Case.of(
        bytes,
        () -> Request.decode(CommandApdu.decode(bytes)),
        () -> request.toCommand().encode());
  }

  private static Case registration(RegistrationResponse response) {
    Bytes bytes = response.encode();
    return Case.of(bytes, () -> RegistrationResponse.decode(bytes), response::encode);
  }

  private static Case authentication(AuthenticationResponse response) {
    Bytes bytes = response.encode();
    return Case.of(bytes, () -> AuthenticationResponse.decode(bytes), response::encode);
  }

  private static Case clientData(ClientData clientData, String challenge, String origin) {
    Bytes bytes = clientData.bytes();
    return Case.of(
        bytes,
        () -> ClientData.decode(bytes),
        () -> ClientData.of(ClientData.SIGN, challenge, origin));
  }

  private static Case registerJson(RegisterResponse response) {
    String json = response.toJson();
    return Case.of(Bytes.utf8(json), () -> RegisterResponse.decode(json), response::toJson);
  }

  private static Case signJson(SignResponse response) {
    String json = response.toJson();
    return Case.of(Bytes.utf8(json), () -> SignResponse.decode(json), response::toJson);
  }

  /** The yardstick: a copy of the same bytes. */
  @Benchmark
  public Object copy() throws Exception {
    return subject.copy().call();
  }

  @Benchmark
  public Object decode() throws Exception {
    return subject.decode().call();
  }

  @Benchmark
  public Object encode() throws Exception {
    return subject.encode().call();
  }
}
