package org.u2f4j.examples.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.u2f4j.apdu.Deadline;
import org.u2f4j.soft.SoftwareKey;

/** Processes that add, use and remove keys, and are killed while they do. */
final class Killing {
  /** How many: as the property "u2f4j.kills" says, else a few. */
  private static final int KILLS = Integer.getInteger("u2f4j.kills", 3);

  private static final String EMAIL = "killed@example.org";
  private static final String BASE = "base";

  private Killing() {}

  static void run(String address, Path folder) throws Exception {
    InstantSource clock = InstantSource.system();
    CountingHash hash = new CountingHash();
    Path soft = folder.resolve("killed.key");
    Random random = new Random(6);
    Set<String> expected = new HashSet<>(Set.of(BASE));
    int added = 0;
    try (Accounts accounts = Accounts.open(AccountFixture.settings(address, folder, clock), hash)) {
      Person person = Person.create(accounts, EMAIL);
      person.add(BASE, key(soft));
      for (int kill = 0; kill < KILLS; kill++) {
        Process child = start(address, folder, soft, "k" + kill + "-");
        List<String> said = new ArrayList<>();
        BufferedReader output = child.inputReader();
        while (said.size() < 2) {
          String line = output.readLine();
          assertTrue(line != null, "the child ended by itself, having said " + said);
          said.add(line);
        }
        Thread.sleep(random.nextInt(100));
        child.toHandle().destroyForcibly(); // that of the process itself would close our end, too
        output.lines().forEach(said::add);
        child.waitFor();

        Set<String> doubtful = new HashSet<>(); // begun, and nobody heard whether it was done
        for (String line : said) {
          String name = line.substring(line.indexOf(' ') + 1);
          switch (line.substring(0, line.indexOf(' '))) {
            case "adding", "removing" -> doubtful.add(name);
            case "added" -> {
              doubtful.remove(name);
              expected.add(name);
              added++;
            }
            case "removed" -> {
              doubtful.remove(name);
              expected.remove(name);
            }
            default -> { // the last line was cut off
            }
          }
        }
        person.signIn(key(soft)); // the account is whole: it can be used
        Set<String> names = new HashSet<>();
        accounts.keys().list(person.session).forEach(one -> names.add(one.name()));
        assertEquals(
            Sql.one(address, "SELECT count(*) FROM u2f_registrations"),
            Sql.one(address, "SELECT count(*) FROM key_names"));
        assertEquals(
            String.valueOf(names.size()), Sql.one(address, "SELECT count(*) FROM key_names"));
        assertTrue(doubtful.size() <= 1, doubtful::toString);
        Set<String> certain = new HashSet<>(expected);
        certain.removeAll(doubtful);
        assertTrue(names.containsAll(certain), () -> certain + " lost from " + names);
        Set<String> possible = new HashSet<>(expected);
        possible.addAll(doubtful);
        assertTrue(possible.containsAll(names), () -> names + ", not more than " + possible);
        expected = names;
      }
    }
    System.out.printf("%s: %d kills, %d keys added%n", address.substring(5, 11), KILLS, added);
  }

  private static SoftwareKey key(Path file) throws Exception {
    return SoftwareKey.open(file, Deadline.after(Duration.ofSeconds(20)));
  }

  private static Process start(String address, Path folder, Path soft, String prefix)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Killing.class.getName(),
            address,
            folder.toString(),
            soft.toString(),
            prefix)
        .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
    return builder.start();
  }

  /** Signs in, then adds a key after the other, and removes all but the last two; says all of it. */
  public static void main(String[] arguments) throws Exception {
    InstantSource clock = InstantSource.system();
    AccountSettings settings = AccountFixture.settings(arguments[0], Path.of(arguments[1]), clock);
    try (Accounts accounts = Accounts.open(settings, new CountingHash())) {
      Person person = new Person(accounts, EMAIL);
      person.signIn(key(Path.of(arguments[2])));
      Deque<SecurityKey> others = new ArrayDeque<>(accounts.keys().list(person.session));
      others.removeIf(one -> one.name().equals(BASE));
      for (int i = 0; true; i++) {
        while (others.size() > 2) { // first, or those who were killed early fill the account
          SecurityKey oldest = others.remove();
          say("removing " + oldest.name());
          accounts.keys().remove(Person.CLIENT, person.session, oldest.id());
          say("removed " + oldest.name());
        }
        String name = arguments[3] + i;
        say("adding " + name);
        others.add(person.add(name, SoftwareKey.create()));
        say("added " + name);
      }
    }
  }

  private static void say(String what) {
    System.out.println(what);
    System.out.flush();
  }
}
