import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.u2f4j.verifier.VerificationException;

/** Lets a real browser register keys and sign in with them, at a relying party that is this library. */
final class Browser {
  interface Case {
    String run(Visit visit) throws Exception;
  }

  private final Site site;
  private final Chromium chromium;

  Browser(Site site, Chromium chromium) {
    this.site = site;
    this.chromium = chromium;
  }

  /** Arguments: a folder of its own, the page, a key store for HTTPS in PKCS#12, and its password. */
  public static void main(String[] args) {
    int status = 1;
    try (Site site = Site.https(Path.of(args[1]), Path.of(args[2]), args[3]);
        Chromium chromium = new Chromium(Path.of(args[0]))) {
      new Browser(site, chromium).tryAll(new Cases(site));
      status = 0;
    } catch (Check.Failure | IOException e) {
      System.err.println("browser: " + e.getMessage());
    } catch (Exception e) {
      e.printStackTrace();
    }
    System.exit(status);
  }

  private void tryAll(Cases cases) throws Exception {
    tryOne("register", cases::register);
    tryOne("sign in", cases::signIn);
    tryOne("excluded", cases::excluded);
    tryOne("two keys", cases::twoKeys);
    tryOne("registered with U2F", cases::registeredWithU2f);
    tryOne("our own client", cases::ownClient);
    tryOne("replay", cases::replay);
    tryOne("other challenge", cases::otherChallenge);
    tryOne("other origin", cases::otherOrigin);
    tryOne("frame", cases::frame);
    tryOne("newer key", cases::newerKey);
    tryOne("no attestation", cases::noAttestation);
  }

  void tryOne(String name, Case test) throws Exception {
    long start = System.nanoTime();
    String seen;
    try (Tab tab = chromium.open(site.origin)) {
      seen = test.run(new Visit(site, tab, name));
    } catch (Check.Failure e) {
      throw new Check.Failure(name + ": " + e.getMessage());
    } catch (VerificationException e) {
      throw new Check.Failure("%s: refused as %s: %s".formatted(name, e.reason(), e.getMessage()));
    } catch (IOException | CompletionException e) {
      throw new Check.Failure(
          "%s: %s; Chromium's log ends with:%n%s".formatted(name, e, chromium.log()));
    }
    System.out.printf("%5d ms  %s: %s%n", (System.nanoTime() - start) / 1_000_000, name, seen);
  }
}
