package org.u2f4j.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.u2f4j.Bytes;
import org.u2f4j.UserPublicKey;

class EcdsaEngineTest {
  /** Every engine that can be asked for. */
  enum Choice {
    JDK,
    BOUNCY_CASTLE,
    AMAZON("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider"),
    CONSCRYPT("org.conscrypt.OpenSSLProvider");

    private final String provider;

    Choice() {
      this("");
    }

    Choice(String provider) {
      this.provider = provider;
    }

    /** The engine; the test is skipped where a native one is not made for the platform. */
    EcdsaEngine engine() {
      return switch (this) {
        case JDK -> EcdsaEngine.jdk();
        case BOUNCY_CASTLE -> EcdsaEngine.bouncyCastle();
        default -> provided();
      };
    }

    private EcdsaEngine provided() {
      try {
        return EcdsaEngine.of(
            Class.forName(provider).asSubclass(Provider.class).getConstructor().newInstance());
      } catch (ReflectiveOperationException | LinkageError | IllegalArgumentException e) {
        boolean linux = System.getProperty("os.name").equals("Linux");
        if (linux && System.getProperty("os.arch").equals("amd64")) {
          throw new AssertionError(this + " is made for this platform", e);
        }
        return abort(this + " does not load on this platform: " + e);
      }
    }
  }

  private record Case(
      int number, UserPublicKey key, Bytes message, Bytes signature, boolean valid) {}

  private static List<Case> wycheproof() throws Exception {
    List<Case> tests = new ArrayList<>();
    UserPublicKey key = null;
    for (String line :
        Vectors.resource("wycheproof-ecdsa-p256-sha256.txt").lines().toList()) {
      String[] fields = line.split(" ", 5);
      if (fields[0].equals("key")) {
        key = UserPublicKey.decode(Samples.hex(fields[1]));
      } else if (!fields[0].equals("#")) {
        assertTrue(List.of("valid", "invalid").contains(fields[1]), line);
        tests.add(new Case(
            Integer.parseInt(fields[0]),
            key,
            Samples.hex(fields[2].replace("-", "")),
            Samples.hex(fields[3].replace("-", "")),
            fields[1].equals("valid")));
      }
    }
    return tests;
  }

  /** As {@link MessageVerifier} does it. */
  private static boolean verifies(EcdsaEngine engine, Case test) {
    try {
      EcdsaSignature.requireStrict(test.signature);
      return engine.verify(test.key, test.message, test.signature);
    } catch (VerificationException e) {
      assertEquals(Reason.MALFORMED_SIGNATURE, e.reason());
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyVerdictOfWycheproofIsKept(Choice choice) throws Exception {
    EcdsaEngine engine = choice.engine();
    List<Case> tests = wycheproof();
    List<Integer> wrong = tests.stream()
        .filter(test -> verifies(engine, test) != test.valid)
        .map(Case::number)
        .toList();
    if (choice == Choice.JDK && !wrong.isEmpty()) {
      // JDK 17 forgets that x of the point is reduced; one valid signature in 2^128 has such an x
      assertEquals(List.of(350, 479), wrong);
    } else {
      assertEquals(List.of(), wrong);
    }
    assertEquals(484, tests.size());
    assertEquals(174, tests.stream().filter(Case::valid).count());
    System.out.println(choice + ": " + tests.size() + " verdicts, " + engine.description());
  }

  @ParameterizedTest
  @EnumSource
  void anotherMessageKeyOrSignatureDoesNotFit(Choice choice) throws Exception {
    EcdsaEngine engine = choice.engine();
    TestKey key = TestKey.create(1);
    Bytes message = Bytes.utf8("message");
    Bytes signature = TestKey.sign(key.pair().getPrivate(), message);
    Bytes slice = Bytes.concat(message, signature).slice(0, message.length());
    for (int i = 0; i < 2; i++) { // the second time from the cache
      assertTrue(engine.verify(key.publicKey(), slice, signature));
      assertFalse(engine.verify(key.publicKey(), Bytes.utf8("Message"), signature));
      assertFalse(engine.verify(TestKey.create(2).publicKey(), message, signature));
      Bytes other = TestKey.sign(key.pair().getPrivate(), Bytes.EMPTY);
      assertFalse(engine.verify(key.publicKey(), message, other));
    }
  }

  @ParameterizedTest
  @EnumSource
  void noEngineRegistersItsProvider(Choice choice) {
    List<Provider> before = Arrays.asList(Security.getProviders());
    choice.engine();
    EcdsaEngine.best();
    assertEquals(before, Arrays.asList(Security.getProviders()));
  }

  @Test
  void theBestIsAmazonsWhereItLoadsAndSaysWhy() {
    String expected = Choice.AMAZON
        .engine()
        .description()
        .replace("chosen by the application", "found on the class path, known-answer test passed");
    assertTrue(expected.startsWith("AmazonCorrettoCryptoProvider "), expected);
    assertEquals(expected, EcdsaEngine.best().description());
  }

  @Test
  void anEngineNamesItself() {
    assertTrue(EcdsaEngine.jdk().description().matches("SunEC \\d+: chosen by the application"));
    assertEquals(
        "Bouncy Castle, lightweight API: chosen by the application",
        EcdsaEngine.bouncyCastle().description());
  }

  /** Answers every question in the same way. */
  public static final class Liar extends SignatureSpi {
    private static volatile String answer = "";

    /** A provider of nothing else. */
    static Provider provider(String fixed) {
      answer = fixed;
      Provider provider = new Provider("Liar", "1", "for a test") {
        private static final long serialVersionUID = 1;
      };
      provider.put("Signature.SHA256withECDSA", Liar.class.getName());
      Provider jdk = Security.getProvider("SunEC");
      provider.put("KeyFactory.EC", jdk.getService("KeyFactory", "EC").getClassName());
      return provider;
    }

    @Override
    protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
      if (answer.equals("key")) {
        throw new InvalidKeyException("for a test");
      }
    }

    @Override
    protected void engineUpdate(byte data) {}

    @Override
    protected void engineUpdate(byte[] data, int offset, int length) {}

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
      if (answer.equals("throw")) {
        throw new SignatureException("for a test");
      }
      return answer.equals("true");
    }

    @Override
    protected void engineInitSign(PrivateKey key) {}

    @Override
    protected byte[] engineSign() {
      return new byte[0];
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {}

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException(name);
    }
  }

  @Test
  void aProviderThatLiesIsRefused() throws Exception {
    for (String answer : List.of("true", "false", "throw", "key")) {
      Provider liar = Liar.provider(answer);
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> EcdsaEngine.of(liar), answer);
      assertTrue(refusal.getMessage().contains("Liar"));
    }
    Provider liar = Liar.provider("true");
    Signature signature = Signature.getInstance("SHA256withECDSA", liar);
    signature.initVerify(TestKey.create(1).pair().getPublic());
    assertTrue(signature.verify(new byte[1])); // it does lie
    assertTrue(EngineChoice.passes(EcdsaEngine.jdk()));
  }

  @Test
  void aProviderOfNothingIsRefused() {
    Provider empty = new Provider("Empty", "1", "for a test") {
      private static final long serialVersionUID = 1;
    };
    assertThrows(IllegalArgumentException.class, () -> EcdsaEngine.of(empty));
    assertEquals(
        "no provider of SHA256withECDSA", new JcaEngine(empty, "for a test").description());
  }

  @Test
  void moreKeysThanTheCacheKeepsAreVerified() {
    EcdsaEngine engine = EcdsaEngine.bouncyCastle();
    Bytes message = Bytes.utf8("message");
    Stream.generate(() -> TestKey.create(1)).limit(3).forEach(key -> {
      Bytes signature = TestKey.sign(key.pair().getPrivate(), message);
      assertTrue(engine.verify(key.publicKey(), message, signature));
    });
  }
}
