import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Compares a module with what is recorded in its src/api: its public API, and the jars it needs at run time.
 *
 * <p>Arguments: module directory, project version, runtime class path. With -Dapi.record it records instead.
 */
class Golden {
  public static void main(String[] args) throws IOException {
    Path module = Path.of(args[0]);
    Path classes = module.resolve("target/classes");
    List<String> jars = Arrays.stream(args[2].split(File.pathSeparator))
        .map(entry -> Path.of(entry))
        .filter(entry -> !entry.equals(classes))
        .map(entry -> entry.getFileName().toString().replace("-" + args[1], ""))
        .sorted()
        .toList();
    boolean same = check(module.resolve("src/api/runtime-dependencies.txt"), jars);
    if (Files.exists(classes.resolve("module-info.class"))) {
      same &= check(module.resolve("src/api/public-api.txt"), api(classes));
    }
    System.exit(same ? 0 : 1);
  }

  private static boolean check(Path file, List<String> now) throws IOException {
    if (Boolean.getBoolean("api.record")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, now.isEmpty() ? "" : String.join("\n", now) + "\n");
    }
    List<String> recorded = Files.exists(file) ? Files.readAllLines(file) : List.of();
    if (recorded.equals(now)) {
      return true;
    }
    System.err.println(file + " does not say what the build made:");
    List<String> gone = new ArrayList<>(withOwner(recorded));
    gone.removeAll(withOwner(now));
    gone.forEach(line -> System.err.println("  - " + line));
    List<String> added = new ArrayList<>(withOwner(now));
    added.removeAll(withOwner(recorded));
    added.forEach(line -> System.err.println("  + " + line));
    System.err.println(
        "If that is meant, record it and commit the file: ./mvnw verify -Dapi.record");
    return false;
  }

  private static List<String> withOwner(List<String> lines) {
    List<String> result = new ArrayList<>();
    String owner = "";
    for (String line : lines) {
      owner = line.startsWith(" ") ? owner : line;
      result.add(line.startsWith(" ") ? owner + " :: " + line.strip() : line);
    }
    return result;
  }

  /** What javap prints of the exported packages, sorted, so that only a change of the API changes it. */
  private static List<String> api(Path classes) throws IOException {
    List<String> command = new ArrayList<>(List.of("-protected", "-constants"));
    command.add(classes.resolve("module-info.class").toString());
    ModuleReference module = ModuleFinder.of(classes).findAll().iterator().next();
    for (var exported : module.descriptor().exports()) {
      if (exported.isQualified()) {
        continue; // our own modules' business
      }
      try (Stream<Path> files = Files.list(classes.resolve(exported.source().replace('.', '/')))) {
        files.map(Path::toString).filter(name -> name.endsWith(".class")).forEach(command::add);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out);
    if (ToolProvider.findFirst("javap")
            .orElseThrow()
            .run(print, print, command.toArray(String[]::new))
        != 0) {
      throw new IOException(out.toString());
    }
    TreeMap<String, TreeSet<String>> types = new TreeMap<>();
    TreeSet<String> members = new TreeSet<>();
    for (String line : out.toString().lines().toList()) {
      if (line.endsWith("{")) {
        members = new TreeSet<>();
        if (line.matches("(public|protected|open|module) .*")) {
          types.put(line.replaceFirst("@\\S+", "").replaceFirst(" *\\{$", ""), members);
        }
      } else if (line.startsWith("  ")) {
        members.add("  " + line.strip().replaceFirst(";$", ""));
      }
    }
    List<String> lines = new ArrayList<>();
    types.forEach((type, its) -> {
      lines.add(type);
      lines.addAll(its);
    });
    return lines;
  }
}
