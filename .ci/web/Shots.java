import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks at each page once, in light and dark and as wide as a phone: keeps pictures, and asks axe for faults. */
final class Shots {
  private static final int PHONE = 360;

  private final Path folder;
  private final String axe;
  private final Set<String> seen = new HashSet<>();

  Shots(Path folder, Path axe) throws Exception {
    this.folder = Files.createDirectories(folder);
    this.axe = Files.readString(axe);
  }

  int pages() {
    return seen.size();
  }

  void look(Walk walk, String name) throws Exception {
    if (!seen.add(name)) {
      throw new Check.Failure("two pages are called " + name);
    }
    size(walk, 1000, 800, false);
    for (String scheme : List.of("light", "dark")) {
      scheme(walk, scheme);
      // DevTools' own scripts may do what the page's policy forbids to the page
      walk.tab().run("(() => { if (!window.axe) { " + axe + " } })()");
      String faults = walk.ask(
          "axe.run().then((result) => result.violations.map((one) => one.id + ': ' + one.help + ': '"
              + " + one.nodes.map((node) => node.html).join(' ')).join('\\n'))");
      if (!faults.isEmpty()) {
        throw new Check.Failure("%s, %s: %s".formatted(name, scheme, faults));
      }
      shoot(walk, name + "-" + scheme);
    }
    scheme(walk, "light");
    size(walk, PHONE, 740, true);
    Check.equal(
        name + ", width on a phone",
        String.valueOf(PHONE),
        walk.ask("Math.max(document.documentElement.scrollWidth, innerWidth)"));
    shoot(walk, name + "-phone");
    walk.tab().command("Emulation.clearDeviceMetricsOverride", json -> {});
  }

  private static void size(Walk walk, int width, int height, boolean mobile) throws Exception {
    walk.tab().command("Emulation.setDeviceMetricsOverride", json -> {
      json.writeNumberField("width", width);
      json.writeNumberField("height", height);
      json.writeNumberField("deviceScaleFactor", 1);
      json.writeBooleanField("mobile", mobile);
    });
  }

  private static void scheme(Walk walk, String scheme) throws Exception {
    walk.tab().command("Emulation.setEmulatedMedia", json -> {
      json.writeArrayFieldStart("features");
      json.writeStartObject();
      json.writeStringField("name", "prefers-color-scheme");
      json.writeStringField("value", scheme);
      json.writeEndObject();
      json.writeEndArray();
    });
  }

  private void shoot(Walk walk, String name) throws Exception {
    Files.write(folder.resolve(name + ".png"), walk.tab().picture());
  }
}
