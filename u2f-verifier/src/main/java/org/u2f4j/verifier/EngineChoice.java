package org.u2f4j.verifier;

import java.lang.System.Logger.Level;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import org.u2f4j.Bytes;
import org.u2f4j.FormatException;
import org.u2f4j.UserPublicKey;

/** Finds the fastest engine. Each candidate first proves that it knows right from wrong. */
final class EngineChoice {
  private static final String AMAZON =
      "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
  private static final String CONSCRYPT = "org.conscrypt.OpenSSLProvider";
  private static final System.Logger LOGGER = System.getLogger(EngineChoice.class.getName());

  private EngineChoice() {}

  static EcdsaEngine best() {
    List<String> failures = new ArrayList<>();
    for (String provider : List.of(AMAZON, CONSCRYPT)) {
      String name = provider.substring(provider.lastIndexOf('.') + 1);
      try {
        Class<?> type = Class.forName(provider);
        Provider instance = (Provider) type.getConstructor().newInstance();
        EcdsaEngine engine =
            new JcaEngine(instance, "found on the class path, known-answer test passed");
        if (passes(engine)) {
          return engine;
        }
        failures.add(name + " fails the known-answer test");
      } catch (ClassNotFoundException e) {
        failures.add(name + " is not on the class path");
      } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
        LOGGER.log(Level.DEBUG, "cannot use " + provider, e);
        failures.add(name + " cannot be loaded");
      }
    }
    return new BouncyCastleEngine(String.join(", ", failures));
  }

  /**
   * Whether an engine accepts a published signature (RFC 6979, A.2.5, "sample" with SHA-256), and
   * refuses it for another message.
   */
  static boolean passes(EcdsaEngine engine) {
    try {
      UserPublicKey key = UserPublicKey.decode(Bytes.fromHex("04"
          + "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
          + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"));
      Bytes signature = Bytes.fromHex("3046"
          + "022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
          + "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
      return engine.verify(key, Bytes.utf8("sample"), signature)
          && !engine.verify(key, Bytes.utf8("Sample"), signature);
    } catch (FormatException e) {
      throw new IllegalStateException("the known answer is written wrong", e);
    } catch (RuntimeException | LinkageError e) {
      LOGGER.log(Level.DEBUG, "the known-answer test fails", e);
      return false;
    }
  }
}
