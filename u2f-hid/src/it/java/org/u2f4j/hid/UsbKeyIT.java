package org.u2f4j.hid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.hid.PluggedIn.seconds;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.u2f4j.AppId;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.UserPublicKey;
import org.u2f4j.client.TouchPolling;
import org.u2f4j.client.U2fToken;
import org.u2f4j.message.AuthenticationRequest;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.Control;
import org.u2f4j.message.RegistrationRequest;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.message.VersionRequest;

/**
 * What a key that is plugged in does, through the system's own USB stack. Asks for touches; changes
 * nothing on the key but its counter.
 */
class UsbKeyIT {
  private static final ApplicationParameter APPLICATION =
      new AppId("https://u2f4j.example.org").applicationParameter();
  private static final ApplicationParameter ANOTHER =
      new AppId("https://another.example.org").applicationParameter();
  private static final ChallengeParameter CHALLENGE =
      ChallengeParameter.of(Bytes.utf8("a challenge"));

  private final TouchPolling polling = new TouchPolling(new TouchPolling.Listener() {
    @Override
    public void touchNow() {
      System.err.println("Touch your key now");
    }
  });

  private CtapHidDevice device;
  private U2fToken token;

  @BeforeEach
  void open() throws Exception {
    device = PluggedIn.open(PluggedIn.key());
    token = new U2fToken(device);
  }

  @AfterEach
  void close() throws IOException {
    if (device != null) {
      device.close();
    }
  }

  @Test
  void saysThatItSpeaksCtapHidAndU2f() throws Exception {
    assertEquals(2, device.info().protocolVersion());
    assertTrue(device.info().speaksU2f(), AccessProblem.U2F_OFF.sentence());
    assertEquals(VersionRequest.U2F_V2, token.version(seconds(5)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 57, 58, 1024, 7609})
  void sendsBackWhatItWasSent(int length) throws Exception {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    device.ping(Bytes.of(bytes), seconds(20));
  }

  @Test
  void winksIfItSaysSo() throws Exception {
    if (device.info().winks()) {
      device.wink(seconds(5));
    } else {
      assertThrows(CtapHidException.class, () -> device.wink(seconds(5)));
    }
  }

  @Test
  void refusesACommandThatDoesNotExist() {
    // obsolete since the first version of the protocol
    CtapHidException refusal = assertThrows(
        CtapHidException.class,
        () -> device.call(new CtapHidCommand(0x3C), Bytes.of((byte) 1), seconds(5)));
    assertEquals(CtapHidError.INVALID_CMD, refusal.error());
  }

  @Test
  void registersAndSigns() throws Exception {
    RegistrationRequest request = new RegistrationRequest(CHALLENGE, APPLICATION);
    RegistrationResponse registration =
        polling.poll(left -> token.register(request, left), seconds(30));
    PublicKey attestationKey = CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(registration.certificate().toArray()))
        .getPublicKey();
    assertTrue(verifies(
        attestationKey,
        registration.signedBytes(APPLICATION, CHALLENGE),
        registration.signature()));

    AuthenticationRequest sign = new AuthenticationRequest(
        Control.ENFORCE_USER_PRESENCE_AND_SIGN, CHALLENGE, APPLICATION, registration.keyHandle());
    assertTrue(token.owns(sign, seconds(5)));
    assertFalse(token.owns(
        new AuthenticationRequest(sign.control(), CHALLENGE, ANOTHER, sign.keyHandle()),
        seconds(5)));
    long last = -1;
    for (int i = 0; i < 2; i++) {
      AuthenticationResponse authentication =
          polling.poll(left -> token.authenticate(sign, left), seconds(30));
      assertTrue(authentication.userPresent());
      assertTrue(authentication.counter() > last, "the counter goes up");
      last = authentication.counter();
      assertTrue(verifies(
          publicKey(registration.userPublicKey()),
          authentication.signedBytes(APPLICATION, CHALLENGE),
          authentication.signature()));
    }
  }

  @Test
  void answersTwoHundredQuestionsInARow() throws Exception {
    Random random = new Random(200);
    for (int i = 0; i < 100; i++) {
      assertEquals(VersionRequest.U2F_V2, token.version(seconds(10)));
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      device.ping(Bytes.of(bytes), seconds(10));
    }
  }

  @Test
  void servesTwoProgramsAtOnce() throws Exception {
    Process other = new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            "-XX:TieredStopAtLevel=1",
            "-Du2f4j.key=" + PluggedIn.key().path(),
            OtherProgram.class.getName())
        .redirectErrorStream(true)
        .start();
    try (var said = other.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("ready", said.readLine());
      other.getOutputStream().close(); // go
      Random random = new Random(1);
      int pings = 0;
      while (pings < 100 || (other.isAlive() && !said.ready())) {
        byte[] bytes = new byte[random.nextInt(1000)];
        random.nextBytes(bytes);
        device.ping(Bytes.of(bytes), seconds(60));
        pings++;
      }
      assertEquals("100 pings came back", said.readLine());
      assertTrue(other.waitFor(10, TimeUnit.SECONDS));
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void closingEndsAReadThatIsUnderWay() throws Exception {
    HidConnection connection = HidKeys.USB.open(PluggedIn.key(), seconds(2));
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try {
      CountDownLatch oneReport = new CountDownLatch(1);
      Future<Void> reading = reader.submit(() -> {
        byte[] report = new byte[64];
        while (connection.read(report, seconds(60)) > 0) {
          oneReport.countDown(); // what another channel is told is of no interest
        }
        return null;
      });
      while (oneReport.getCount() > 0) {
        device.ping(Bytes.EMPTY, seconds(10));
      }
      connection.close();
      connection.close();
      ExecutionException ended =
          assertThrows(ExecutionException.class, () -> reading.get(10, TimeUnit.SECONDS));
      assertInstanceOf(IOException.class, ended.getCause());
    } finally {
      reader.shutdownNow();
      connection.close();
    }
  }

  private static boolean verifies(PublicKey key, Bytes message, Bytes signature)
      throws GeneralSecurityException {
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initVerify(key);
    ecdsa.update(message.toBuffer());
    return ecdsa.verify(signature.toArray());
  }

  private static PublicKey publicKey(UserPublicKey key) throws GeneralSecurityException {
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    ECPoint point = new ECPoint(
        new BigInteger(1, key.bytes().slice(1, 33).toArray()),
        new BigInteger(1, key.bytes().slice(33).toArray()));
    return KeyFactory.getInstance("EC")
        .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
  }
}
