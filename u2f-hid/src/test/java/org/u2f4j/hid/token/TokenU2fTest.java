package org.u2f4j.hid.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.u2f4j.hid.Samples.hex;
import static org.u2f4j.hid.token.RawHost.MSG;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.u2f4j.ApplicationParameter;
import org.u2f4j.Bytes;
import org.u2f4j.ChallengeParameter;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.hid.FakeClock;
import org.u2f4j.hid.Samples;
import org.u2f4j.message.AuthenticationResponse;
import org.u2f4j.message.RegistrationResponse;
import org.u2f4j.soft.SoftwareKey;

/** What device test programs check of the U2F behind CTAPHID, after device-checks.txt. */
class TokenU2fTest {
  private static final Bytes CHALLENGE = Samples.random(new Random(1), 32);
  private static final Bytes APPLICATION = Samples.random(new Random(2), 32);
  private static final int REGISTER = 1;
  private static final int AUTHENTICATE = 2;
  private static final int SIGN = 3;
  private static final int CHECK_ONLY = 7;

  private final FakeClock clock = new FakeClock();

  @TempDir
  Path folder;

  private RawHost host;
  private int channel;
  private boolean touched;

  @BeforeEach
  void plugIn() throws Exception {
    SoftwareKey key =
        SoftwareKey.open(folder.resolve("key"), Deadline.after(Duration.ofSeconds(10)));
    HidToken token = new HidToken(key.withUserPresence(request -> {
      boolean confirmed = touched;
      touched = false;
      return confirmed;
    }));
    host = new RawHost(new TokenWire(token, clock).connect(), clock);
    channel = host.open();
  }

  private Bytes ask(Bytes apdu) throws Exception {
    return host.ask(channel, MSG, apdu);
  }

  /** A command with data in extended form, asking for the longest answer. */
  private Bytes ask(int ins, int p1, Bytes data) throws Exception {
    Bytes header = hex("00%02x%02x00 00%04x".formatted(ins, p1, data.length()));
    return ask(Bytes.concat(header, data, hex("0000")));
  }

  private static Bytes signData(Bytes application, Bytes keyHandle) {
    return Bytes.concat(CHALLENGE, application, Bytes.of((byte) keyHandle.length()), keyHandle);
  }

  private void expect(String status, Bytes answer) {
    assertEquals(status, answer.hex());
  }

  /** What the key answers, without the status, which must be 9000. */
  private static Bytes data(Bytes answer) {
    int end = answer.length() - 2;
    assertEquals("9000", answer.slice(end).hex());
    return answer.slice(0, end);
  }

  private RegistrationResponse register() throws Exception {
    touched = true;
    return RegistrationResponse.decode(
        data(ask(REGISTER, SIGN, Bytes.concat(CHALLENGE, APPLICATION))));
  }

  private AuthenticationResponse sign(RegistrationResponse registration) throws Exception {
    touched = true;
    Bytes keyHandle = registration.keyHandle().bytes();
    AuthenticationResponse response = AuthenticationResponse.decode(
        data(ask(AUTHENTICATE, SIGN, signData(APPLICATION, keyHandle))));
    assertEquals(1, response.presence());
    Bytes signed = response.signedBytes(
        new ApplicationParameter(APPLICATION), new ChallengeParameter(CHALLENGE));
    assertVerifies(registration.userPublicKey().toPublicKey(), signed, response.signature());
    return response;
  }

  private static void assertVerifies(PublicKey key, Bytes signed, Bytes signature)
      throws Exception {
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initVerify(key);
    ecdsa.update(signed.toArray());
    assertTrue(ecdsa.verify(signature.toArray()));
  }

  @Check({"GU01", "SU04"})
  void tellsItsVersionInEveryFormOfTheQuestion() throws Exception {
    String version = "5532465f5632";
    expect(version + "9000", ask(hex("00030000 000000")));
    expect(version + "9000", ask(hex("00030000 000000 0000")));
    expect(version + "9000", ask(hex("00030000 00")));
  }

  @Check({"GU02", "SU05"})
  void refusesAnUnknownInstruction() throws Exception {
    expect("6d00", ask(hex("00000000 000000")));
  }

  @Check({"GU03", "GU04"})
  void refusesDataOfTheWrongLength() throws Exception {
    expect("6700", ask(3, 0, hex("010203")));
    expect("6700", ask(REGISTER, SIGN, hex("010203")));
  }

  @Check({"GU05", "SU06"})
  void refusesAnUnknownClassBeforeAllElse() throws Exception {
    expect("6e00", ask(hex("01030000 000003 616263 0000")));
    expect("6e00", ask(hex("01030000 000000")));
  }

  @Check("GU06")
  void registersNothingWithoutATouch() throws Exception {
    expect("6985", ask(REGISTER, SIGN, Bytes.concat(CHALLENGE, APPLICATION)));
  }

  @Check({"GU07", "GU08", "SU01"})
  void registersAfterATouch() throws Exception {
    RegistrationResponse registration = register();
    Bytes encoded = registration.encode();
    // reserved byte, point, longest key handle, certificate and signature (u2f.h of FIDO U2F 1.2)
    assertTrue(encoded.length() <= 1 + 65 + 1 + 128 + 2048 + 72);
    assertEquals("0504", encoded.slice(0, 2).hex());
    PublicKey attestation = CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(registration.certificate().toArray()))
        .getPublicKey();
    Bytes signed = Bytes.concat(
        hex("00"),
        APPLICATION,
        CHALLENGE,
        registration.keyHandle().bytes(),
        registration.userPublicKey().bytes());
    assertVerifies(attestation, signed, registration.signature());
  }

  @Check({"GU09", "GU15"})
  void signsOnceForOneTouch() throws Exception {
    RegistrationResponse registration = register();
    Bytes request = signData(APPLICATION, registration.keyHandle().bytes());
    expect("6985", ask(AUTHENTICATE, SIGN, request));
    sign(registration);
    expect("6985", ask(AUTHENTICATE, SIGN, request));
  }

  @Check({"GU10", "GU13", "SU03"})
  void signsNothingWhenItOnlyChecks() throws Exception {
    Bytes request = signData(APPLICATION, register().keyHandle().bytes());
    expect("6985", ask(AUTHENTICATE, CHECK_ONLY, request));
    touched = true;
    expect("6985", ask(AUTHENTICATE, CHECK_ONLY, request));
    assertTrue(touched); // and so it is kept for the next one
  }

  @Check({"GU11", "SU08"})
  void doesNotKnowAChangedKeyHandle() throws Exception {
    byte[] changed = register().keyHandle().bytes().toArray();
    changed[0] ^= 0x40;
    Bytes request = signData(APPLICATION, Bytes.of(changed));
    expect("6a80", ask(AUTHENTICATE, CHECK_ONLY, request));
    expect("6a80", ask(AUTHENTICATE, SIGN, request));
  }

  @Check({"GU12", "SU10"})
  void doesNotKnowAKeyHandleOfAnotherApplication() throws Exception {
    Bytes request = signData(CHALLENGE, register().keyHandle().bytes());
    expect("6a80", ask(AUTHENTICATE, CHECK_ONLY, request));
    expect("6a80", ask(AUTHENTICATE, SIGN, request));
  }

  @Check({"SU09"})
  void doesNotKnowAKeyHandleThatIsCutOff() throws Exception {
    Bytes whole = register().keyHandle().bytes();
    for (int length : new int[] {whole.length() / 2, whole.length() - 8}) {
      Bytes request = signData(APPLICATION, whole.slice(0, length));
      expect("6a80", ask(AUTHENTICATE, SIGN, request));
    }
  }

  @Check({"GU14", "GU16", "SU02"})
  void countsTouchedSignatures() throws Exception {
    RegistrationResponse registration = register();
    long counter = sign(registration).counter();
    assertEquals(counter + 1, sign(registration).counter());
  }

  @Check("SU07")
  void keepsAllRegistrationsAndTheCounterWithoutPower() throws Exception {
    List<RegistrationResponse> registrations = new ArrayList<>();
    long counter = 0;
    for (int i = 0; i < 5; i++) {
      registrations.add(register());
      counter = nextCounter(counter, registrations.get(i));
    }
    plugIn();
    touched = false;
    for (RegistrationResponse registration : registrations) {
      Bytes request = signData(APPLICATION, registration.keyHandle().bytes());
      expect("6985", ask(AUTHENTICATE, CHECK_ONLY, request));
      assertFalse(touched);
      counter = nextCounter(counter, registration);
    }
  }

  /** A counter in the wrong byte order would jump. */
  private long nextCounter(long last, RegistrationResponse registration) throws Exception {
    long counter = sign(registration).counter();
    assertTrue(last < counter && counter < last + 256 && counter < 0x8000_0000L);
    return counter;
  }
}
