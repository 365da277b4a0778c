import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lets a real browser use the key that is plugged into this machine: at a relying party that is this library, and then
 * on the account's pages, which share it with the terminal. One browser for both, since in a machine whose processor is
 * emulated it takes minutes until it asks its first key.
 */
final class PluggedIn {
  private PluggedIn() {}

  /** Arguments: a folder of its own, the page, what "u2f keys" calls the key. */
  public static void main(String[] args) {
    int status = 1;
    Path folder = Path.of(args[0]);
    try (Chromium chromium = new Chromium(folder)) {
      try (Site site = Site.localhost(Path.of(args[1]))) {
        new Browser(site, chromium)
            .tryOne("the key that is plugged in", new Cases(site)::pluggedIn);
      }
      BothFaces.meet(chromium, Files.createDirectory(folder.resolve("account")), args[2]);
      status = 0;
    } catch (Check.Failure | IOException e) {
      System.err.println("plugged in: " + e.getMessage());
    } catch (Exception e) {
      e.printStackTrace();
    }
    System.exit(status);
  }
}
