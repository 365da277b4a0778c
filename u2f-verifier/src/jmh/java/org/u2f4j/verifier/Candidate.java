package org.u2f4j.verifier;

import java.security.Provider;
import java.security.Security;
import java.util.List;

/** Something that verifies messages. */
interface Candidate {
  /** Verifies one of the messages it was made with, and throws where the verdict is not "good". */
  interface Check {
    void verify(int index) throws Exception;
  }

  Check authentication(List<Message> messages) throws Exception;

  Check registration(List<Message> messages) throws Exception;

  /** Made in the JVM that measures it, whose providers it may change. */
  static Candidate of(String name) throws Exception {
    return switch (name) {
      case "u2f4j (no ECDSA)" -> Ours.withoutEcdsa(false);
      case "u2f4j (no ECDSA nor JSON)" -> Ours.withoutEcdsa(true);
      case "u2f4j (out of the box)" -> Ours.outOfTheBox();
      case "u2f4j (SunEC)" -> Ours.with(EcdsaEngine.jdk());
      case "u2f4j (Bouncy Castle)" -> Ours.with(EcdsaEngine.bouncyCastle());
      case "u2f4j (Corretto)" -> Ours.with(EcdsaEngine.of(provider("Corretto")));
      case "u2f4j (Conscrypt)" -> Ours.with(EcdsaEngine.of(provider("Conscrypt")));
      case "u2f4j WebAuthn (no ECDSA)" -> Ours.webAuthnWithoutEcdsa();
      case "u2f4j WebAuthn (out of the box)" -> Ours.webAuthn(null);
      case "u2f4j WebAuthn (Corretto)" -> Ours.webAuthn(EcdsaEngine.of(provider("Corretto")));
      case "raw (SunEC)" -> new Raw(provider("SunEC"));
      case "raw (Bouncy Castle)" -> new Raw(provider("Bouncy Castle"));
      case "raw (Corretto)" -> new Raw(provider("Corretto"));
      case "raw (Conscrypt)" -> new Raw(provider("Conscrypt"));
      case "u2flib-server" -> new U2fLib();
      case "u2flib-server (Bouncy Castle registered)" -> {
        Security.addProvider(provider("Bouncy Castle"));
        yield new U2fLib();
      }
      case "webauthn-server" -> new WebauthnServer();
      case "webauthn-server (Corretto first)" -> {
        Security.insertProviderAt(provider("Corretto"), 1);
        yield new WebauthnServer();
      }
      case "webauthn4j" -> new Webauthn4j();
      case "webauthn4j (Corretto first)" -> {
        Security.insertProviderAt(provider("Corretto"), 1);
        yield new Webauthn4j();
      }
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** By class name: not every class path has every provider. */
  static Provider provider(String engine) throws ReflectiveOperationException {
    return switch (engine) {
      case "SunEC" -> Security.getProvider("SunEC");
      case "Bouncy Castle" -> instance("org.bouncycastle.jce.provider.BouncyCastleProvider");
      case "Corretto" ->
        instance("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider");
      case "Conscrypt" -> instance("org.conscrypt.OpenSSLProvider");
      default -> throw new IllegalArgumentException(engine);
    };
  }

  private static Provider instance(String className) throws ReflectiveOperationException {
    return Class.forName(className).asSubclass(Provider.class).getConstructor().newInstance();
  }
}
