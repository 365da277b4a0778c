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
      case "u2f4j (out of the box)" -> new Ours("best");
      case "u2f4j (SunEC)" -> new Ours("SunEC");
      case "u2f4j (Bouncy Castle)" -> new Ours("Bouncy Castle");
      case "u2f4j (Corretto)" -> new Ours("Corretto");
      case "u2f4j (Conscrypt)" -> new Ours("Conscrypt");
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
