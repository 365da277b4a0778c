package org.u2f4j.verifier;

import java.security.Provider;
import org.u2f4j.Bytes;
import org.u2f4j.UserPublicKey;

/**
 * Verifies ECDSA signatures on P-256 with SHA-256. Engines differ in speed only: JDK 17's own takes
 * some twenty times as long as Amazon's or Conscrypt. None of them registers a security provider.
 *
 * <p>May be used by several threads at once.
 */
public interface EcdsaEngine {
  /**
   * Verifies.
   *
   * @param key the public key, a point on the curve
   * @param message what was signed, not hashed yet
   * @param signature strict DER of two numbers between 1 and the order of the curve; the caller has
   *     checked that
   * @return whether the signature fits
   */
  boolean verify(UserPublicKey key, Bytes message, Bytes signature);

  /**
   * Which engine this is and why it was chosen, for a log or a person.
   *
   * @return one line
   */
  String description();

  /**
   * The fastest one there is: Amazon's Corretto Crypto Provider, else Conscrypt, if the application
   * has it on its class path and it passes a known-answer test; else Bouncy Castle. Meant for
   * programs that live long: loading a native engine takes some tenths of a second.
   *
   * <p>To have one, add {@code software.amazon.cryptools:AmazonCorrettoCryptoProvider}, with a
   * classifier such as {@code linux-x86_64}, or {@code org.conscrypt:conscrypt-openjdk-uber} to the
   * application's dependencies; {@link #description()} tells which one was found.
   *
   * @return the engine
   */
  static EcdsaEngine best() {
    return EngineChoice.best();
  }

  /**
   * Bouncy Castle's lightweight API; keeps the tables of up to 1,024 keys that it met last.
   *
   * @return the engine
   */
  static EcdsaEngine bouncyCastle() {
    return new BouncyCastleEngine("chosen by the application");
  }

  /**
   * The Java platform's provider of choice. Starts fastest and is, on JDK 17, slowest: for commands
   * that verify a few signatures and end.
   *
   * @return the engine
   */
  static EcdsaEngine jdk() {
    return new JcaEngine(null, "chosen by the application");
  }

  /**
   * A provider that the application brings; it need not be registered.
   *
   * @param provider offers SHA256withECDSA and key factories for EC
   * @return the engine
   * @throws IllegalArgumentException if it fails a known-answer test
   */
  static EcdsaEngine of(Provider provider) {
    EcdsaEngine engine = new JcaEngine(provider, "chosen by the application");
    if (!EngineChoice.passes(engine)) {
      throw new IllegalArgumentException(
          "the security provider " + provider.getName() + " fails a known-answer test of ECDSA");
    }
    return engine;
  }
}
